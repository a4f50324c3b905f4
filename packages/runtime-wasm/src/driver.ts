// driver: WebAssembly as a target
import type { Driver, WasmDefinitionData, WasmProgramData } from '@tsjit/host'
import { compileModule } from './compile-module.ts'
import { WasmSession } from './session.ts'

/** The driver of WebAssembly. */
export const wasm: Driver<WasmProgramData> = {
  target: 'wasm',
  // The definition of a module for this target has the module.
  open: (request) =>
    Promise.resolve(new WasmSession(compileModule((request.data as WasmDefinitionData).module), request)),
}

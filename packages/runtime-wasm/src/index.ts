// The WebAssembly runtime: what a compiled module imports.
//
// Importing does nothing, so modules that use it can be loaded on a server.
import { createDefinition, type Definition, type WasmDefinitionData } from '@tsjit/host'
import { wasm } from './driver.ts'

export { TsjitError } from '@tsjit/host'

/** Returns the definition of a compiled model that runs in WebAssembly. */
export function program(data: WasmDefinitionData): Definition {
  return createDefinition(data, wasm)
}

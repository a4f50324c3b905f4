// The WebAssembly runtime: what a compiled module imports.
//
// Importing does nothing, so modules that use it can be loaded on a server.
import { createDefinition, type Definition, type LoadOptions, quicken, type WasmDefinitionData } from '@tsjit/host'
import { wasm } from './driver.ts'
import { WasmSession } from './session.ts'

export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'

/** Returns the definition of a compiled model that runs in WebAssembly. */
export function program(data: WasmDefinitionData): Definition {
  return {
    name: data.name,
    async load(options: LoadOptions = {}) {
      // A device of the app's own is for work on it.
      if (options?.device && !options.target && data.webgpu) return (await data.webgpu()).load(options)
      let session: Awaited<ReturnType<typeof wasm.open>> | undefined
      const open: typeof wasm.open = async (request) => (session = await wasm.open(request))
      const instance = await createDefinition(data, { ...wasm, open }).load(options)
      const mode = options?.mode ?? 'eval'
      const chosen = data.programs[mode]
      // Every call may be of another program, or takes and leaves more than the app sees.
      if (!(session instanceof WasmSession) || !chosen || data.many) return instance
      return quicken(instance, session, chosen)
    },
  }
}

// program: what the compiler emits -> a model
import { createDefinition, type Definition, type LoadOptions, quicken, type WasmDefinitionData } from '@tsjit/host'
import { wasm } from './driver.ts'
import { WasmSession } from './session.ts'

/** Returns the definition of a compiled model that runs in WebAssembly. */
export function program(data: WasmDefinitionData, driver: typeof wasm = wasm): Definition {
  return {
    name: data.name,
    async load(options: LoadOptions = {}) {
      // A device of the app's own is for work on it.
      if (options?.device && !options.target && data.webgpu) return (await data.webgpu()).load(options)
      let session: Awaited<ReturnType<typeof wasm.open>> | undefined
      const open: typeof wasm.open = async (request) => (session = await driver.open(request))
      const instance = await createDefinition(data, { ...driver, open }).load(options)
      const mode = options?.mode ?? 'eval'
      const chosen = data.programs[mode]
      // Every call may be of another program, or takes and leaves more than the app sees.
      if (!(session instanceof WasmSession) || !chosen || data.many) return instance
      return quicken(instance, session, chosen)
    },
  }
}

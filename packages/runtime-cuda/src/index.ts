// The CUDA runtime: what a compiled module imports.
//
// Importing does nothing and needs no GPU: the driver is looked for at the first load.
import { createDefinition, type CudaDefinitionData, type Definition, quicken } from '@tsjit/host'
import { cuda } from './driver.ts'
import { CudaSession } from './program/session.ts'

export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'

/** Returns the definition of a compiled model that runs on CUDA. */
export function program(data: CudaDefinitionData): Definition {
  return {
    name: data.name,
    async load(options = {}) {
      let session: Awaited<ReturnType<typeof cuda.open>> | undefined
      const open: typeof cuda.open = async (request) => (session = await cuda.open(request))
      const instance = await createDefinition(data, { ...cuda, open }).load(options)
      const chosen = data.programs[options.mode ?? 'eval']
      // Every call may be of another program, or takes and leaves more than the app sees.
      if (!(session instanceof CudaSession) || !chosen || data.many) return instance
      return quicken(instance, session, chosen)
    },
  }
}

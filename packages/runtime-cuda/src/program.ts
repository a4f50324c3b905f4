// program: what the compiler emits -> a model
import { createDefinition, type CudaDefinitionData, type Definition, quicken } from '@tsjit/host'
import { cuda } from './driver.ts'
import { CudaSession } from './program/session.ts'

/** Returns the definition of a compiled model that runs on CUDA. */
export function program(data: CudaDefinitionData, driver: typeof cuda = cuda): Definition {
  return {
    name: data.name,
    async load(options = {}) {
      let session: Awaited<ReturnType<typeof cuda.open>> | undefined
      const open: typeof cuda.open = async (request) => (session = await driver.open(request))
      const instance = await createDefinition(data, { ...driver, open }).load(options)
      const chosen = data.programs[options.mode ?? 'eval']
      // Every call may be of another program, or takes and leaves more than the app sees.
      if (!(session instanceof CudaSession) || !chosen || data.many) return instance
      return quicken(instance, session, chosen)
    },
  }
}

// profile: models whose launches are timed
import { type CudaDefinitionData, type Definition, profiled } from '@tsjit/host'
import { cuda, open } from './driver.ts'
import { program } from './program.ts'

/** Returns the definition of a compiled model that runs on CUDA and can be profiled. */
export function profiledProgram(data: CudaDefinitionData): Definition {
  return profiled(data.name, (laps) => program(data, { ...cuda, trial: laps, open: (request) => open(request, laps) }))
}

// The CUDA runtime: what a compiled module imports.
//
// Importing does nothing and needs no GPU: the driver is looked for at the first load.
import { createDefinition, type CudaProgramData, type Definition, type DefinitionData } from '@tsjit/host'
import { cuda } from './driver.ts'

export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'

/** Returns the definition of a compiled model that runs on CUDA. */
export function program(data: DefinitionData<CudaProgramData>): Definition {
  return createDefinition(data, cuda)
}

// The WebGPU runtime: what a compiled module imports.
//
// Importing does nothing, so modules that use it can be loaded on a server.
import { createDefinition, type Definition, type DefinitionData, type WebgpuProgramData } from '@tsjit/host'
import { webgpu } from './driver.ts'

export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'
export { profiledProgram } from './profile.ts'
export { halfStorage } from './half-storage.ts'
export { specialRun } from './special-run.ts'

/** Returns the definition of a compiled model that runs on WebGPU. */
export function program(data: DefinitionData<WebgpuProgramData>): Definition {
  return createDefinition(data, webgpu)
}

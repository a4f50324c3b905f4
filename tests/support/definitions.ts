// definitions: what a compiled module hands to its runtime -> a model, on each target

import type { CodegenTarget } from '@tsjit/compiler'
import type { Definition, DefinitionData } from '@tsjit/host'
import { profiledProgram as profiledCuda, program as cudaDefinition } from '@tsjit/runtime-cuda'
import { profiledProgram as profiledWasm, program as wasmDefinition } from '@tsjit/runtime-wasm'
import { profiledProgram as profiledWebgpu, program as webgpuDefinition } from '@tsjit/runtime-webgpu'

/** A target and a device of it, for those that take one. */
export interface Built {
  readonly target: CodegenTarget
  readonly device?: GPUDevice | number | undefined
}

type Data = DefinitionData<unknown>

/** Returns the model of data that the compiler made for this target. */
export const definitionOf: { readonly [T in CodegenTarget]: (data: Data) => Definition } = {
  wasm: (data) => wasmDefinition(data as Parameters<typeof wasmDefinition>[0]),
  webgpu: (data) => webgpuDefinition(data as Parameters<typeof webgpuDefinition>[0]),
  cuda: (data) => cudaDefinition(data as Parameters<typeof cudaDefinition>[0]),
}

/** The same, of data that the compiler made to be profiled. */
export const profiledOf: { readonly [T in CodegenTarget]: (data: Data) => Definition } = {
  wasm: (data) => profiledWasm(data as Parameters<typeof profiledWasm>[0]),
  webgpu: (data) => profiledWebgpu(data as Parameters<typeof profiledWebgpu>[0]),
  cuda: (data) => profiledCuda(data as Parameters<typeof profiledCuda>[0]),
}

/** A runtime that hands back what it is given. */
export const runtimeText = `export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'
export { halfStorage, specialRun } from '@tsjit/runtime-webgpu'
export const program = (data) => data
export const profiledProgram = program
`

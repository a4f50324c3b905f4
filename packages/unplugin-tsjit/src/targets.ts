// targets: what modules are compiled for

import type { CodegenTarget } from '@tsjit/compiler'

/** Every target that there is a compiler for, and the package that runs its programs. */
export const runtimes: { readonly [T in CodegenTarget]: string } = {
  webgpu: '@tsjit/runtime-webgpu',
  wasm: '@tsjit/runtime-wasm',
  cuda: '@tsjit/runtime-cuda',
}

/** The targets. */
export const targets: readonly CodegenTarget[] = Object.keys(runtimes) as CodegenTarget[]

/** What a module is asked for as: what the build makes first, or one of its forms. */
export type Form = 'main' | 'eager' | CodegenTarget

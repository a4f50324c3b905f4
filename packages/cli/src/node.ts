// node: `.tsjit` modules in Node, without a bundler
//
// Module hooks compile what is imported, in a thread of their own; what comes out is an ordinary ES module.

import { register } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Target } from '@tsjit/host'
import type { CudaOptions } from 'unplugin-tsjit/api'

let isRegistered = false

/** Lets this process import `.tsjit` modules from now on. Calling it again does nothing. */
export function registerHooks(): void {
  if (isRegistered) return
  isRegistered = true
  register(import.meta.resolve('tsjit/hooks'))
}

/** Options of `importModule`. */
export interface ImportOptions {
  /** Where its models run unless `load` says otherwise: compiled for `webgpu`, `wasm` or `cuda`, or `eager` for plain TypeScript. */
  readonly target?: Target
  /** The modes that `load` may ask for; default: eval only. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** For CUDA, as the option of the plugin. */
  readonly cuda?: CudaOptions
}

/**
 * Imports a `.tsjit` module by its path, relative to the current folder, or by a file URL. Rejects with all errors of
 * the module.
 */
export async function importModule(
  path: string | URL,
  { target = 'webgpu', modes = ['eval'], cuda = {} }: ImportOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  registerHooks()
  const url = new URL(path instanceof URL || path.startsWith('file:') ? path : pathToFileURL(resolve(path)))
  if (target !== 'webgpu') url.searchParams.set(target, '')
  if (target !== 'eager' && modes.includes('train')) url.searchParams.set('train', '')
  if (target === 'cuda' && cuda.tf32 === true) url.searchParams.set('tf32', '')
  if (target === 'cuda') for (const each of cuda.architectures ?? []) url.searchParams.append('architecture', each)
  return (await import(url.href)) as Readonly<Record<string, unknown>>
}

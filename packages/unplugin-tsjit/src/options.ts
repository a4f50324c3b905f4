// options: what a user may pass to the plugin
//
// All optional. Unknown names and wrong values are refused at once, with the nearest name that exists.

import type { CodegenTarget, Diagnostic } from '@tsjit/compiler'
import type { Compiler } from './compiler.ts'
import { isArchitecture } from './ptxas.ts'
import { targets } from './targets.ts'

/** Where generated declarations go. Both folders are absolute or relative to the project's root. */
export interface TypesOptions {
  /** The folder whose layout is mirrored; also the first entry of `rootDirs`. Default: the project's root. */
  readonly root?: string
  /** The folder of the mirror. Default: `.tsjit/types` in `root`. */
  readonly out?: string
}

/** What is particular to CUDA. */
export interface CudaOptions {
  /**
   * Architectures to ship machine code for, as `['sm_90']`; other devices take the PTX. Needs `ptxas`. `'sm_90a'` ships PTX
   * with Hopper's own matrix instructions for products of halves, and needs nothing. Default: none.
   */
  readonly architectures?: readonly string[]
  /** Round the factors of products of f32 to tf32 (ten bits of mantissa), which is many times as fast. Default: false. */
  readonly tf32?: boolean
}

/** Options of the plugin. */
export interface Options {
  /** Names in the emitted kernels. Default: `readable` while developing, `minified` for production. */
  readonly names?: 'readable' | 'minified'
  /**
   * What to compile for. The first is what a page loads; a second one is fetched where the first is not to be had.
   * Default: `['webgpu', 'wasm']`, the other way round for models that a GPU would start more slowly than a CPU
   * computes them (`tsjit explain` shows the estimate). `'cuda'` is for Node on NVIDIA GPUs and needs `@tsjit/runtime-cuda`.
   */
  readonly targets?: readonly CodegenTarget[]
  /** For the target `'cuda'`. */
  readonly cuda?: CudaOptions
  /** The modes to compile. Default: what the compiler finds the app to need. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** Keep `print` and `check` in compiled models. Default: while developing, and never in production. */
  readonly checks?: boolean
  /** Let `instance.profile()` measure kernels. Default: while developing, and never in production. */
  readonly profile?: boolean
  /** Offer `target: 'eager'` as a separate chunk, fetched only when asked for. Default: true. */
  readonly eager?: boolean
  /** Swap models in the running page when their file changes. Default: true while developing. */
  readonly hmr?: boolean
  /** Write a declaration for every compiled module. Default: true. */
  readonly types?: boolean | TypesOptions
}

const values: Readonly<Record<keyof Options, readonly [expected: string, isValid: (value: unknown) => boolean]>> = {
  names: ["'readable' or 'minified'", (value) => value === 'readable' || value === 'minified'],
  targets: [
    `an array of ${new Intl.ListFormat('en-GB').format(targets.map((target) => `'${target}'`))}`,
    (value) => Array.isArray(value) && value.length > 0 && value.every(isTarget),
  ],
  cuda: ["{ architectures, tf32 }: an array of names such as 'sm_90', true or false", isCuda],
  modes: ["an array of 'eval' and 'train'", (value) => Array.isArray(value) && value.every(isMode)],
  checks: ['true or false', isBoolean],
  profile: ['true or false', isBoolean],
  eager: ['true or false', isBoolean],
  hmr: ['true or false', isBoolean],
  types: ['true, false or { root, out }', (value) => isBoolean(value) || (typeof value === 'object' && value !== null)],
}

/** Throws where an option is unknown (config_unknown) or has a value that it does not take (config_invalid). */
export function checkOptions(compiler: Compiler, options: Options): void {
  for (const [option, value] of Object.entries(options)) {
    const row = values[option as keyof Options]
    if (row === undefined) {
      const near = compiler.didYouMean(option, Object.keys(values))
      const help = near === undefined ? `the options are ${Object.keys(values).join(', ')}` : `did you mean ${near}?`
      throw fault(compiler, compiler.createDiagnostic('config_unknown', nowhere, { option }, { help }))
    }
    const [expected, isValid] = row
    if (value === undefined || isValid(value)) continue
    const got = JSON.stringify(value)
    throw fault(compiler, compiler.createDiagnostic('config_invalid', nowhere, { option, expected, got }))
  }
  const { cuda, targets: chosen = [] } = options
  if (cuda === undefined || chosen.includes('cuda')) return
  const params = {
    option: 'targets',
    expected: "an array with 'cuda', for the option cuda",
    got: JSON.stringify(chosen),
  }
  throw fault(compiler, compiler.createDiagnostic('config_invalid', nowhere, params))
}

const nowhere = { file: 'tsjit()', start: 0, end: 0 }

function fault(compiler: Compiler, diagnostic: Diagnostic): Error {
  const error = new TypeError(compiler.renderDiagnostic(diagnostic, new Map()))
  return Object.assign(error, { code: diagnostic.code })
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

const cudaValues: Readonly<Record<keyof CudaOptions, (value: unknown) => boolean>> = {
  architectures: (value) => Array.isArray(value) && value.every(isArchitecture),
  tf32: isBoolean,
}

function isCuda(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([name, own]) => cudaValues[name as keyof CudaOptions]?.(own) ?? false)
}

function isTarget(value: unknown): boolean {
  return targets.some((target) => target === value)
}

function isMode(value: unknown): boolean {
  return value === 'eval' || value === 'train'
}

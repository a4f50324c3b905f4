// kernels-of: a compilation -> the texts of its kernels
//
// PTX is at hand; for WGSL it runs the module with a runtime that only hands back what it is given; no device is touched.

import type { CompileResult } from '@tsjit/compiler'

/** Kernels as text. */
export interface KernelText {
  /** A name for a file of it: `digits-0.wgsl`, `digits.ptx`. */
  readonly name: string
  readonly text: string
}

interface EmittedProgram {
  readonly kernels?: readonly { readonly code?: string }[]
  readonly stages?: readonly EmittedProgram[]
}

interface EmittedModel {
  readonly programs?: Readonly<Record<string, EmittedProgram | undefined>>
}

const runtime = `export const program = (definition) => definition
export const profiledProgram = program
export class TsjitError extends Error {}
export const [hostCalls, manyPrograms, specialRun] = []
export const halfStorage = () => undefined
`

/** Returns the kernels of all models of a module, evaluation before training; `name` is that of the module. */
export async function kernelsOf(
  { code, cuda }: Pick<CompileResult, 'code' | 'cuda'>,
  name: string,
): Promise<readonly KernelText[]> {
  // One for all models of a file.
  if (cuda !== undefined) {
    const own = cuda.variants.map(({ architecture, ptx }) => ({ name: `${name}.${architecture}.ptx`, text: ptx }))
    return [{ name: `${name}.ptx`, text: cuda.ptx }, ...own]
  }
  const module = code.replaceAll(/(['"])@tsjit\/(?:runtime-\w+|host)\1/g, JSON.stringify(dataUrl(runtime)))
  const exports = (await import(/* @vite-ignore */ dataUrl(module))) as Readonly<
    Record<string, EmittedModel | undefined>
  >
  return Object.entries(exports).flatMap(([model, definition]) =>
    Object.values(definition?.programs ?? {})
      .flatMap((program) => (program === undefined ? [] : kernelsIn(program)))
      .flatMap(({ code: text }, index) => (text === undefined ? [] : [{ name: `${model}-${index}.wgsl`, text }])),
  )
}

function kernelsIn({ kernels = [], stages = [] }: EmittedProgram): NonNullable<EmittedProgram['kernels']> {
  return [...kernels, ...stages.flatMap(kernelsIn)]
}

function dataUrl(code: string): string {
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
}

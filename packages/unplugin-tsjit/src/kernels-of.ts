// kernels-of: an emitted module -> the texts of its kernels
//
// Runs the module with a runtime that only hands back what it is given; no device is touched.

/** One kernel of a model. */
export interface KernelText {
  readonly model: string
  readonly index: number
  readonly wgsl: string
}

interface EmittedProgram {
  readonly kernels?: readonly { readonly code: string }[]
  readonly stages?: readonly EmittedProgram[]
}

interface EmittedModel {
  readonly programs?: Readonly<Record<string, EmittedProgram | undefined>>
}

const runtime = `export const program = (definition) => definition
export class TsjitError extends Error {}
export const [hostCalls, manyPrograms, specialRun] = []
export const halfStorage = () => undefined
`

/** Returns the kernels of all models of a module, evaluation before training. */
export async function kernelsOf(code: string): Promise<readonly KernelText[]> {
  const module = code.replaceAll(/(['"])@tsjit\/(?:runtime-webgpu|host)\1/g, JSON.stringify(dataUrl(runtime)))
  const exports = (await import(/* @vite-ignore */ dataUrl(module))) as Readonly<
    Record<string, EmittedModel | undefined>
  >
  return Object.entries(exports).flatMap(([model, definition]) =>
    Object.values(definition?.programs ?? {})
      .flatMap((program) => (program === undefined ? [] : kernelsIn(program)))
      .map(({ code: wgsl }, index) => ({ model, index, wgsl })),
  )
}

function kernelsIn({ kernels = [], stages = [] }: EmittedProgram): readonly { readonly code: string }[] {
  return [...kernels, ...stages.flatMap(kernelsIn)]
}

function dataUrl(code: string): string {
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
}

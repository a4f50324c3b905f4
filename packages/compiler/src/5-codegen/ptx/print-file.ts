// print-file: plans -> one PTX module

import type { Span } from '../../base/span.ts'
import type { CudaProgram, PlacedPlan, PrintedCubin, PrintedFile } from '../../ir/plan/printed-program.ts'
import { type NotedEntry, printPtxModule } from './print-module.ts'
import { printPtx } from './print-ptx.ts'
import { type SourcePlace, sourceNotes } from './source-notes.ts'

/** How to print. */
export interface FileOptions {
  readonly names: 'readable' | 'minified'
  /** Returns the place of a span; notes are for readable names only. */
  readonly placeOf: (span: Span) => SourcePlace
  /** What to name machine code for. Default: nothing; other targets than CUDA have none. */
  readonly architectures?: readonly string[]
  /** Whether programs say what they launch, where the runtime does not launch it. Default: false. */
  readonly profile?: boolean
}

/** Prints the kernels of all plans as one module. */
export async function printPtxFile(
  plans: readonly PlacedPlan[],
  { names: style, placeOf, architectures = [] }: FileOptions,
): Promise<PrintedFile> {
  const entries = plans.map(({ plan }): readonly NotedEntry[] => {
    const notes = style === 'readable' ? sourceNotes(plan, placeOf) : []
    return plan.kernels.map((kernel, i) => {
      const own = notes[i]
      return { entry: printPtx(kernel, style), ...(own && { notes: own }) }
    })
  })
  const { ptx, names } = printPtxModule(entries.flat(), style)
  let next = 0
  const programs = entries.map((own): CudaProgram => {
    const kernels = own.map(({ entry: { block, buffers, uniform, cooperative, shared } }) => {
      return { entry: names[next++] ?? '', block, buffers, uniform, cooperative, shared }
    })
    return { target: 'cuda', kernels }
  })
  return {
    module: { target: 'cuda', ptx, cubins: plans.length === 0 ? [] : architectures.map(cubinOf) },
    assets: [],
    programs,
    codeBytes: entries.map((own) => own.reduce((bytes, { entry }) => bytes + entry.text(entry.name).length, 0)),
  }
}

function cubinOf(architecture: string): PrintedCubin {
  return { architecture, suffix: `.${architecture}.cubin`, placeholder: `__TSJIT_CUBIN_${architecture}__` }
}

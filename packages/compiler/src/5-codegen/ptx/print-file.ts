// print-file: plans -> one PTX module, and one more for each architecture that has more than the others

import { invariant } from '../../base/invariant.ts'
import type { Span } from '../../base/span.ts'
import type { CudaProgram, PlacedPlan, PrintedCubin, PrintedFile, PtxVariant } from '../../ir/plan/printed-program.ts'
import type { Plan } from '../../ir/plan/plan.ts'
import { type NotedEntry, type PtxModule, printPtxModule } from './print-module.ts'
import { type PtxEntry, printPtx } from './print-ptx.ts'
import { type SourcePlace, sourceNotes } from './source-notes.ts'

/** How to print. */
export interface FileOptions {
  readonly names: 'readable' | 'minified'
  /** Returns the place of a span; notes are for readable names only. */
  readonly placeOf: (span: Span) => SourcePlace
  /** What to name machine code for. Default: nothing; other targets than CUDA have none. */
  readonly architectures?: readonly string[]
  /** The same plans, with kernels for one architecture. Default: none. */
  readonly variants?: readonly PlanVariant[]
  /** Whether programs say what they launch, where the runtime does not launch it. Default: false. */
  readonly profile?: boolean
}

/** Plans with kernels for one architecture, which are launched as those of other devices. */
export interface PlanVariant {
  /** `sm_90a`. */
  readonly architecture: string
  readonly plans: readonly Plan[]
}

/** Prints the kernels of all plans as one module. */
export async function printPtxFile(
  plans: readonly PlacedPlan[],
  { names: style, placeOf, architectures = [], variants = [] }: FileOptions,
): Promise<PrintedFile> {
  const entriesOf = (plan: Plan): readonly NotedEntry[] => {
    const notes = style === 'readable' ? sourceNotes(plan, placeOf) : []
    return plan.kernels.map((kernel, i) => {
      const own = notes[i]
      return { entry: printPtx(kernel, style), ...(own && { notes: own }) }
    })
  }
  const entries = plans.map(({ plan }) => entriesOf(plan))
  const { ptx, names } = printPtxModule(entries.flat(), style)
  let next = 0
  const programs = entries.map((own): CudaProgram => {
    const kernels = own.map(({ entry: { block, buffers, uniform, cooperative, shared } }) => {
      return { entry: names[next++] ?? '', block, buffers, uniform, cooperative, shared }
    })
    return { target: 'cuda', kernels }
  })
  return {
    module: {
      target: 'cuda',
      ptx,
      variants: variants.flatMap(({ architecture, plans: own }) => {
        const module = printVariant(entries.flat(), own.flatMap(entriesOf), names, style)
        return module.architecture === architecture ? [{ architecture, ptx: module.ptx } satisfies PtxVariant] : []
      }),
      cubins: plans.length === 0 ? [] : architectures.map(cubinOf),
    },
    assets: [],
    programs,
    codeBytes: entries.map((own) => own.reduce((bytes, { entry }) => bytes + entry.text(entry.name).length, 0)),
  }
}

/** Prints entries in the place of others: under their names, and launched as they are. */
function printVariant(
  base: readonly NotedEntry[],
  entries: readonly NotedEntry[],
  names: readonly string[],
  style: 'readable' | 'minified',
): PtxModule {
  invariant(base.length === entries.length, `${entries.length} kernels in the place of ${base.length}`)
  const launchOf = ({ block, buffers, uniform, cooperative }: PtxEntry): string =>
    JSON.stringify([block, buffers, uniform, cooperative])
  base.forEach(({ entry }, i) => {
    const own = entries[i]?.entry
    const isAlike = own !== undefined && launchOf(own) === launchOf(entry) && own.shared <= entry.shared
    invariant(isAlike, `kernel ${entry.name} would be launched in another way`)
  })
  return printPtxModule(entries, style, names)
}

function cubinOf(architecture: string): PrintedCubin {
  return { architecture, suffix: `.${architecture}.cubin`, placeholder: `__TSJIT_CUBIN_${architecture}__` }
}

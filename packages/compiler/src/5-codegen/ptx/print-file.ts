// print-file: plans -> one PTX module

import type { CudaProgram, PlacedPlan, PrintedFile } from '../../ir/plan/printed-program.ts'
import { printPtxModule } from './print-module.ts'
import { printPtx } from './print-ptx.ts'

/** Prints the kernels of all plans as one module. */
export async function printPtxFile(
  plans: readonly PlacedPlan[],
  { names: style }: { readonly names: 'readable' | 'minified' },
): Promise<PrintedFile> {
  const entries = plans.map(({ plan }) => plan.kernels.map((kernel) => printPtx(kernel, style)))
  const { ptx, names } = printPtxModule(entries.flat(), style)
  let next = 0
  const programs = entries.map((own): CudaProgram => {
    const kernels = own.map(({ text: _text, name: _name, ...rest }) => ({ entry: names[next++] ?? '', ...rest }))
    return { target: 'cuda', kernels }
  })
  return {
    module: { target: 'cuda', ptx },
    assets: [],
    programs,
    codeBytes: entries.map((own) => own.reduce((bytes, entry) => bytes + entry.text(entry.name).length, 0)),
  }
}

// print-file: plans -> WGSL, kernel by kernel

import type { PlacedPlan, PrintedFile, WebgpuProgram } from '../../ir/plan/printed-program.ts'
import { variantsOf } from '../../ir/plan/variants.ts'
import { type PrintOptions, printWgsl } from './print-wgsl.ts'

/** Prints the kernels of each plan, once for each way that they are bound. */
export async function printWgslFile(
  plans: readonly PlacedPlan[],
  { names }: Pick<PrintOptions, 'names'>,
): Promise<PrintedFile> {
  const programs = plans.map(({ plan }): WebgpuProgram => {
    const { variants, ofLaunch } = variantsOf(plan)
    const kernels = variants.map(({ kernel, access }) => printWgsl(kernel, { names, access }))
    return { target: 'webgpu', kernels, ofLaunch }
  })
  const bytesOf = (text: string): number => new TextEncoder().encode(text).length
  return {
    module: { target: 'webgpu' },
    assets: [],
    programs,
    codeBytes: programs.map(({ kernels }) => kernels.reduce((bytes, { code }) => bytes + bytesOf(code), 0)),
  }
}

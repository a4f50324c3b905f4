// print-module: plans -> the parts of a module, and what a runtime has to know of each program

import { internalError } from '../../base/invariant.ts'
import type { BufferRef, Plan } from '../../ir/plan/plan.ts'
import type { PlacedPlan, ProgramPart, WasmProgram } from '../../ir/plan/printed-program.ts'
import { type WasmForms, type WasmParts, assembleForms } from './assemble-wasm.ts'
import { partsOf } from './parts-of.ts'
import { createKernelFunctions, printProgram } from './print-program.ts'
import { printWat } from './print-wat.ts'
import { scratchBytes } from './printer-context.ts'
import { routineStyle } from './routines.ts'

/** A module in both forms. */
export interface WasmModule {
  /** What a runtime has to know of each program. */
  readonly programs: readonly Omit<WasmProgram, 'target'>[]
  /** Runs wherever there is SIMD. */
  readonly baseline: Uint8Array
  /** Multiplies and adds in one step. */
  readonly relaxed: Uint8Array
}

/** Compiles plans to one module, whose programs tell the host of each launch where they are marked. */
export async function printModule(plans: readonly PlacedPlan[], isMarked: boolean): Promise<WasmModule> {
  const { baseline, relaxed } = await assembleModule(plans, partsOf, isMarked)
  const programs = plans.map(({ plan }, i) => ({
    entry: entryOf(i),
    scratchBytes: Math.max(0, ...plan.kernels.map(scratchBytes)),
    parts: partsOf(plan),
  }))
  return { programs, baseline, relaxed }
}

function entryOf(index: number): string {
  return `p${index}`
}

/** Compiles plans to a module in both forms, which exports `p0`, `p1`, … */
export function assembleModule(plans: readonly PlacedPlan[], parts?: PartsOf, isMarked?: boolean): Promise<WasmForms> {
  return assembleForms(modulePartsOf(plans, true, parts, isMarked))
}

/** Says which launches of a plan threads may divide. */
export type PartsOf = (plan: Plan) => readonly ProgramPart[]

/** Returns what a module of these plans is made of. */
export function modulePartsOf(
  plans: readonly PlacedPlan[],
  relaxed: boolean,
  parts: PartsOf = partsOf,
  isMarked: boolean = false,
): WasmParts {
  const style = routineStyle(relaxed)
  const kernels = createKernelFunctions((kernel) => printWat(kernel, style))
  const programs = plans.map((placed, i) => {
    const { plan } = placed
    const layout = layoutOf(placed)
    const divided = new Set(parts(plan).map(({ launch }) => launch))
    return printProgram({
      name: entryOf(i),
      dims: plan.graph.dims.map((d) => d.name),
      dimSlot: layout.dims,
      launches: plan.launches.map((launch, index) => ({
        function: kernels.nameOf(plan.kernels[launch.kernel] ?? internalError('a launch has a kernel')),
        slots: launch.bindings.map(layout.slotOf),
        scalars: launch.scalars,
        groups: launch.groups[0],
        isDivided: divided.has(index),
        isInner: divided.has(plan.launches.length + index),
      })),
      steps: plan.steps,
      isMarked,
      slotOf: layout.slotOf,
    })
  })
  return {
    functions: [...kernels.texts, ...programs],
    exports: new Map(plans.map((_, i) => [entryOf(i), entryOf(i)])),
    relaxed,
  }
}

/** The slots of a program's table: inputs, outputs, weights, constants, dimensions, scratch, transients. */
function layoutOf({ plan, weights, constants, weightCount, constantCount }: PlacedPlan): {
  readonly dims: number
  slotOf(ref: BufferRef): number
} {
  const { graph } = plan
  const outputs = graph.inputs.length
  const firstWeight = outputs + graph.outputs.length
  const firstConstant = firstWeight + weightCount
  const dims = firstConstant + constantCount
  const transients = dims + graph.dims.length + 1
  const starts = { input: 0, output: outputs, weight: firstWeight, constant: firstConstant, transient: transients }
  return {
    dims,
    slotOf: ({ kind, index }) =>
      starts[kind] + ((kind === 'weight' ? weights : kind === 'constant' ? constants : [])[index] ?? index),
  }
}

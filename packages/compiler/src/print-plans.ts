// print-plans: plans -> code of a target, with what surrounds it

import type { CodegenRow } from './5-codegen/codegen.ts'
import type { EmittedProgram, PrintedPlan } from './6-emit/emit-module.ts'
import { invariant } from './base/invariant.ts'
import { positionAt } from './base/span.ts'
import type { SourceTexts } from './diagnostics/render.ts'
import type { PlannedModes } from './export-c.ts'
import { type Plan, stagesOf } from './ir/plan/plan.ts'
import type { PrintedModule } from './ir/plan/printed-program.ts'
import { placePlans } from './place-plans.ts'

/** A file that the code needs. */
export interface Asset {
  /** A name to give it: `digits.relaxed.wasm`. */
  readonly name: string
  /** Stands in the code where an expression has to: a `URL`, its text, or a `Uint8Array` of the bytes. */
  readonly placeholder: string
  readonly bytes: Uint8Array
}

/** A mode of a model. */
export type Mode = 'eval' | 'train'

/** Plans as code of a target. */
export interface Printed {
  readonly compiled: readonly { readonly mode: Mode; readonly programs: readonly EmittedProgram[] }[]
  readonly module: PrintedModule
  readonly assets: readonly Asset[]
  /** Of the code of each program. */
  readonly codeBytes: ReadonlyMap<Plan, number>
}

/** How to print. */
export interface PrintOptions {
  readonly names: 'readable' | 'minified'
  /** What the names of assets begin with. */
  readonly name: string
  readonly texts: SourceTexts
  readonly architectures: readonly string[]
  /** The same plans for single architectures. */
  readonly variants: readonly { readonly architecture: string; readonly planned: PlannedModes }[]
  readonly profile: boolean
}

/** Prints all plans. */
export async function printPlans(
  planned: PlannedModes,
  target: CodegenRow,
  { names, name, texts, architectures, variants, profile }: PrintOptions,
): Promise<Printed> {
  const stagesIn = (modes: PlannedModes): readonly Plan[] => modes.flatMap(({ plans }) => plans.flatMap(stagesOf))
  const placed = placePlans(stagesIn(planned))
  const { module, assets, programs, codeBytes } = await target.print(placed, {
    names,
    architectures,
    variants: variants.map(({ architecture, planned: own }) => ({ architecture, plans: stagesIn(own) })),
    profile,
    placeOf({ file: of, start }) {
      const { line, column } = positionAt(texts.get(of) ?? '', start)
      return { file: of, line, column: column + 1 }
    },
  })
  const byPlan = new Map(placed.map(({ plan }, i) => [plan, programs[i]]))
  const printedOf = (plan: Plan): PrintedPlan => {
    const printed = byPlan.get(plan)
    invariant(printed !== undefined, 'every plan is printed')
    return { plan, printed }
  }
  const compiled = planned.map(({ mode, plans }) => ({
    mode,
    programs: plans.map((plan) => inStages(plan, printedOf)),
  }))
  const bytes = new Map(placed.map(({ plan }, i) => [plan, codeBytes[i] ?? 0]))
  const bytesOf = (plan: Plan): number => stagesOf(plan).reduce((sum, stage) => sum + (bytes.get(stage) ?? 0), 0)
  return {
    compiled,
    module,
    assets: assets.map(({ suffix, ...asset }) => ({ name: name + suffix, ...asset })),
    codeBytes: new Map(planned.flatMap(({ plans }) => plans).map((plan) => [plan, bytesOf(plan)])),
  }
}

/** Returns a program as it is printed for a plan, or of each stage of one. */
function inStages(plan: Plan, printedOf: (plan: Plan) => PrintedPlan): EmittedProgram {
  return plan.stages === undefined ? printedOf(plan) : { plan, stages: plan.stages.map(printedOf) }
}

// place-plans: plans -> where the weights and constants of each are in the tables of its model

import { mergeTables } from './6-emit/merge-tables.ts'
import type { Plan } from './ir/plan/plan.ts'
import type { PlacedPlan } from './ir/plan/printed-program.ts'

/** Finds for each plan where its weights and constants are in the tables of its model. */
export function placePlans(all: readonly Plan[]): readonly PlacedPlan[] {
  return [...new Set(all.map(({ graph }) => graph.name))].flatMap((name) => {
    const plans = all.filter(({ graph }) => graph.name === name)
    const { weightsOf, constantsOf, weightCount, constantCount } = mergeTables(plans)
    return plans.map((plan, i) => ({
      plan,
      weights: weightsOf[i] ?? [],
      constants: constantsOf[i] ?? [],
      weightCount,
      constantCount,
    }))
  })
}

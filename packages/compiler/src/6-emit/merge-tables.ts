// merge-tables: the weights and constants of a model's programs -> one table each
//
// Evaluation and training share the definition's tables; each program gets the indices of its own entries.

import { numbers } from '@tsjit/dsl/compiler'
import { encoderOf } from '@tsjit/host'
import { shortestFloat } from '../base/float-text.ts'
import type { Graph, GraphWeight } from '../ir/graph/graph.ts'
import type { Plan, PlanConstant } from '../ir/plan/plan.ts'
import { type Js, dataJs, quote } from './js-text.ts'

/** The tables of a definition as code, and where each program finds its own. */
export interface MergedTables {
  readonly weights: Js
  readonly constants: Js
  /** By program: the table's index of each weight of the graph. */
  readonly weightsOf: readonly (readonly number[])[]
  /** By program: the table's index of each constant of the plan. */
  readonly constantsOf: readonly (readonly number[])[]
  readonly weightCount: number
  readonly constantCount: number
}

/**
 * Merges the tables of plans of one model. Equal weights have equal paths. Constants are numbers, or bits where memory holds
 * elements of half width as such.
 */
export function mergeTables(plans: readonly Plan[], areBits: boolean = false): MergedTables {
  const weights = new Map<string, { readonly index: number; readonly js: Js }>()
  const constants = new Map<string, { readonly index: number; readonly js: Js }>()
  const indexIn = (table: typeof weights, key: string, js: () => Js): number => {
    const known = table.get(key)
    if (known !== undefined) return known.index
    table.set(key, { index: table.size, js: js() })
    return table.size - 1
  }
  const weightsOf = plans.map(({ graph }) =>
    graph.weights.map((weight) => indexIn(weights, weight.path, () => weightJs(weight))),
  )
  const constantsOf = plans.map((plan) =>
    plan.constants.map((constant) => indexIn(constants, keyOf(constant), () => constantJs(constant, areBits))),
  )
  const list = (table: typeof weights): Js => ({ list: [...table.values()].map(({ js }) => js) })
  return {
    weights: list(weights),
    constants: list(constants),
    weightsOf,
    constantsOf,
    weightCount: weights.size,
    constantCount: constants.size,
  }
}

function weightJs({ path, value, init, role }: Graph['weights'][number]): Js {
  const { dtype, shape } = value.type
  return { list: [quote(path), quote(dtype), dataJs(shape.map(Number)), initJs(init), quote(role)] }
}

function initJs(init: GraphWeight['init']): Js {
  switch (init.kind) {
    case 'constant':
      return dataJs(init.value)
    case 'uniform':
      return dataJs(['uniform', init.low, init.high])
    case 'normal':
      return dataJs(['normal', init.mean, init.deviation])
  }
}

function constantJs({ dtype, shape, data }: PlanConstant, areBits: boolean): Js {
  const encode = areBits ? encoderOf(dtype) : undefined
  const text = (n: number): string => (encode === undefined ? elementText(n, dtype) : String(encode(n)))
  return { list: [quote(dtype), dataJs(shape), `[${data.map(text).join(',')}]`] }
}

/** Floats as the shortest decimal that gives the same f32. */
function elementText(value: number, dtype: PlanConstant['dtype']): string {
  const isFloat = dtype === 'f32' || dtype === 'f16' || dtype === 'bf16'
  if (!isFloat || !Number.isFinite(value)) return String(value)
  const kept =
    dtype === 'f16' ? numbers.roundToF16(value) : dtype === 'bf16' ? numbers.roundToBf16(value) : Math.fround(value)
  return shortestFloat(kept)
}

function keyOf({ dtype, shape, data }: PlanConstant): string {
  return `${dtype} ${shape.join()} ${data.map((n) => (Object.is(n, -0) ? '-0' : n)).join()}`
}

// bind-buffers: owners of buffers -> inputs, outputs, weights, constants, transients with lifetimes

import { dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Graph, Value } from '../ir/graph/graph.ts'
import type { BufferRef, PlanConstant, Transient } from '../ir/plan/plan.ts'
import type { FormedStep } from './control/formed-step.ts'
import { lifetimesOf } from './control/lifetimes.ts'
import { orderTransients } from './order-transients.ts'

/** Where every buffer is. */
export interface BoundBuffers {
  refOf(value: Value): BufferRef
  readonly transients: readonly Transient[]
  readonly constants: readonly PlanConstant[]
}

/** What buffers are bound for. */
export interface FormedProgram {
  readonly steps: readonly FormedStep[]
  /** The buffer of each output of the graph. */
  readonly owners: readonly Value[]
  ownerOf(value: Value): Value
}

/** Names the buffers of a program. */
export function bindBuffers(graph: Graph, { steps, owners, ownerOf }: FormedProgram): BoundBuffers {
  const refs = new Map<Value, BufferRef>()
  graph.inputs.forEach((input, index) => refs.set(input.value, { kind: 'input', index }))
  graph.weights.forEach((weight, index) => refs.set(weight.value, { kind: 'weight', index }))
  owners.forEach((owner, index) => refs.set(owner, { kind: 'output', index }))
  const constants: PlanConstant[] = []
  const transients: { readonly owner: Value; readonly first: number; readonly last: number }[] = []
  for (const { owner, first, last, literal } of lifetimesOf(steps, ownerOf)) {
    if (refs.has(owner)) continue
    if (literal !== undefined) {
      refs.set(owner, { kind: 'constant', index: constants.length })
      constants.push(literal)
    } else {
      refs.set(owner, { kind: 'transient', index: transients.length })
      transients.push({ owner, first, last })
    }
  }
  const lifetimes = transients.map(({ owner, first, last }) => ({
    bytes: dims.mul(4, dims.product(owner.type.shape)),
    dtype: owner.type.dtype,
    first,
    last,
  }))
  const order = orderTransients(lifetimes, graph.dims)
  order.forEach((from, index) => {
    const transient = transients[from] ?? internalError('a transient has a place')
    refs.set(transient.owner, { kind: 'transient', index })
  })
  return {
    refOf: (value) => refs.get(ownerOf(value)) ?? internalError('a buffer is bound'),
    constants,
    transients: order.map((from) => lifetimes[from] ?? internalError('a transient has a place')),
  }
}

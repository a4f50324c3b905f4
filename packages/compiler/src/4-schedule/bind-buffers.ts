// bind-buffers: owners of buffers -> inputs, outputs, weights, constants, transients with lifetimes

import { dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Graph, Value } from '../ir/graph/graph.ts'
import type { BufferRef, PlanConstant, Transient } from '../ir/plan/plan.ts'
import type { KernelContext } from './kernel-context.ts'
import { orderTransients } from './order-transients.ts'
import type { Partition } from './partition.ts'

/** Where every buffer is. */
export interface BoundBuffers {
  refOf(owner: Value): BufferRef
  readonly transients: readonly Transient[]
  readonly constants: readonly PlanConstant[]
}

/** Names the buffers of a program; `formed` is in launch order. */
export function bindBuffers(
  graph: Graph,
  parts: Partition,
  formed: readonly { readonly context: KernelContext }[],
): BoundBuffers {
  const refs = new Map<Value, BufferRef>()
  graph.inputs.forEach((input, index) => refs.set(input.value, { kind: 'input', index }))
  graph.weights.forEach((weight, index) => refs.set(weight.value, { kind: 'weight', index }))
  parts.owners.forEach((owner, index) => refs.set(owner, { kind: 'output', index }))
  const constants: PlanConstant[] = []
  const transients: { owner: Value; first: number; last: number }[] = []
  formed.forEach(({ context }, launch) => {
    for (const owner of context.params.keys()) {
      const ref = refs.get(owner)
      if (ref?.kind === 'transient') {
        const known = transients[ref.index]
        if (known !== undefined) known.last = launch
      }
      if (ref !== undefined) continue
      const producer = parts.producers.get(owner)
      if (producer?.kind === 'literal') {
        refs.set(owner, { kind: 'constant', index: constants.length })
        constants.push(producer.params)
      } else {
        refs.set(owner, { kind: 'transient', index: transients.length })
        transients.push({ owner, first: launch, last: launch })
      }
    }
  })
  const lifetimes = transients.map(({ owner, first, last }) => ({
    bytes: dims.mul(4, dims.product(owner.type.shape)),
    first,
    last,
  }))
  const order = orderTransients(lifetimes, graph.dims)
  order.forEach((from, index) => {
    const transient = transients[from] ?? internalError('a transient has a place')
    refs.set(transient.owner, { kind: 'transient', index })
  })
  return {
    refOf: (owner) => refs.get(owner) ?? internalError('a buffer is bound'),
    constants,
    transients: order.map((from) => lifetimes[from] ?? internalError('a transient has a place')),
  }
}

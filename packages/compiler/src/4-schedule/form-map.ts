// form-map: group -> kernel, one lane an element
//
// For groups without a reduction that lanes share: elementwise chains, views, short reductions inside one lane.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { evaluate } from './evaluate.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { type KernelContext, createBlock, indexExpr, storeValue, testIndex } from './kernel-context.ts'
import { launchSpace } from './launch-space.ts'
import { atMost } from './partition-state.ts'
import { delinearise } from './space.ts'

/** Returns the kernel of a group, one element of its root a lane. */
export function formMap(context: KernelContext): FormedKernel {
  const { group } = context
  const { shape } = group.root.type
  const count = dims.product(shape)
  const lanes = atMost(count) >= 65_536 ? 256 : 64
  const space = launchSpace(dims.ceilDiv(count, lanes))
  const flat = dims.symbol('f', { min: 0, below: count })
  const indices = delinearise(flat, shape)
  const places = new Map<string, Dim>([...group.ranges.keys()].map((name, axis) => [name, indices[axis] ?? 0]))
  const block = createBlock(undefined, count)
  for (const store of group.stores) {
    const tuple = store.tuple.map((e) => dims.substitute(e, places))
    storeValue(context, block, store, tuple, evaluate(context, block, store.value, tuple))
  }
  const position = dims.add(dims.mul(space.index, lanes), dims.symbol('l0', { min: 0, below: lanes }))
  const isExact = typeof flat === 'number'
  const body: readonly Stmt[] = isExact
    ? [{ kind: 'if', condition: testIndex(position, '<', 1), then: block.stmts, otherwise: [] }]
    : [
        { kind: 'let', name: 'f', value: indexExpr(position) },
        ...(dims.compare(dims.mod(count, lanes), '==', 0) === 'yes'
          ? block.stmts
          : [{ kind: 'if', condition: testIndex(flat, '<', count), then: block.stmts, otherwise: [] } as const]),
      ]
  return { lanes: [lanes, 1, 1], groups: space.groups, body: space.wrap(body) }
}

// form-map: group -> kernel, one lane an element, or four neighbours
//
// For groups without a reduction that lanes share: elementwise chains, views, short reductions inside one lane. Where a
// machine reads four elements as fast as one, and there are enough of them, a lane computes four along the last axis.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { substituteStmts } from '../ir/kernel/substitute.ts'
import { evaluate } from './evaluate.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { type Block, type KernelContext, createBlock, indexExpr, storeValue, testIndex } from './kernel-context.ts'
import { launchSpace } from './launch-space.ts'
import type { Machine } from './machine.ts'
import { atMost } from './partition-state.ts'
import { delinearise, isMultiple } from './space.ts'
import { usually } from './usual-size.ts'
import { hasWholeVectors } from './whole-vectors.ts'

/** Returns the kernel of a group: one element of its root a lane, or four. */
export function formMap(context: KernelContext, { vectorElements }: Machine): FormedKernel {
  const { shape } = context.group.root.type
  const last = shape.at(-1) ?? 1
  const isEnough = usually(dims.product(shape)) >= vectorElements
  if (isEnough && isMultiple(last, 4)) {
    const { flops } = context
    const formed = formFours(context)
    if (hasWholeVectors(formed.body)) return formed
    context.flops = flops
  }
  return formElements(context, shape, (indices, block) => storeAll(context, indices, block))
}

/** Each lane computes four neighbours along the last axis. */
function formFours(context: KernelContext): FormedKernel {
  const { shape } = context.group.root.type
  const size = shape.at(-1) ?? 1
  const fours = dims.floorDiv(size, 4)
  return formElements(context, [...shape.slice(0, -1), fours], (indices, block) => {
    const name = context.namer.name('v')
    const inner = createBlock(block, dims.mul(block.times, 4))
    context.vector = name
    storeAll(context, [...indices.slice(0, -1), dims.symbol(name, { min: 0, below: size })], inner)
    context.vector = undefined
    const start = dims.mul(indices.at(-1) ?? 0, 4)
    block.stmts.push(...substituteStmts(inner.stmts, new Map([[name, start]])))
  })
}

/** One lane an element of a shape. */
function formElements(
  context: KernelContext,
  shape: readonly Dim[],
  element: (indices: readonly Dim[], block: Block) => void,
): FormedKernel {
  const count = dims.product(shape)
  const lanes = atMost(count) >= 65_536 ? 256 : 64
  const space = launchSpace(dims.ceilDiv(count, lanes))
  const flat = dims.symbol('f', { min: 0, below: count })
  const block = createBlock(undefined, count)
  element(delinearise(flat, shape), block)
  const position = dims.add(dims.mul(space.index, lanes), dims.symbol('l0', { min: 0, below: lanes }))
  const isExact = typeof flat === 'number'
  const body: readonly Stmt[] = isExact
    ? [{ kind: 'if', condition: testIndex(position, '<', 1), then: block.stmts, otherwise: [] }]
    : [
        { kind: 'let', name: 'f', value: indexExpr(position) },
        ...(isMultiple(count, lanes)
          ? block.stmts
          : [{ kind: 'if', condition: testIndex(flat, '<', count), then: block.stmts, otherwise: [] } as const]),
      ]
  return { lanes: [lanes, 1, 1], groups: space.groups, body: space.wrap(body) }
}

/** Computes and stores all that a group has at an element of its root. */
function storeAll(context: KernelContext, indices: readonly Dim[], block: Block): void {
  const { group } = context
  const places = new Map<string, Dim>([...group.ranges.keys()].map((name, axis) => [name, indices[axis] ?? 0]))
  for (const store of group.stores) {
    const tuple = store.tuple.map((e) => dims.substitute(e, places))
    storeValue(context, block, store, tuple, evaluate(context, block, store.value, tuple))
  }
}

// form-part: group -> part of a kernel that stays on the device from beginning to end
//
// Every lane computes whole elements of the group's root, one after another.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import { type KernelContext, createBlock, indexExpr, storeValue, testIndex } from '../kernel-context.ts'
import { delinearise } from '../space.ts'

/** Who runs a kernel that stays on the device. */
export interface Crew {
  /** Lanes of a group. */
  readonly lanes: number
  readonly groups: number
}

/** Returns the statements of a group for a crew. */
export function formPart(context: KernelContext, { lanes, groups }: Crew): FormedKernel {
  const { group, namer } = context
  const { shape } = group.root.type
  const count = dims.product(shape)
  const name = namer.name('f')
  const flat = dims.symbol(name, { min: 0, below: count })
  const indices = [...group.members].some(({ kind }) => kind === 'contract')
    ? inTiles(flat, shape)
    : delinearise(flat, shape)
  const places = new Map<string, Dim>([...group.ranges.keys()].map((range, axis) => [range, indices[axis] ?? 0]))
  const block = createBlock(undefined, count)
  context.byFours = true
  for (const store of group.stores) {
    const tuple = store.tuple.map((e) => dims.substitute(e, places))
    storeValue(context, block, store, tuple, evaluate(context, block, store.value, tuple))
  }
  const own = dims.symbol('l0', { min: 0, below: lanes })
  const first = groups === 1 ? 0 : dims.mul(dims.symbol('g0', { min: 0, below: groups }), lanes)
  const lane = dims.add(first, own)
  const all = lanes * groups
  const form = (body: readonly Stmt[]): FormedKernel => ({ lanes: [lanes, 1, 1], groups: [groups, 1, 1], body })
  if (typeof flat === 'number')
    return form([{ kind: 'if', condition: testIndex(lane, '<', 1), then: block.stmts, otherwise: [] }])
  const rounds = dims.ceilDiv(count, all)
  const round = namer.range('q', rounds)
  const position = dims.add(dims.mul(round.index, all), lane)
  const isFull = dims.compare(dims.mod(count, all), '==', 0) === 'yes'
  const body: readonly Stmt[] = [
    { kind: 'let', name, value: indexExpr(position) },
    ...(isFull
      ? block.stmts
      : [{ kind: 'if', condition: testIndex(flat, '<', count), then: block.stmts, otherwise: [] } as const]),
  ]
  if (typeof round.index === 'number') return form(body)
  return form([{ kind: 'for', name: round.name, count: rounds, unroll: false, body }])
}

/** The lanes that read memory together. */
const WARP = 32

/**
 * Returns the indices of an element so that neighbouring lanes share rows of both operands of a product: tiles of 8 by 4
 * over the last two axes, as far as these divide them.
 */
function inTiles(flat: Dim, shape: readonly Dim[]): readonly Dim[] {
  const [rows = 1, columns = 1] = shape.slice(-2)
  if (shape.length < 2) return delinearise(flat, shape)
  const high = [8, 4, 2].find((n) => dims.compare(dims.mod(rows, n), '==', 0) === 'yes') ?? 1
  const wide = [WARP / high, 4, 2].find((n) => dims.compare(dims.mod(columns, n), '==', 0) === 'yes') ?? 1
  const all = [...shape.slice(0, -2), dims.floorDiv(rows, high), dims.floorDiv(columns, wide), high, wide]
  const indices = delinearise(flat, all)
  const [y = 0, x = 0, inner = 0, at = 0] = indices.slice(-4)
  return [...indices.slice(0, -4), dims.add(dims.mul(y, high), inner), dims.add(dims.mul(x, wide), at)]
}

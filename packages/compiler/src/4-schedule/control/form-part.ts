// form-part: group -> part of a kernel that stays on the device from beginning to end
//
// Every lane computes whole elements of the group's root, one after another. Where there are more lanes than elements,
// neighbours share the sums of one.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { WARP } from '../../ir/kernel/matrix-unit.ts'
import { evaluate } from '../evaluate.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import { arrange } from './arrange.ts'
import { type KernelContext, allOf, createBlock, indexExpr, storeValue, testIndex } from '../kernel-context.ts'
import { type Group, isHeavy } from '../partition-state.ts'
import { lanesFor } from '../share-sums.ts'
import { delinearise, isMultiple } from '../space.ts'
import { usually } from '../usual-size.ts'

/** Who runs a kernel that stays on the device. */
export interface Crew {
  /** Lanes of a group. */
  readonly lanes: number
  readonly groups: number
  /** Neighbouring lanes that can share what is summed for one element; 1 where handing values on costs more. */
  readonly sharing: number
  /** Whether statements are brought into an order in which little waits. */
  readonly isArranged: boolean
}

/** Returns the statements of a group for a crew. */
export function formPart(context: KernelContext, crew: Crew): FormedKernel {
  const { flops } = context
  const arrays = context.arrays.length
  const formed = formShared(context, crew, sharingOf(context, crew))
  if (context.sharing?.isRefused !== true) return formed
  context.flops = flops
  context.arrays.length = arrays
  return formShared(context, crew, 1)
}

/** Returns how many lanes share an element: as many as there are to spare, and as all sums can be divided among. */
function sharingOf({ group }: KernelContext, { lanes, groups, sharing }: Crew): number {
  const spare = (lanes * groups) / usually(dims.product(group.root.type.shape))
  let shared = mostSharing(group, sharing)
  while (shared > spare && shared > 1) shared /= 2
  return shared
}

/** Returns how many lanes, up to `most`, can share the sums of an element of a group; 1 where it sums nothing. */
export function mostSharing({ members }: Pick<Group, 'members'>, most: number): number {
  const summing = [...members].filter(isHeavy)
  return summing.length === 0 ? 1 : Math.min(...summing.map((op) => lanesFor(op, most)))
}

function formShared(context: KernelContext, { lanes, groups, isArranged }: Crew, sharing: number): FormedKernel {
  const { group, namer } = context
  const { shape } = group.root.type
  const count = dims.product(shape)
  const name = namer.name('f')
  const flat = dims.symbol(name, { min: 0, below: count })
  const isProduct = [...group.members].some(({ kind }) => kind === 'contract')
  const indices = isProduct ? inTiles(flat, shape, sharing > 1) : delinearise(flat, shape)
  const places = new Map<string, Dim>([...group.ranges.keys()].map((range, axis) => [range, indices[axis] ?? 0]))
  const block = createBlock(undefined, count)
  const own = dims.symbol('l0', { min: 0, below: lanes })
  const first = groups === 1 ? 0 : dims.mul(dims.symbol('g0', { min: 0, below: groups }), lanes)
  const lane = dims.add(first, own)
  const all = lanes * groups
  const part = dims.mod(own, sharing)
  context.byFours = true
  context.sharing =
    sharing === 1
      ? undefined
      : { lanes: sharing, lane: part, block, groupLanes: lanes, arrays: new Map(), isRefused: false }
  // what all lanes have is stored by the first
  const stores = sharing === 1 ? block : createBlock(block, count)
  for (const store of group.stores) {
    const tuple = store.tuple.map((e) => dims.substitute(e, places))
    storeValue(context, stores, store, tuple, evaluate(context, block, store.value, tuple))
  }
  const form = (stmts: readonly Stmt[]): FormedKernel => {
    const body = isArranged ? arrange(stmts) : stmts
    return { lanes: [lanes, 1, 1], groups: [groups, 1, 1], body }
  }
  if (typeof flat === 'number' && sharing === 1)
    return form([{ kind: 'if', condition: testIndex(lane, '<', 1), then: block.stmts, otherwise: [] }])
  const shares = dims.mul(count, sharing)
  const rounds = dims.ceilDiv(shares, all)
  const round = namer.range('q', rounds)
  const position = dims.add(dims.mul(round.index, all), lane)
  const element = dims.floorDiv(position, sharing)
  const isFull = isMultiple(shares, all)
  const isIn = isFull ? [] : [testIndex(element, '<', count)]
  const isFirst = sharing === 1 ? [] : [testIndex(part, '<', 1)]
  // lanes without an element of their own join those that have one
  const named = sharing === 1 || isFull ? element : dims.min(element, dims.sub(count, 1))
  const guarded = (tests: readonly Expr[], then: readonly Stmt[]): readonly Stmt[] => {
    const condition = allOf(tests)
    return condition === undefined ? then : [{ kind: 'if', condition, then, otherwise: [] }]
  }
  const body: readonly Stmt[] = [
    ...(typeof flat === 'number' ? [] : [{ kind: 'let', name, value: indexExpr(named) } as const]),
    ...(sharing === 1 ? guarded(isIn, block.stmts) : [...block.stmts, ...guarded([...isIn, ...isFirst], stores.stmts)]),
  ]
  if (typeof round.index === 'number') return form(body)
  return form([{ kind: 'for', name: round.name, count: rounds, unroll: false, body }])
}

/**
 * Returns the indices of an element so that neighbouring lanes share rows of both operands of a product: tiles of 8 by 4
 * over the last two axes, as far as these divide them. `isDown`: neighbours are of one column, whose operand they read as one.
 */
function inTiles(flat: Dim, shape: readonly Dim[], isDown: boolean): readonly Dim[] {
  const [rows = 1, columns = 1] = shape.slice(-2)
  if (shape.length < 2) return delinearise(flat, shape)
  const high = [8, 4, 2].find((n) => isMultiple(rows, n)) ?? 1
  const wide = [WARP / high, 4, 2].find((n) => isMultiple(columns, n)) ?? 1
  const tile = isDown ? [wide, high] : [high, wide]
  const indices = delinearise(flat, [
    ...shape.slice(0, -2),
    dims.floorDiv(rows, high),
    dims.floorDiv(columns, wide),
    ...tile,
  ])
  const [y = 0, x = 0, ...inside] = indices.slice(-4)
  const [inner = 0, at = 0] = isDown ? [...inside].reverse() : inside
  return [...indices.slice(0, -4), dims.add(dims.mul(y, high), inner), dims.add(dims.mul(x, wide), at)]
}

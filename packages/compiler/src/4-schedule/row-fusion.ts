// row-fusion: may a reduction stay inside the kernel of its consumer?
//
// A row kernel gives each group of lanes one row (one element of the grid); reductions over the row are done by its
// lanes together, and intermediate rows stay in group memory. So reduce -> broadcast (softmax, layer norm, attention)
// is one kernel. Here is decided which ranges are the grid and what fits.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import { mapIndex } from './index-maps.ts'
import type { Machine } from './machine.ts'
import { type Group, type PartitionState, type Use, atMost, classOf, isHeavy, tuplesOf } from './partition-state.ts'
import { type Tuple, coverage, keyOf, symbolsIn } from './space.ts'

/** The axes of a value inside a row kernel: those that say which row, and those inside the row. */
export interface RowSplit {
  readonly gridAxes: readonly number[]
  readonly innerAxes: readonly number[]
}

/** Returns how a value lies in the rows of a grid, or undefined where its tuples mix the two or disagree. */
export function splitRow(
  group: Group,
  grid: ReadonlySet<string>,
  value: Value,
  tuples: readonly Tuple[],
): RowSplit | undefined {
  const ranges = new Map([...group.ranges].filter(([name]) => grid.has(name)))
  const { shape } = value.type
  const first = tuples[0]
  if (first === undefined) return undefined
  const gridAxes: number[] = []
  const innerAxes: number[] = []
  for (const axis of shape.keys()) {
    const exprs = tuples.map((t) => t[axis] ?? 0)
    const inGrid = exprs.map((e) => symbolsIn([e], ranges).size > 0)
    if (inGrid.every((x) => x)) {
      if (exprs.some((e) => !dims.isSame(e, exprs[0] ?? 0) || hasOtherSymbols(e, group, grid))) return undefined
      gridAxes.push(axis)
    } else if (inGrid.some((x) => x)) return undefined
    else if (dims.isSame(shape[axis] ?? 1, 1)) gridAxes.push(axis)
    else innerAxes.push(axis)
  }
  const covered = coverage(
    gridAxes.map((a) => first[a] ?? 0),
    gridAxes.map((a) => shape[a] ?? 1),
    ranges,
  )
  return covered !== undefined && covered.length === nonTrivial(ranges) ? { gridAxes, innerAxes } : undefined
}

/** Returns whether a heavy value may be computed once a row, in group memory or as one number. */
export function acceptsRow(
  state: PartitionState,
  group: Group,
  grid: ReadonlySet<string>,
  value: Value,
  tuples: readonly Tuple[],
): boolean {
  const op = state.producers.get(value)
  const split = splitRow(group, grid, value, tuples)
  if (op === undefined || split === undefined) return false
  const inner = split.innerAxes.map((a) => value.type.shape[a] ?? 1)
  const elements = atMost(dims.product(inner))
  if (inner.length > 0 && group.staged + elements > state.machine.stagedElements) return false
  if (op.kind !== 'contract') return true
  return worksAsRow(state.machine, op, split, elements)
}

function worksAsRow(machine: Machine, op: Op<'contract'>, split: RowSplit, elements: number): boolean {
  const { a, b, out } = op.params
  const gridLabels = new Set(split.gridAxes.map((axis) => out[axis]))
  const sizes = new Map<string, Dim>()
  for (const [labels, input] of [[a, op.inputs[0]] as const, [b, op.inputs[1]] as const])
    labels.forEach((label, axis) => sizes.set(label, input?.type.shape[axis] ?? 1))
  const summed = [...sizes].filter(([label]) => !out.includes(label)).map(([, size]) => size)
  const work = Math.max(1, elements) * atMost(dims.product(summed))
  const isShared = [a, b].some((labels) => !labels.some((label) => gridLabels.has(label)))
  return work <= (isShared ? machine.sharedRowWork : machine.ownRowWork)
}

/**
 * Returns the grid under which the reductions that feed `value` fit the group as rows, or undefined. Looks at the
 * nearest heavy values only; the ones behind are decided when their turn comes.
 */
export function proposeGrid(
  state: PartitionState,
  group: Group,
  value: Value,
  uses: readonly Use[],
): ReadonlySet<string> | undefined {
  const heavies = frontier(state, group, value, tuplesOf(uses))
  if (heavies.size === 0 || !state.machine.cooperates) return undefined
  const isOperand = uses.some((u) => u.operand)
  for (const grid of candidates(group, state, heavies, isOperand)) {
    if (grid.size === 0 && atMost(dims.product(group.root.type.shape)) > state.machine.singleRow) continue
    const fits = [...heavies].every(([heavy, tuples]) => acceptsRow(state, group, grid, heavy, tuples))
    if (fits && primaryFits(state, group, grid)) return grid
  }
  return undefined
}

/** Returns whether everything heavy that feeds `value` directly fits the rows of the group's grid. */
export function fitsRows(state: PartitionState, group: Group, value: Value, uses: readonly Use[]): boolean {
  const { grid } = group
  if (grid === undefined) return false
  const heavies = frontier(state, group, value, tuplesOf(uses))
  return [...heavies].every(([heavy, tuples]) => acceptsRow(state, group, grid, heavy, tuples))
}

function primaryFits(state: PartitionState, group: Group, grid: ReadonlySet<string>): boolean {
  const { primary } = group
  if (primary === undefined) return true
  const uses = (state.uses.get(primary.result) ?? []).filter((u) => u.group === group)
  const stored = group.stores.filter((s) => s.value === primary.result).map((s) => s.tuple)
  const tuples = uses.length > 0 ? tuplesOf(uses) : stored
  const split = splitRow(group, grid, primary.result, tuples)
  if (split === undefined) return false
  const elements = atMost(dims.product(split.innerAxes.map((a) => primary.result.type.shape[a] ?? 1)))
  const summed = atMost(dims.product(summedSizes(primary)))
  // its operand rows are staged too
  return worksAsRow(state.machine, primary, split, elements) && group.staged + summed <= state.machine.stagedElements
}

function summedSizes(op: Op<'contract'>): readonly Dim[] {
  return op.params.a.flatMap((label, axis) =>
    op.params.out.includes(label) ? [] : [op.inputs[0]?.type.shape[axis] ?? 1],
  )
}

function* candidates(
  group: Group,
  state: PartitionState,
  heavies: ReadonlyMap<Value, readonly Tuple[]>,
  isOperand: boolean,
): Generator<ReadonlySet<string>> {
  for (const [heavy, tuples] of heavies) {
    const [tuple, ...others] = tuples
    if (tuple === undefined || others.length > 0 || state.producers.get(heavy)?.kind !== 'reduce') continue
    const covered = coverage(tuple, heavy.type.shape, group.ranges)
    if (covered !== undefined && covered.length < nonTrivial(group.ranges))
      yield new Set(covered.map((c) => c.range.name))
  }
  if (isOperand && group.primary !== undefined) return // two contractions in a row are better as tiles
  // no reduction says it: the ranges that index a whole axis in every use (a recurrent step: the batch)
  const separable = [...group.ranges.values()].filter((range) =>
    [...heavies].every(([heavy, tuples]) =>
      tuples.every((tuple) =>
        tuple.some((e, axis) => dims.isSame(e, range.index) && dims.isSame(heavy.type.shape[axis] ?? 0, range.extent)),
      ),
    ),
  )
  const names = new Set(separable.filter((r) => typeof r.index !== 'number').map((r) => r.name))
  if (names.size > 0 && names.size < nonTrivial(group.ranges)) yield names
}

/** The nearest heavy values behind `value`, with the tuples at which they would be evaluated. */
function frontier(
  state: PartitionState,
  group: Group,
  value: Value,
  tuples: readonly Tuple[],
): ReadonlyMap<Value, readonly Tuple[]> {
  const found = new Map<Value, Tuple[]>()
  const waiting = new Map<Value, Tuple[]>([[value, [...tuples]]])
  const visited = new Set<AnyOp>()
  while (waiting.size > 0) {
    // the latest value first, so that every reader of a value is visited before it
    const next = [...waiting.keys()].reduce((a, b) => (a.id > b.id ? a : b))
    const at = waiting.get(next) ?? []
    waiting.delete(next)
    const op = state.producers.get(next)
    if (op === undefined || !state.heavy.has(next)) continue
    const isOurs = (state.consumers.get(next) ?? []).every((c) => visited.has(c) || group.members.has(c))
    if (next !== value && !isOurs) continue // somebody else reads it: it will have a buffer
    visited.add(op)
    if (isHeavy(op)) {
      found.set(next, at)
      continue
    }
    for (const [input, tuple] of operands(op, at)) addTuple(waiting, input, tuple)
  }
  return found
}

function operands(op: AnyOp, tuples: readonly Tuple[]): readonly (readonly [Value, Tuple])[] {
  if (classOf(op) === 'indexed') return []
  return tuples.flatMap((tuple) =>
    mapIndex(op, tuple).flatMap((index) => {
      const input = op.inputs[index.operand]
      return input === undefined ? [] : [[input, index.tuple] as const]
    }),
  )
}

function addTuple(into: Map<Value, Tuple[]>, value: Value, tuple: Tuple): void {
  const known = into.get(value) ?? []
  if (!known.some((t) => keyOf(t) === keyOf(tuple))) known.push(tuple)
  into.set(value, known)
}

function hasOtherSymbols(e: Dim, group: Group, grid: ReadonlySet<string>): boolean {
  return [...symbolsIn([e], group.ranges)].some((name) => !grid.has(name))
}

/** Ranges that really run: an extent of 1 needs no variable. */
function nonTrivial(ranges: Group['ranges']): number {
  return [...ranges.values()].filter((r) => typeof r.index !== 'number').length
}

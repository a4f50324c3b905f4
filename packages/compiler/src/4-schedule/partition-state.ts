// partition-state: what partitioning knows while it walks a graph backwards
//
// Created for one segment and thrown away with the partition. Values are decided in reverse order, so that at each value
// every use of it is known.

import { type Dim, type PrimitiveClass, dims, primitiveClass } from '@tsjit/dsl/compiler'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import type { Machine } from './machine.ts'
import type { Segment } from './segment.ts'
import type { Namer, Range, Tuple } from './space.ts'
import { keyOf } from './space.ts'

/** One kernel to be: everything that is evaluated over the ranges of its root. */
export interface Group {
  readonly id: number
  /** The value whose axes are the ranges. */
  readonly root: Value
  readonly ranges: ReadonlyMap<string, Range>
  readonly stores: Store[]
  /** The ops evaluated here. */
  readonly members: Set<AnyOp>
  /** Names of the ranges that are one group of lanes each; the others are walked inside. Set: a row kernel. */
  grid: ReadonlySet<string> | undefined
  /** The contraction that the tiles are made for. Set without a grid: a tiled kernel. */
  primary: Op<'contract'> | undefined
  /** Elements of group memory spoken for. */
  staged: number
  /** Values that it reads from buffers. */
  readonly reads: Set<Value>
  readonly reasons: Set<string>
  readonly refused: string[]
}

/** A value that a group writes, at which tuple of its own ranges, and where to. */
export interface Store {
  readonly value: Value
  readonly tuple: Tuple
  readonly targets: readonly StoreTarget[]
}

/** A buffer, named by the value that owns it; part of it where the value was concatenated into the owner. */
export interface StoreTarget {
  readonly owner: Value
  readonly part?: { readonly axis: number; readonly offset: Dim }
}

/** One evaluation of a value. */
export interface Use {
  readonly group: Group
  readonly tuple: Tuple
  /** Inside a reduction or a contraction of the group, rather than after it. */
  readonly operand: boolean
}

/** Everything that partitioning tracks. */
export interface PartitionState {
  readonly segment: Segment
  readonly machine: Machine
  readonly namer: Namer
  readonly producers: ReadonlyMap<Value, AnyOp>
  readonly consumers: ReadonlyMap<Value, readonly AnyOp[]>
  /** Values computed, directly or not, from a reduction or a contraction. */
  readonly heavy: ReadonlySet<Value>
  readonly outputs: ReadonlySet<Value>
  /** Values that must have a buffer (the kernel would otherwise bind too many). */
  readonly forced: ReadonlySet<Value>
  readonly uses: Map<Value, Use[]>
  readonly groups: Group[]
  /** Which groups write a buffer. */
  readonly storers: Map<Value, Group[]>
  /** Buffers that a value must also be written to. */
  readonly targets: Map<Value, StoreTarget[]>
}

/** Returns the state before any decision. */
export function createPartitionState(
  segment: Segment,
  machine: Machine,
  namer: Namer,
  forced: ReadonlySet<Value>,
): PartitionState {
  const producers = new Map<Value, AnyOp>()
  const consumers = new Map<Value, AnyOp[]>()
  const heavy = new Set<Value>()
  for (const op of segment.ops) {
    producers.set(op.result, op)
    for (const input of new Set(op.inputs)) consumers.set(input, [...(consumers.get(input) ?? []), op])
    if (isHeavy(op) || op.inputs.some((v) => heavy.has(v))) heavy.add(op.result)
  }
  return {
    segment,
    machine,
    namer,
    producers,
    consumers,
    heavy,
    outputs: new Set(segment.wants.filter(({ value, owner }) => value === owner).map(({ value }) => value)),
    forced,
    uses: new Map(),
    groups: [],
    storers: new Map(),
    targets: new Map(),
  }
}

/** Returns whether a value is the result of a kernel rather than an input, a weight or a tensor known at build. */
export function isComputed(producer: AnyOp | undefined): boolean {
  return producer !== undefined && producer.kind !== 'literal'
}

/** Returns the class of an op: from the DSL's table. */
export function classOf(op: AnyOp): PrimitiveClass {
  return primitiveClass[op.kind]
}

/** Returns whether an op loops over more than its result: a reduction or a contraction. */
export function isHeavy(op: AnyOp): boolean {
  return classOf(op) === 'reduction' || classOf(op) === 'contraction'
}

/** Records one more evaluation of a value; the same evaluation twice is one. */
export function addUse(state: PartitionState, value: Value, use: Use): void {
  const uses = state.uses.get(value) ?? []
  const key = keyOf(use.tuple)
  if (!uses.some((u) => u.group === use.group && u.operand === use.operand && keyOf(u.tuple) === key)) uses.push(use)
  state.uses.set(value, uses)
}

/** Returns the distinct tuples among uses. */
export function tuplesOf(uses: readonly Use[]): readonly Tuple[] {
  return [...new Map(uses.map((u) => [keyOf(u.tuple), u.tuple])).values()]
}

/** Returns whether `from` reads, directly or not, what `to` writes. */
export function dependsOn(state: PartitionState, from: Group, to: Group): boolean {
  const seen = new Set<Group>()
  const stack = [from]
  for (let group = stack.pop(); group !== undefined; group = stack.pop()) {
    for (const value of group.reads)
      for (const storer of state.storers.get(value) ?? []) {
        if (storer === to) return true
        if (!seen.has(storer)) {
          seen.add(storer)
          stack.push(storer)
        }
      }
  }
  return false
}

/** Returns whether a group reads a buffer, or what is computed from it. */
export function readsBuffer(state: PartitionState, group: Group, owner: Value): boolean {
  const seen = new Set<Group>()
  const stack = [group]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.reads.has(owner)) return true
    for (const value of next.reads)
      for (const storer of state.storers.get(value) ?? []) {
        if (seen.has(storer)) continue
        seen.add(storer)
        stack.push(storer)
      }
  }
  return false
}

/** Returns the largest value that a size can have; Infinity where unbounded. */
export function atMost(size: Dim): number {
  return dims.bounds(size).high
}

// cut-flow: graph -> segments, and the control flow among them
//
// Ops with regions cut the ops around them into segments, each of which is scheduled by itself. What several segments
// need is in buffers; views and sources are cheaper to repeat, so that every segment that reads one has its own.
//
// A carry lies in one buffer, named by the result of its loop: the start is written there first, and every turn writes what is next beside it and copies it when the turn is over (in-place.ts spares most of these copies).

import { primitiveClass } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { AnyOp, BranchOp, ControlOp, Dim, Graph, GraphOp, LoopOp, Value } from '../../ir/graph/graph.ts'
import { isControl, primitivesOf, readsOf, regionsOf } from '../../ir/graph/regions.ts'
import type { Segment, Want } from '../segment.ts'

/** One step of a flow. */
export type Flow =
  | { readonly kind: 'segment'; readonly segment: Segment }
  | {
      readonly kind: 'branch'
      readonly op: BranchOp
      readonly index: Value
      readonly arms: readonly (readonly Flow[])[]
    }
  | {
      readonly kind: 'loop'
      readonly op: LoopOp
      /** Writes what the carry starts with, where no kernel before the loop makes it. */
      readonly start: readonly Flow[]
      readonly count: Dim | undefined
      /** The buffer with the number of turns, where the device counts them. */
      readonly turns: Value | undefined
      readonly test: { readonly flow: readonly Flow[]; readonly result: Value } | undefined
      readonly body: readonly Flow[]
      readonly carries: readonly Carry[]
    }

/** The carry of the next turn, and the buffer that it is copied to. */
export interface Carry {
  readonly next: Value
  readonly owner: Value
  /** Whether somebody reads the buffer when the loop is over. */
  readonly isRead: boolean
}

/** A graph cut up. */
export interface CutGraph {
  readonly flow: readonly Flow[]
  /** The buffer of each output of the graph. */
  readonly owners: readonly Value[]
  /** Names the buffer of a value that has one. */
  ownerOf(value: Value): Value
}

/** Cuts a graph at its control flow. */
export function cutFlow(graph: Graph): CutGraph {
  const producers = new Map(primitivesOf(graph.ops).map((op) => [op.result, op]))
  let fresh = 0
  const state: CutState = {
    producers,
    stored: new Set(),
    carried: new Map(),
    temporary({ type }) {
      fresh -= 1
      return { id: fresh, type }
    },
  }
  const seen = new Set<Value>()
  const given = new Set([...graph.inputs, ...graph.weights].map(({ value }) => value))
  const wants = graph.outputs.map(({ value }): Want => {
    // an input or a constant is no result of a kernel, nor is what another output returns too: returning it is a copy
    const isOwn = !given.has(value) && producers.get(value)?.kind !== 'literal' && !seen.has(value)
    seen.add(value)
    return { value, owner: isOwn ? value : state.temporary(value) }
  })
  const flow = cut(state, graph.ops, wants)
  return { flow, owners: wants.map(({ owner }) => owner), ownerOf: (value) => state.carried.get(value) ?? value }
}

interface CutState {
  readonly producers: ReadonlyMap<Value, AnyOp>
  /** Results of ops that some segment has put into a buffer: one here, or one around, which has run whatever runs here. */
  readonly stored: Set<Value>
  /** The buffers of carries. */
  readonly carried: Map<Value, Value>
  temporary(like: Value): Value
}

/** What costs nothing to repeat: it is never kept for a later segment. */
function isRepeated({ kind }: AnyOp): boolean {
  const cls = primitiveClass[kind]
  return cls === 'source' || (cls === 'movement' && kind !== 'pad' && kind !== 'concat')
}

function isBuffered({ producers, stored }: CutState, value: Value): boolean {
  const producer = producers.get(value)
  return producer === undefined || producer.kind === 'literal' || stored.has(value)
}

function cut(state: CutState, ops: readonly GraphOp[], wants: readonly Want[]): readonly Flow[] {
  const flow: Flow[] = []
  const last = lastReads(state, ops, wants)
  let waiting: ReadonlyMap<Value, AnyOp> = new Map()
  let own = new Map<Value, AnyOp>()
  const close = (at: number, wanted: readonly Want[], needs: readonly Value[]): void => {
    waiting = new Map([...waiting, ...own])
    own = new Map()
    const taken = takeOps(state, waiting, [...wanted.map(({ value }) => value), ...needs])
    const results = new Set(taken.map(({ result }) => result))
    const rest = new Map([...waiting].filter(([value]) => !results.has(value)))
    const readByRest = new Set([...rest.values()].flatMap((op) => op.inputs.flatMap((v) => basesOf(state, v))))
    const kept = taken
      .filter((op) => !isRepeated(op) && waiting.has(op.result))
      .map(({ result }) => result)
      .filter((result) => (last.get(result) ?? -1) > at || readByRest.has(result))
    const already = new Set(wanted.filter(({ value, owner }) => value === owner).map(({ value }) => value))
    const all = [...wanted, ...kept.filter((value) => !already.has(value)).map((value) => ({ value, owner: value }))]
    if (all.length > 0) flow.push({ kind: 'segment', segment: segmentOf(taken, all) })
    for (const value of [...kept, ...already]) state.stored.add(value)
    waiting = rest
  }
  ops.forEach((op, at) => {
    if (!isControl(op)) {
      own.set(op.result, op)
      return
    }
    const isMade = (value: Value): boolean => waiting.has(value) || own.has(value)
    const { before, starts, needs } = entryOf(state, op, isMade)
    close(at, before, needs)
    const isRead = (value: Value): boolean => last.has(value)
    flow.push(op.kind === 'branch' ? cutBranch(state, op) : cutLoop(state, op, { starts, isRead }))
  })
  const left = wants.filter(({ value, owner }) => !(value === owner && isBuffered(state, value)))
  close(ops.length, left, [])
  return flow
}

/** Returns where each value is read last: by an op, inside of one (later than what it begins with), or at the end. */
function lastReads(state: CutState, ops: readonly GraphOp[], wants: readonly Want[]): ReadonlyMap<Value, number> {
  const last = new Map<Value, number>()
  const readAt = (value: Value, at: number): void => {
    for (const base of basesOf(state, value)) last.set(base, at)
  }
  ops.forEach((op, at) => {
    // a carry that begins as a view is filled when what is viewed has been written
    const isView = (value: Value): boolean => !basesOf(state, value).includes(value)
    for (const value of op.inputs) readAt(value, op.kind === 'loop' && isView(value) ? at + 0.5 : at)
    if (isControl(op)) for (const value of insideReads(op)) readAt(value, at + 0.5)
  })
  for (const { value } of wants) readAt(value, ops.length)
  return last
}

function insideReads(op: ControlOp): readonly Value[] {
  return regionsOf(op).flatMap(({ ops, results }) => [...ops.flatMap(readsOf), ...results])
}

interface Entry {
  readonly before: readonly Want[]
  /** Carries that start with what is at hand. */
  readonly starts: readonly Want[]
  /** What else is read from buffers. */
  readonly needs: readonly Value[]
}

/** What has to be in buffers when an op with regions begins. */
function entryOf(state: CutState, op: ControlOp, isMade: (value: Value) => boolean): Entry {
  const scalar = op.kind === 'branch' ? op.inputs[0] : op.count === 'tensor' ? op.inputs.at(-1) : undefined
  const needs: Value[] = insideReads(op).flatMap((value) => basesOf(state, value))
  const before: Want[] = []
  const starts: Want[] = []
  if (scalar !== undefined && !isBuffered(state, scalar)) before.push({ value: scalar, owner: scalar })
  if (op.kind === 'loop')
    op.body.params.forEach((param, i) => {
      const [value, owner] = [op.inputs[i], op.results[i]]
      if (value === undefined || owner === undefined) return internalError('a carry has a start and an end')
      state.carried.set(param, owner)
      const producer = state.producers.get(value)
      const isOwn = producer !== undefined && !isRepeated(producer) && isMade(value) && !state.stored.has(value)
      if (isOwn) before.push({ value, owner })
      else {
        starts.push({ value, owner })
        needs.push(...basesOf(state, value))
      }
    })
  return { before, starts, needs }
}

/** The state of a region: what it stores is nothing to rely on outside, since it may never run. */
function inside(state: CutState): CutState {
  return { ...state, stored: new Set(state.stored) }
}

function cutBranch(state: CutState, op: BranchOp): Flow {
  const arms = op.arms.map(({ ops, results }) =>
    cut(
      inside(state),
      ops,
      results.map((value, i) => ({ value, owner: op.results[i] ?? internalError('arms give what the branch does') })),
    ),
  )
  return { kind: 'branch', op, index: op.inputs[0], arms }
}

function cutLoop(
  state: CutState,
  op: LoopOp,
  { starts, isRead }: { readonly starts: readonly Want[]; isRead(value: Value): boolean },
): Flow {
  const { body, test, results, at, origin } = op
  const carried = body.params.length
  const tested = test?.results[0]
  const testOwner = tested === undefined ? undefined : state.temporary(tested)
  const testFlow =
    test === undefined || tested === undefined || testOwner === undefined
      ? undefined
      : { flow: cut(inside(state), test.ops, [{ value: tested, owner: testOwner }]), result: testOwner }
  const carries = results
    .slice(0, carried)
    .map((owner) => ({ next: state.temporary(owner), owner, isRead: isRead(owner) }))
  const rows: AnyOp[] = []
  const wants = body.results.map((value, i): Want => {
    const owner = carries[i]?.next
    if (owner !== undefined) return { value, owner }
    const stack = results[i] ?? internalError('a stack has a result')
    const shape = [1, ...value.type.shape]
    const row = { ...state.temporary(value), type: { dtype: value.type.dtype, shape } }
    rows.push({ kind: 'reshape', inputs: [value], params: { shape }, result: row, origin })
    return { value: row, owner: stack, part: { axis: 0, offset: at } }
  })
  const withRows: CutState = {
    ...inside(state),
    producers: new Map([...state.producers, ...rows.map((op) => [op.result, op] as const)]),
  }
  const flow = cut(withRows, [...body.ops, ...rows], wants)
  const turns = op.count === 'tensor' ? op.inputs.at(-1) : undefined
  const count = op.count === 'tensor' || op.count === 'test' ? undefined : op.count
  const startOps = takeOps(
    state,
    new Map(),
    starts.map(({ value }) => value),
  )
  const start: readonly Flow[] = starts.length === 0 ? [] : [{ kind: 'segment', segment: segmentOf(startOps, starts) }]
  return { kind: 'loop', op, start, count, turns, test: testFlow, body: flow, carries }
}

/** Returns the values that are in buffers, or will be, from which one is only another view. */
function basesOf(state: CutState, value: Value): readonly Value[] {
  const producer = state.producers.get(value)
  if (producer === undefined || !isRepeated(producer) || state.stored.has(value)) return [value]
  return producer.inputs.flatMap((input) => basesOf(state, input))
}

/** Returns the ops that give `values`: repeated ones, then those that wait, in order. */
function takeOps(state: CutState, waiting: ReadonlyMap<Value, AnyOp>, values: readonly Value[]): readonly AnyOp[] {
  const repeated = new Map<Value, AnyOp>()
  const needed = new Set<Value>()
  const need = (value: Value): void => {
    const producer = state.producers.get(value)
    if (producer === undefined || state.stored.has(value) || repeated.has(value)) return
    if (waiting.has(value)) {
      needed.add(value)
      return
    }
    // values of regions around or inside are not made here
    if (!isRepeated(producer)) return
    producer.inputs.forEach(need)
    repeated.set(value, producer)
  }
  values.forEach(need)
  const taken: AnyOp[] = []
  for (const [value, op] of [...waiting].reverse()) {
    if (!needed.has(value)) continue
    taken.push(op)
    op.inputs.forEach(need)
  }
  return [...repeated.values(), ...taken.reverse()]
}

function segmentOf(ops: readonly AnyOp[], wants: readonly Want[]): Segment {
  const made = new Set(ops.map(({ result }) => result))
  const read = [...ops.flatMap(({ inputs }) => inputs), ...wants.map(({ value }) => value)]
  return { inputs: [...new Set(read)].filter((value) => !made.has(value)), ops, wants }
}

// regions: what ops with and without regions have in common

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, ControlOp, Dim, GraphOp, LoopOp, Region, Value } from './graph.ts'

/** Returns whether an op has regions. */
export function isControl(op: GraphOp): op is ControlOp {
  return op.kind === 'branch' || op.kind === 'loop'
}

/** Returns the values that an op makes. */
export function resultsOf(op: GraphOp): readonly Value[] {
  return isControl(op) ? op.results : [op.result]
}

/** Returns the regions of an op, in the order in which they first run. */
export function regionsOf(op: GraphOp): readonly Region[] {
  if (op.kind === 'branch') return op.arms
  if (op.kind === 'loop') return op.test === undefined ? [op.body] : [op.test, op.body]
  return []
}

/** Returns an op with other regions. */
export function mapRegions<O extends ControlOp>(op: O, map: (region: Region) => Region): O
export function mapRegions(op: ControlOp, map: (region: Region) => Region): ControlOp {
  if (op.kind === 'branch') return { ...op, arms: op.arms.map(map) }
  return { ...op, test: op.test && map(op.test), body: map(op.body) }
}

/** Calls `visit` for every op, those with regions before what is in them. */
export function forEachOp(ops: readonly GraphOp[], visit: (op: GraphOp) => void): void {
  for (const op of ops) {
    visit(op)
    for (const region of regionsOf(op)) forEachOp(region.ops, visit)
  }
}

/** Returns every op without regions, those in regions included. */
export function primitivesOf(ops: readonly GraphOp[]): readonly AnyOp[] {
  const found: AnyOp[] = []
  forEachOp(ops, (op) => {
    if (!isControl(op)) found.push(op)
  })
  return found
}

/** Returns the names of the counters of all loops. */
export function countersOf(ops: readonly GraphOp[]): ReadonlySet<string> {
  const names = new Set<string>()
  forEachOp(ops, (op) => {
    if (op.kind === 'loop') for (const name of counterNames(op)) names.add(name)
  })
  return names
}

/** Returns the name of a loop's counter; none where it runs once and the counter is 0. */
export function counterNames({ counter }: LoopOp): readonly string[] {
  return dims.symbolsOf(counter).map(({ name }) => name)
}

/** Returns the values that ops read, regions included. */
export function readsOf(op: GraphOp): readonly Value[] {
  return [...op.inputs, ...regionsOf(op).flatMap((r) => [...r.ops.flatMap(readsOf), ...r.results])]
}

/** Returns the sizes and index expressions that an op holds in its parameters. */
export function sizesOf(op: AnyOp): readonly Dim[] {
  return Object.values(op.params)
    .flat()
    .filter((value): value is Dim => dims.isDimExpression(value))
}

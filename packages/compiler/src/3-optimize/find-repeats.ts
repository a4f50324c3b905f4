// find-repeats: ops -> a run of them that says the same over and over
//
// Two ops are alike where kind, parameters and types agree; where a slice starts does not count. A run has a period; where
// in it a turn begins is chosen so that little crosses from turn to turn.

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, GraphOp, Value } from '../ir/graph/graph.ts'
import { isControl } from '../ir/graph/regions.ts'
import { structureKey } from '../ir/graph/structure-key.ts'

/** Ops `start` … `start + period * turns - 1`, in turns that are alike. */
export interface Repeats {
  readonly start: number
  readonly period: number
  readonly turns: number
}

/** Fewer turns are not worth a loop. */
const LEAST_TURNS = 8
/** Periods that are tried, the most promising first. */
const TRIED = 8

/** Returns the longest run of ops that repeats something heavy; undefined where there is none. */
export function findRepeats(ops: readonly GraphOp[]): Repeats | undefined {
  if (ops.length < 2 * LEAST_TURNS) return undefined
  const kinds = kindsOf(ops)
  let best: Repeats | undefined
  for (const period of periodsOf(ops, kinds)) {
    for (const { from, to } of runsOf(kinds, period)) {
      const turns = Math.floor((to - from) / period)
      const isLonger = best === undefined || turns * period > best.turns * best.period
      if (turns >= LEAST_TURNS && isLonger && isHeavy(ops, from, period)) best = { start: from, period, turns }
    }
  }
  return best && align(ops, best)
}

/** Numbers ops, alike ones alike. */
function kindsOf(ops: readonly GraphOp[]): readonly number[] {
  const numbers = new Map<string, number>()
  return ops.map((op, at) => {
    const key = isControl(op) ? `control ${at}` : likenessOf(op)
    const known = numbers.get(key) ?? numbers.size
    numbers.set(key, known)
    return known
  })
}

/** Returns a key that alike ops share. */
export function likenessOf(op: AnyOp): string {
  const params = op.kind === 'slice' ? { ...op.params, starts: op.params.starts.length } : op.params
  const { dtype, shape } = op.result.type
  return `${op.kind} ${op.inputs.length} ${structureKey(params)} ${dtype} ${shape.map(dims.keyOf).join()}`
}

/** Distances at which something heavy comes again, the most frequent first. */
function periodsOf(ops: readonly GraphOp[], kinds: readonly number[]): readonly number[] {
  const seen = new Map<number, number>()
  const counts = new Map<number, number>()
  ops.forEach((op, at) => {
    if (op.kind !== 'contract' && op.kind !== 'reduce') return
    const kind = kinds[at] ?? 0
    const before = seen.get(kind)
    seen.set(kind, at)
    if (before !== undefined) counts.set(at - before, (counts.get(at - before) ?? 0) + 1)
  })
  // two alike in one turn are nearer than a turn: their distances add up to a period
  const single = [...counts].filter(([, count]) => count >= LEAST_TURNS - 1).sort((a, b) => b[1] - a[1] || a[0] - b[0])
  const sums = single.flatMap(([a], i) => single.slice(i + 1).map(([b]) => a + b))
  return [...new Set([...single.map(([period]) => period), ...sums])].slice(0, TRIED)
}

/** Returns the spans from … to-1 in which every op is like the one a period later or before. */
function runsOf(kinds: readonly number[], period: number): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = []
  let from = 0
  for (let at = 0; at + period <= kinds.length; at++) {
    if (at + period < kinds.length && kinds[at] === kinds[at + period]) continue
    if (at > from) runs.push({ from, to: at + period })
    from = at + 1
  }
  return runs
}

function isHeavy(ops: readonly GraphOp[], from: number, period: number): boolean {
  return ops.slice(from, from + period).some(({ kind }) => kind === 'contract' || kind === 'reduce')
}

/** Lets turns begin where the fewest values cross from one to the next. */
function align(ops: readonly GraphOp[], { start, period, turns }: Repeats): Repeats {
  const places = new Map<Value, number>()
  ops.forEach((op, at) => {
    if (!isControl(op)) places.set(op.result, at)
  })
  // what one turn in the middle reads of the turn before, as spans that a boundary would cut
  const middle = start + period * Math.floor(turns / 2)
  const cuts = Array.from({ length: period }, () => new Set<number>())
  for (let at = middle; at < middle + period; at++) {
    for (const input of ops[at]?.inputs ?? []) {
      const made = places.get(input)
      if (made === undefined || made < at - period || made < start) continue
      for (let boundary = made + 1; boundary <= at; boundary++)
        cuts[(((boundary - start) % period) + period) % period]?.add((made - start) % period)
    }
  }
  const sizes = cuts.map((cut) => cut.size)
  const least = Math.min(...sizes)
  // the run begins where its turns do, if that is as good as any other place
  const offset = sizes[0] === least ? 0 : sizes.indexOf(least)
  return offset === 0 ? { start, period, turns } : { start: start + offset, period, turns: turns - 1 }
}

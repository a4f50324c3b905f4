// form-map-loops: group -> kernel of nested loops
//
// For groups without a reduction that fills rows. Axes that all accesses walk as one are one loop.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { forEachExpr, forEachStmt, indicesOf, indicesOfStmt, valuesOf } from '../../ir/kernel/visit.ts'
import { evaluate } from '../evaluate.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import {
  type Block,
  type KernelContext,
  createBlock,
  createKernelContext,
  indexExpr,
  storeValue,
} from '../kernel-context.ts'
import { atMost } from '../partition-state.ts'
import { type Tuple, delinearise } from '../space.ts'
import { nest } from './nest.ts'

/** Elements of a single long loop that are one group: enough work to be worth a thread's while. */
const CHUNK = 8192

/** One loop: consecutive axes of the root, walked as one. */
interface Loop {
  readonly extents: readonly Dim[]
  readonly size: Dim
}

/** Returns the kernel of a group, a loop for each run of axes. */
export function formMapLoops(context: KernelContext): FormedKernel {
  const merged = mergeAxes(context)
  const block = createBlock(undefined, 1)
  const store = (inner: Block, indices: Tuple): void => storeAll(context, inner, merged, indices)
  const [first, ...rest] = merged
  if (first === undefined) {
    store(block, [])
    return { lanes: [1, 1, 1], groups: [1, 1, 1], body: block.stmts }
  }
  const g0 = (count: Dim): Dim => dims.symbol('g0', { min: 0, below: count })
  const sizes = rest.map((loop) => loop.size)
  if (rest.length > 0) {
    const inner = createBlock(block, first.size)
    nest(context, inner, sizes, (at, indices) => store(at, [g0(first.size), ...indices]))
    return { lanes: [1, 1, 1], groups: [first.size, 1, 1], body: inner.stmts }
  }
  if (atMost(first.size) <= 2 * CHUNK) {
    nest(context, block, [first.size], store)
    return { lanes: [1, 1, 1], groups: [1, 1, 1], body: block.stmts }
  }
  const count = dims.ceilDiv(first.size, CHUNK)
  const start = dims.mul(g0(count), CHUNK)
  const left = dims.min(CHUNK, dims.sub(first.size, start))
  const isKnown = typeof left === 'number'
  const length = isKnown ? left : dims.symbol('n', { min: 0, max: CHUNK })
  if (!isKnown) block.stmts.push({ kind: 'let', name: 'n', value: indexExpr(left) })
  nest(context, block, [length], store, start)
  // counted for one group of n elements; there are enough of them for all
  context.flops = isKnown
    ? dims.mul(context.flops, count)
    : dims.substitute(context.flops, new Map([['n', first.size]]))
  return { lanes: [1, 1, 1], groups: [count, 1, 1], body: block.stmts }
}

function storeAll(context: KernelContext, block: Block, merged: readonly Loop[], indices: Tuple): void {
  const places = placesOf(context, merged, indices)
  for (const store of context.group.stores) {
    const tuple = store.tuple.map((e) => dims.substitute(e, places))
    storeValue(context, block, store, tuple, evaluate(context, block, store.value, tuple))
  }
}

/** The ranges of the group as functions of the loops. */
function placesOf({ group }: KernelContext, merged: readonly Loop[], indices: Tuple): ReadonlyMap<string, Dim> {
  const values = merged.flatMap((loop, i) => delinearise(indices[i] ?? 0, loop.extents))
  const names = [...group.ranges.values()].filter((range) => typeof range.index !== 'number').map((r) => r.name)
  return new Map(names.map((name, i) => [name, values[i] ?? 0]))
}

/** Merges neighbouring axes as long as no access has to take them apart again. */
function mergeAxes(context: KernelContext): readonly Loop[] {
  const extents = [...context.group.ranges.values()].filter((r) => typeof r.index !== 'number').map((r) => r.extent)
  let loops: readonly Loop[] = extents.map((size) => ({ extents: [size], size }))
  for (let at = loops.length - 2; at >= 0; at--) {
    const [a, b] = [loops[at], loops[at + 1]]
    if (a === undefined || b === undefined) continue
    const joined = { extents: [...a.extents, ...b.extents], size: dims.mul(a.size, b.size) }
    const candidate = [...loops.slice(0, at), joined, ...loops.slice(at + 2)]
    if (isPlain(context, candidate, at)) loops = candidate
  }
  return loops
}

/** Whether no index of the kernel divides the variable of loop `at`. */
function isPlain({ group, producers, ownerOf }: KernelContext, merged: readonly Loop[], at: number): boolean {
  const trial = createKernelContext(group, producers, ownerOf)
  const block = createBlock(undefined, 1)
  const indices = merged.map(({ size }, i) => dims.symbol(`try${i}`, { min: 0, below: size }))
  storeAll(trial, block, merged, indices)
  let plain = true
  const check = (index: Dim): void => {
    if (typeof index === 'number') return
    for (const { atoms } of index.terms)
      for (const atom of atoms)
        if (atom.kind !== 'symbol' && dims.symbolsOf(index).some((s) => s.name === `try${at}`)) plain = false
  }
  forEachStmt(block.stmts, (stmt) => {
    indicesOfStmt(stmt).forEach(check)
    forEachExpr(valuesOf(stmt), (expr) => indicesOf(expr).forEach(check))
  })
  return plain
}

// index-table: indices that move unevenly with a loop variable -> a table of offsets
//
// A convolution walks its window: channel, row and column of one loop variable take divisions, or three nested loops of a
// few steps each. Where the part of an index that depends on the variable depends on nothing else, it is the same for
// every tile: a table holds it, filled before all tiles.

import { Polynomial, type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import { type Block, type KernelContext, groupArray, indexExpr } from '../kernel-context.ts'

/** Entries of a table; longer loops nest. */
export const TABLE_LIMIT = 4096

/** The tables of one kernel. */
export interface IndexTables {
  /** Names by what they hold. */
  readonly arrays: Map<string, string>
  /** Statements that fill them, for the start of a group. */
  readonly fill: Stmt[]
}

/**
 * Returns the body of a loop over `variable` with uneven indices read from tables; names of what does not depend on the
 * variable go into `before`.
 */
export function withTables(
  context: KernelContext,
  tables: IndexTables,
  before: Block,
  loop: { readonly variable: Dim; readonly count: number },
  body: readonly Stmt[],
): readonly Stmt[] {
  const [own] = dims.symbolsOf(loop.variable)
  if (own === undefined) return body
  const head: Stmt[] = []
  const offsets = new Map<string, Dim>()
  const bases = new Map<string, Dim>()
  const places = new Map<string, Dim>()
  const access = (index: Dim): Dim => {
    const parts = split(index, own.name)
    if (parts === undefined || dims.slopeOf(parts.moving, own.name) !== undefined) return index
    const key = dims.keyOf(parts.moving)
    const offset = offsets.get(key) ?? entryOf(context, tables, head, loop, parts.moving)
    offsets.set(key, offset)
    // a constant stays apart, for neighbours to share the rest, unless the rest could be negative without it
    const isApart =
      dims.bounds(parts.moving).low >= 0 && dims.bounds(dims.sub(parts.still, dims.constantTerm(parts.still))).low >= 0
    const constant = isApart ? dims.constantTerm(parts.still) : 0
    const still = dims.sub(parts.still, constant)
    const base = bases.get(dims.keyOf(still)) ?? named(context, before, still)
    bases.set(dims.keyOf(still), base)
    const sum = dims.add(base, offset)
    const place = places.get(dims.keyOf(sum)) ?? summed(context, head, sum)
    places.set(dims.keyOf(sum), place)
    return dims.add(place, constant)
  }
  const rewritten = mapKernel(body, { access })
  return [...head, ...rewritten]
}

/** The terms of an index with a symbol, and those without; undefined where a term has other loop variables too. */
function split(index: Dim, name: string): { readonly moving: Dim; readonly still: Dim } | undefined {
  if (typeof index === 'number') return undefined
  let moving: Dim = 0
  let still: Dim = 0
  for (const term of index.terms) {
    const part = dims.mul(new Polynomial([{ ...term, coefficient: 1 }], ''), term.coefficient)
    const symbols = dims.symbolsOf(part).map((s) => s.name)
    if (!symbols.includes(name)) still = dims.add(still, part)
    else if (symbols.every((s) => s === name)) moving = dims.add(moving, part)
    else return undefined
  }
  return moving === 0 ? undefined : { moving, still }
}

/** Names the entry of the table that holds `moving`, and fills the table where it is new. */
function entryOf(
  context: KernelContext,
  { arrays, fill }: IndexTables,
  head: Stmt[],
  { variable, count }: { readonly variable: Dim; readonly count: number },
  moving: Dim,
): Dim {
  const at = context.namer.range('k', count)
  const general = rename(moving, variable, at.index)
  const key = dims.keyOf(rename(moving, variable, dims.symbol('entry', { min: 0, below: count })))
  const known = arrays.get(key)
  const array = known ?? groupArray(context, 'i32', 1, count)
  if (known === undefined) {
    arrays.set(key, array)
    const store: Stmt = { kind: 'groupStore', array, index: at.index, value: indexExpr(general) }
    fill.push({ kind: 'for', name: at.name, count, unroll: false, body: [store] })
  }
  const name = context.namer.name('o')
  const value: Expr = { kind: 'groupLoad', type: 'i32', width: 1, array, index: variable }
  head.push({ kind: 'let', name, value })
  return dims.symbol(name, { min: 0 })
}

function rename(index: Dim, from: Dim, to: Dim): Dim {
  return dims.substitute(index, new Map(dims.symbolsOf(from).map((s) => [s.name, to])))
}

function summed(context: KernelContext, head: Stmt[], value: Dim): Dim {
  const name = context.namer.name('o')
  head.push({ kind: 'let', name, value: indexExpr(value) })
  return dims.symbol(name, { min: 0 })
}

function named(context: KernelContext, before: Block, value: Dim): Dim {
  if (typeof value === 'number') return value
  const name = context.namer.name('b')
  before.stmts.push({ kind: 'let', name, value: indexExpr(value) })
  return dims.symbol(name, { min: -(2 ** 31) })
}

// row-context: what the stages of a row kernel share

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { substituteStmts } from '../ir/kernel/substitute.ts'
import { type Block, type KernelContext, createBlock, indexExpr, testIndex } from './kernel-context.ts'
import type { Machine } from './machine.ts'
import { delinearise, isMultiple, type Tuple } from './space.ts'
import { usually } from './usual-size.ts'
import { hasWholeVectors } from './whole-vectors.ts'

/** A kernel that computes one row a group. */
export interface RowContext {
  readonly context: KernelContext
  readonly grid: ReadonlySet<string>
  readonly rows: Dim
  readonly block: Block
  /** Elements of group memory in use. */
  staged: number
  /** Runs a body for every element of `sizes`. */
  walk(sizes: readonly Dim[], body: (inner: Block, indices: Tuple) => void): void
  /** Runs a body once a row. */
  once(body: (inner: Block) => void): void
}

/** What is done for an element of a row, or for four. */
export type WalkBody = (inner: Block, indices: Tuple) => void

/** A row that lanes compute together. */
export interface LanesRow extends RowContext {
  /** Runs a body for every element of `sizes`; returns whether `context.vector` stood for four of them. */
  walk(sizes: readonly Dim[], body: WalkBody): boolean
  readonly lanes: number
  readonly machine: Machine
}

/** Returns the context of a row for a group of lanes. */
export function createLanesRow(
  context: KernelContext,
  machine: Machine,
  grid: ReadonlySet<string>,
  rows: Dim,
  lanes: number,
): LanesRow {
  const row: LanesRow = {
    context,
    machine,
    grid,
    lanes,
    rows,
    block: createBlock(undefined, dims.mul(rows, lanes)),
    staged: 0,
    walk: (sizes, body) => overLanes(row, sizes, body),
    once(body) {
      const inner = createBlock(row.block, rows)
      body(inner)
      const condition = testIndex(dims.symbol('l0', { min: 0, below: lanes }), '<', 1)
      row.block.stmts.push({ kind: 'if', condition, then: inner.stmts, otherwise: [] })
    },
  }
  return row
}

/** Runs a body for every element of `sizes`, the lanes side by side; returns whether four at a time. */
function overLanes(row: LanesRow, sizes: readonly Dim[], body: WalkBody): boolean {
  const { context, lanes, machine } = row
  const last = sizes.at(-1) ?? 1
  const isEnough = machine.rowVectors && usually(dims.product(sizes)) >= 2 * lanes
  if (isEnough && isMultiple(last, 4)) {
    const { flops } = context
    const fours = [...sizes.slice(0, -1), dims.floorDiv(last, 4)]
    if (walkElements(row, fours, (inner, indices) => walkFours(context, inner, indices, last, body))) return true
    context.flops = flops
  }
  walkElements(row, sizes, (inner, indices) => {
    body(inner, indices)
    return true
  })
  return false
}

/** Runs a body for four neighbours along the last axis; returns false, and adds nothing, where memory has none. */
function walkFours(context: KernelContext, block: Block, indices: Tuple, last: Dim, body: WalkBody): boolean {
  const name = context.namer.name('v')
  const inner = createBlock(block, dims.mul(block.times, 4))
  context.vector = name
  body(inner, [...indices.slice(0, -1), dims.symbol(name, { min: 0, below: last })])
  context.vector = undefined
  const stmts = substituteStmts(inner.stmts, new Map([[name, dims.mul(indices.at(-1) ?? 0, 4)]]))
  if (!hasWholeVectors(stmts)) return false
  block.stmts.push(...stmts)
  return true
}

/** Runs a body for every element of `sizes`; adds nothing where it returns false. */
function walkElements(row: LanesRow, sizes: readonly Dim[], body: (inner: Block, indices: Tuple) => boolean): boolean {
  const { context, lanes, block, rows } = row
  const count = dims.product(sizes)
  const inner = createBlock(block, dims.mul(rows, count))
  const lane = dims.symbol('l0', { min: 0, below: lanes })
  const rounds = context.namer.range('k', dims.ceilDiv(count, lanes))
  const element = context.namer.name('e')
  const index = dims.symbol(element, { min: 0, below: count })
  if (!body(inner, delinearise(index, sizes))) return false
  const position = dims.add(dims.mul(rounds.index, lanes), lane)
  const isExact = isMultiple(count, lanes)
  const condition = testIndex(typeof index === 'number' ? position : index, '<', count)
  const named: readonly Stmt[] =
    typeof index === 'number' ? [] : [{ kind: 'let', name: element, value: indexExpr(position) }]
  const guarded: readonly Stmt[] = isExact ? inner.stmts : [{ kind: 'if', condition, then: inner.stmts, otherwise: [] }]
  const stmts = [...named, ...guarded]
  if (typeof rounds.index === 'number') block.stmts.push(...stmts)
  else block.stmts.push({ kind: 'for', name: rounds.name, count: rounds.extent, unroll: false, body: stmts })
  return true
}

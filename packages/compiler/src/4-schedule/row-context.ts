// row-context: what the stages of a row kernel share

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { type Block, type KernelContext, createBlock, indexExpr, testIndex } from './kernel-context.ts'
import type { Machine } from './machine.ts'
import { type Tuple, delinearise } from './space.ts'

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

/** A row that lanes compute together. */
export interface LanesRow extends RowContext {
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

/** Runs a body for every element of `sizes`, the lanes side by side. */
function overLanes(row: LanesRow, sizes: readonly Dim[], body: (inner: Block, indices: Tuple) => void): void {
  const { context, lanes, block, rows } = row
  const count = dims.product(sizes)
  const inner = createBlock(block, dims.mul(rows, count))
  const lane = dims.symbol('l0', { min: 0, below: lanes })
  const rounds = context.namer.range('k', dims.ceilDiv(count, lanes))
  const element = context.namer.name('e')
  const index = dims.symbol(element, { min: 0, below: count })
  body(inner, delinearise(index, sizes))
  const position = dims.add(dims.mul(rounds.index, lanes), lane)
  const isExact = dims.compare(dims.mod(count, lanes), '==', 0) === 'yes'
  const condition = testIndex(typeof index === 'number' ? position : index, '<', count)
  const named: readonly Stmt[] =
    typeof index === 'number' ? [] : [{ kind: 'let', name: element, value: indexExpr(position) }]
  const guarded: readonly Stmt[] = isExact ? inner.stmts : [{ kind: 'if', condition, then: inner.stmts, otherwise: [] }]
  const stmts = [...named, ...guarded]
  if (typeof rounds.index === 'number') block.stmts.push(...stmts)
  else block.stmts.push({ kind: 'for', name: rounds.name, count: rounds.extent, unroll: false, body: stmts })
}

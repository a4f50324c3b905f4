// nest: loops over sizes, the innermost four elements at a time
//
// The body is formed twice: for vectors, and for the elements that are left over.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { substituteStmts } from '../../ir/kernel/substitute.ts'
import { type Block, type KernelContext, createLoopBlock } from '../kernel-context.ts'
import type { Range, Tuple } from '../space.ts'
import { sideBySide, storesLast, turnsSideBySide } from './side-by-side.ts'

/** What a loop does for one element, or for four. */
export type Body = (inner: Block, indices: Tuple) => void

/** Adds loops over `sizes` to a block; `start` is where the innermost begins. */
export function nest(context: KernelContext, block: Block, sizes: readonly Dim[], body: Body, start: Dim = 0): void {
  const innermost = sizes.at(-1)
  if (innermost === undefined) return body(block, [])
  outer(context, block, sizes.slice(0, -1), [], (inner, indices) => {
    overElements(context, inner, innermost, (at, index) => body(at, [...indices, dims.add(start, index)]), {
      below: innermost,
    })
  })
}

/** Adds a loop over `size` elements, four at a time as far as they go; several such turns are one where they are long. */
export function overElements(
  context: KernelContext,
  block: Block,
  size: Dim,
  body: (inner: Block, index: Dim) => void,
  { start = 0, below }: LoopOptions = {},
): void {
  const bound = below === undefined ? {} : { below }
  const vectors = dims.floorDiv(size, 4)
  const done = dims.mul(vectors, 4)
  if (typeof vectors !== 'number' || vectors > 0) {
    const { name, stmts } = vectorBody(context, block, size, 4, body, bound)
    const turns = turnsSideBySide(stmts, size)
    const push = (first: Dim, count: Dim, step: number): void => {
      if (count === 0) return
      const range = context.namer.range('k', count)
      const index = dims.add(first, dims.mul(range.index, 4 * step))
      const indices = Array.from({ length: step }, (_, turn) => dims.add(index, 4 * turn))
      pushLoop(block, range, sideBySide(context.namer, stmts, name, indices))
    }
    const whole = dims.floorDiv(vectors, turns)
    push(start, whole, turns)
    const first = dims.mul(whole, turns)
    if (turns > 1) push(dims.add(start, dims.mul(first, 4)), dims.sub(vectors, first), 1)
  }
  scalarLoop(context, block, dims.sub(size, done), body, { start: dims.add(start, done), ...bound })
}

/** Adds plain loops over `sizes`, then what is inside. */
export function outer(context: KernelContext, block: Block, sizes: readonly Dim[], indices: Tuple, inside: Body): void {
  const [size, ...rest] = sizes
  if (size === undefined) return inside(block, indices)
  scalarLoop(context, block, size, (inner, index) => outer(context, inner, rest, [...indices, index], inside))
}

/** Where a loop runs, besides from 0 to its size. */
export interface LoopOptions {
  /** What its index starts from. */
  readonly start?: Dim
  /** A bound that is known of the index, start included. */
  readonly below?: Dim
}

/** Adds a loop of `size` steps. */
export function scalarLoop(
  context: KernelContext,
  block: Block,
  size: Dim,
  body: (inner: Block, index: Dim) => void,
  { start = 0, below }: LoopOptions = {},
): void {
  if (typeof size === 'number' && size <= 0) return
  const range = context.namer.range('k', size)
  const inner = createLoopBlock(block, range.name, size)
  const at = dims.add(start, range.index)
  if (below === undefined || typeof at === 'number') body(inner, at)
  else {
    const name = context.namer.name('n')
    const named = createLoopBlock(inner, name, 1)
    body(named, dims.symbol(name, { min: 0, below }))
    inner.stmts.push(...substituteStmts(named.stmts, new Map([[name, at]])))
  }
  pushLoop(block, range, inner.stmts)
}

/** Adds a loop over the whole vectors of `size` elements, `unroll` elements (a multiple of four) a step. */
export function vectorLoop(
  context: KernelContext,
  block: Block,
  size: Dim,
  unroll: number,
  body: (inner: Block, index: Dim) => void,
  { start = 0, below }: LoopOptions = {},
): void {
  const count = dims.floorDiv(size, unroll)
  if (typeof count === 'number' && count <= 0) return
  const { name, stmts } = vectorBody(context, block, size, unroll, body, below === undefined ? {} : { below })
  const range = context.namer.range('k', count)
  const index = dims.add(start, dims.mul(range.index, unroll))
  pushLoop(block, range, storesLast(substituteStmts(stmts, new Map([[name, index]]))))
}

/** The body of a loop over vectors, and the symbol that stands for where a vector begins. */
function vectorBody(
  context: KernelContext,
  block: Block,
  size: Dim,
  unroll: number,
  body: (inner: Block, index: Dim) => void,
  { below }: Pick<LoopOptions, 'below'>,
): { readonly name: string; readonly stmts: readonly Stmt[] } {
  const name = context.namer.name('v')
  const inner = createLoopBlock(block, name, size)
  context.vector = name
  // the symbol stands for any of the first four: as many as follow are below the bound too
  body(inner, symbolOf(name, below === undefined ? undefined : dims.sub(below, unroll - 4)))
  context.vector = undefined
  return { name, stmts: inner.stmts }
}

/** A vector's symbol is one even where one value is all that it can have. */
function symbolOf(name: string, below: Dim | undefined): Dim {
  const symbol = dims.symbol(name, { min: 0, ...(below === undefined ? {} : { below }) })
  return typeof symbol === 'number' ? dims.symbol(name, { min: 0 }) : symbol
}

function pushLoop(block: Block, range: Range, body: readonly Stmt[]): void {
  if (body.length === 0) return
  if (typeof range.index !== 'number') {
    block.stmts.push({ kind: 'for', name: range.name, count: range.extent, unroll: false, body })
  } else block.stmts.push(...body)
}

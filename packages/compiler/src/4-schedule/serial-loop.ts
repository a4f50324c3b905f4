// serial-loop: what one lane does again and again

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { type Block, type KernelContext, createBlock } from './kernel-context.ts'
import { type Range, type Tuple, delinearise } from './space.ts'

/** Steps of a loop inside of vectors up to which it is none. */
const UNROLLED = 9

/** Adds nested serial loops over sizes; extents of 1 need none. */
export function serialLoop(
  context: KernelContext,
  block: Block,
  sizes: readonly Dim[],
  body: (inner: Block, indices: Tuple) => void,
): void {
  const count = dims.product(sizes)
  if (context.vector !== undefined && typeof count === 'number' && count <= UNROLLED) {
    for (let step = 0; step < count; step++) body(block, delinearise(step, sizes))
    return
  }
  const ranges = sizes.map((size) => context.namer.range('k', size))
  const inner = createBlock(block, dims.mul(block.times, dims.product(sizes)))
  body(
    inner,
    ranges.map((r) => r.index),
  )
  let stmts = inner.stmts
  for (const range of [...ranges].reverse()) {
    if (typeof range.index !== 'number')
      stmts = [{ kind: 'for', name: range.name, count: range.extent, unroll: false, body: stmts }]
    else if (range.extent === 0) stmts = []
  }
  block.stmts.push(...stmts)
}

/** Returns a loop over a range; none where it has one step. */
export function loopOver({ name, extent, index }: Range, body: readonly Stmt[]): readonly Stmt[] {
  return typeof index === 'number' ? body : [{ kind: 'for', name, count: extent, unroll: false, body }]
}

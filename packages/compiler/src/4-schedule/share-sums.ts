// share-sums: what a lane adds up where neighbouring lanes share the sums of one element

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp } from '../ir/graph/graph.ts'
import type { CombineOp, Expr } from '../ir/kernel/kernel.ts'
import { contractLabels, sizesOf } from './contract-labels.ts'
import { type Block, type KernelContext, type Sharing, groupArray } from './kernel-context.ts'
import { serialLoop } from './serial-loop.ts'
import { type Tuple, isMultiple } from './space.ts'

/** What a lane should have to do at least: vectors of a sum of products, or elements of a reduction. */
const LEAST_VECTORS = 2
const LEAST_ELEMENTS = 4

/** Returns how many lanes, a power of two up to `most`, can share what an op sums; all of them where it sums nothing. */
export function lanesFor(op: AnyOp, most: number): number {
  const [size, step, least] =
    op.kind === 'contract'
      ? [contractDepth(op), 4, 4 * LEAST_VECTORS]
      : op.kind === 'reduce'
        ? [op.inputs[0]?.type.shape[op.params.axes.at(-1) ?? 0] ?? 1, 1, LEAST_ELEMENTS]
        : [undefined, 0, 0]
  if (size === undefined) return most
  const divides = (lanes: number): boolean =>
    isMultiple(size, lanes * step) && dims.compare(size, '>=', lanes * least) === 'yes'
  let lanes = most
  while (lanes > 1 && !divides(lanes)) lanes /= 2
  return lanes
}

function contractDepth(op: Extract<AnyOp, { readonly kind: 'contract' }>): Dim {
  const labels = contractLabels(op)
  return sizesOf(labels, labels.summed).at(-1) ?? 1
}

/** Returns who shares what is summed in a block. */
export function sharingIn({ sharing }: KernelContext, block: Block, size: Dim): Sharing | undefined {
  if (sharing === undefined) return undefined
  const isShared = block === sharing.block && isMultiple(size, sharing.lanes)
  if (!isShared) sharing.isRefused = true
  return isShared ? sharing : undefined
}

/** Adds loops over the summed sizes: all of them, or the share of this lane. */
export function sumLoop(
  context: KernelContext,
  block: Block,
  sizes: readonly Dim[],
  body: (inner: Block, indices: Tuple) => void,
): void {
  const last = sizes.at(-1) ?? 1
  const sharing = sharingIn(context, block, last)
  if (sharing === undefined) return serialLoop(context, block, sizes, body)
  const { lanes, lane } = sharing
  serialLoop(context, block, [...sizes.slice(0, -1), dims.floorDiv(last, lanes)], (inner, indices) =>
    body(ofAllLanes(inner, lanes), [...indices.slice(0, -1), dims.add(dims.mul(indices.at(-1) ?? 0, lanes), lane)]),
  )
}

/** The same block, as often as all lanes that share run it. */
function ofAllLanes(block: Block, lanes: number): Block {
  return { ...block, times: dims.mul(block.times, lanes) }
}

/** Joins what the lanes have in the variable `local`, where they shared it: then all have the whole. */
export function joinShares(context: KernelContext, block: Block, op: CombineOp, local: Expr): void {
  const { sharing, namer } = context
  if (sharing === undefined || block !== sharing.block || local.kind !== 'local') return
  const { type } = local
  const array = sharing.arrays.get(type) ?? groupArray(context, type, 1, sharing.groupLanes)
  sharing.arrays.set(type, array)
  const name = namer.name('c')
  const value: Expr = { kind: 'local', type, width: 1, name }
  block.stmts.push(
    { kind: 'combine', name, array, op, value: local, lanes: sharing.lanes },
    { kind: 'set', name: local.name, value },
  )
}

// plain-product: a kernel that does nothing but multiply matrices -> what a library is told to do instead
//
// Operands are read from buffers at places that are linear in the indices, and the result is stored as it is.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Op, Value } from '../ir/graph/graph.ts'
import { bufferElement } from './buffer-element.ts'
import { contractLabels, sizesOf } from './contract-labels.ts'
import type { KernelContext } from './kernel-context.ts'
import { classOf } from './partition-state.ts'
import { type Tuple, linearise } from './space.ts'

/** A product of two matrices, or of as many pairs of them: c = a b. */
export interface PlainProduct {
  readonly a: Value
  readonly b: Value
  readonly c: Value
  /** How many, rows of a and c, columns of b and c, and what is summed. */
  readonly sizes: readonly [count: Dim, rows: Dim, columns: Dim, depth: Dim]
  /** Of each matrix, how far apart its elements are: from pair to pair, from row to row, from column to column. */
  readonly strides: readonly (readonly [pair: Dim, row: Dim, column: Dim])[]
}

const dtypes: readonly string[] = ['f32', 'f16', 'bf16']

/** Returns the product that a group is; undefined where it is more, or lies in memory in some other way. */
export function plainProduct(context: KernelContext, op: Op<'contract'>): PlainProduct | undefined {
  const { group } = context
  const [store, ...others] = group.stores
  const [target, ...more] = store?.targets ?? []
  if (store?.value !== op.result || target === undefined || target.part !== undefined) return undefined
  if (others.length + more.length > 0 || group.root !== op.result) return undefined
  if ([...group.members].some((member) => member !== op && classOf(member) !== 'movement')) return undefined
  const { batch, rows, columns, summed, sizes } = contractLabels(op)
  const indices = new Map([...sizes].map(([label, size]) => [label, dims.symbol(`=${label}`, { min: 0, below: size })]))
  const at = (labels: readonly string[]): Tuple => labels.map((label) => indices.get(label) ?? 0)
  const { a, b, out } = op.params
  const [left, right] = op.inputs.map((value, side) => bufferElement(context, value, at(side === 0 ? a : b)))
  const { dtype } = op.result.type
  if (left === undefined || right === undefined || !dtypes.includes(dtype)) return undefined
  if (left.isConverted || right.isConverted) return undefined
  const { owner } = target
  if ([left.owner, right.owner, owner].some(({ type }) => type.dtype !== dtype)) return undefined
  if (context.params.size !== new Set([left.owner, right.owner, owner]).size) return undefined
  const places = [left.index, right.index, linearise(at(out), op.result.type.shape)]
  const strides = places.map((index) => stridesOf(index, indices))
  const [inA, inB, inC] = strides
  if (inA === undefined || inB === undefined || inC === undefined) return undefined
  // axes that each matrix walks as one are one
  const asOne = (labels: readonly string[], ...matrices: readonly Strides[]): readonly Dim[] | undefined => {
    const axes = labels.filter((label) => sizes.get(label) !== 1)
    const isOne = axes.every((label, i) => {
      const next = axes[i + 1]
      if (next === undefined) return true
      return matrices.every((matrix) =>
        dims.isSame(matrix.get(label) ?? 0, dims.mul(matrix.get(next) ?? 0, sizes.get(next) ?? 1)),
      )
    })
    return isOne ? matrices.map((matrix) => matrix.get(axes.at(-1) ?? '') ?? 0) : undefined
  }
  const [pairs, row, column] = [asOne(batch, inA, inB, inC), asOne(rows, inA, inC), asOne(columns, inB, inC)]
  const depth = asOne(summed, inA, inB)
  if (pairs === undefined || row === undefined || column === undefined || depth === undefined) return undefined
  const productOf = (labels: readonly string[]): Dim => dims.product(sizesOf({ sizes }, labels))
  return {
    a: left.owner,
    b: right.owner,
    c: owner,
    sizes: [productOf(batch), productOf(rows), productOf(columns), productOf(summed)],
    strides: [
      [pairs[0] ?? 0, row[0] ?? 0, depth[0] ?? 0],
      [pairs[1] ?? 0, depth[1] ?? 0, column[0] ?? 0],
      [pairs[2] ?? 0, row[1] ?? 0, column[1] ?? 0],
    ],
  }
}

/** How far apart the elements of a buffer are along each label. */
type Strides = ReadonlyMap<string, Dim>

/** Returns by how much an index grows with each label, where that is all that it is. */
function stridesOf(index: Dim, indices: ReadonlyMap<string, Dim>): Strides | undefined {
  const strides = new Map<string, Dim>()
  let rest = index
  for (const [label, symbol] of indices) {
    const [name] = dims.symbolsOf(symbol).map((each) => each.name)
    const stride = name === undefined ? 0 : dims.slopeOf(index, name)
    if (stride === undefined || dims.symbolsOf(stride).some((each) => each.name.startsWith('='))) return undefined
    strides.set(label, stride)
    rest = dims.sub(rest, dims.mul(symbol, stride))
  }
  return dims.isSame(rest, 0) ? strides : undefined
}

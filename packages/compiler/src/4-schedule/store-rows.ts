// store-rows: the last stage of a row kernel

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import { evaluate } from './evaluate.ts'
import { type Block, storeValue } from './kernel-context.ts'
import type { Store } from './partition-state.ts'
import type { RowContext } from './row-context.ts'
import { type RowSplit, splitRow } from './row-fusion.ts'
import type { Tuple } from './space.ts'

/** The last stage: every stored value over its own inner axes; those with equal axes share a loop. */
export function storeRows(row: RowContext): void {
  const { context } = row
  const { group } = context
  const loops = new Map<
    string,
    { readonly sizes: readonly Dim[]; readonly stores: { store: Store; split: RowSplit }[] }
  >()
  for (const store of group.stores) {
    const split = splitRow(group, row.grid, store.value, [store.tuple]) ?? internalError('a stored value lies in rows')
    const sizes = split.innerAxes.map((axis) => store.value.type.shape[axis] ?? 1)
    const key = sizes.map(dims.printDim).join(',')
    const known = loops.get(key) ?? { sizes, stores: [] }
    known.stores.push({ store, split })
    loops.set(key, known)
  }
  for (const { sizes, stores } of loops.values()) {
    const write = (inner: Block, indices: Tuple): void => {
      for (const { store, split } of stores) {
        const at = placeInner(split, store.tuple, indices)
        storeValue(context, inner, store, at, evaluate(context, inner, store.value, at))
      }
    }
    if (sizes.length > 0) row.walk(sizes, write)
    else row.once((inner) => write(inner, []))
  }
}

/** Replaces the inner axes of a place. */
export function placeInner(split: RowSplit, tuple: Tuple, indices: Tuple): Tuple {
  return tuple.map((e, axis) => {
    const place = split.innerAxes.indexOf(axis)
    return place < 0 ? e : (indices[place] ?? 0)
  })
}

/** Whether two places of a value lie in the same row of a grid. */
export function isSameRow(split: RowSplit, a: Tuple, b: Tuple): boolean {
  return split.gridAxes.every((axis) => dims.isSame(a[axis] ?? 0, b[axis] ?? 0))
}

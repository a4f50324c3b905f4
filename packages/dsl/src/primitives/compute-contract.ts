// compute-contract: the CPU meaning of reductions and contractions
//
// Floats are added in double precision and rounded once at the end; integers wrap.

import { type Compute, input } from './compute-elementwise.ts'
import { readStrided } from './compute-movement.ts'
import { type Computed, type Elements, createElements, lengthOf, stridesOf } from './elements.ts'
import { neutralOf, wraps } from './neutral.ts'
import type { PrimitiveParams, Reducer } from './params.ts'

type Step = (total: number, x: number) => number

const floatSteps: { readonly [R in Reducer]: Step } = {
  sum: (total, x) => total + x,
  prod: (total, x) => total * x,
  max: Math.max,
  min: Math.min,
}

const integerSteps: { readonly [R in Reducer]: Step } = {
  ...floatSteps,
  sum: (total, x) => (total + x) | 0,
  prod: Math.imul,
}

/** Brings the reduced axes last and folds each row. */
export const reduce: Compute<'reduce'> = (inputs, { fn, axes }, { dtype, shape }) => {
  const x = input(inputs, 0)
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]))
  const rows = arranged(x, [...kept, ...axes])
  const length = lengthOf(axes.map((axis) => x.shape[axis] ?? 0))
  const out = createElements(dtype, lengthOf(shape))
  const step = (wraps(dtype) ? integerSteps : floatSteps)[fn]
  const neutral = neutralOf(fn, dtype)
  for (let row = 0, read = 0; row < out.length; row++) {
    let total = neutral
    for (let i = 0; i < length; i++) total = step(total, rows[read++] ?? 0)
    out[row] = total
  }
  return out
}

/** As a batch of matrix products: [batch, m, k] times [batch, k, n], then into the order of the result. */
export const contract: Compute<'contract'> = (inputs, params, { dtype, shape }) => {
  const [a, b] = [input(inputs, 0), input(inputs, 1)]
  const groups = groupLabels(params)
  const sizes = new Map<string, number>()
  for (const [i, label] of params.a.entries()) sizes.set(label, a.shape[i] ?? 0)
  for (const [i, label] of params.b.entries()) sizes.set(label, b.shape[i] ?? 0)
  const shapeOf = (labels: readonly string[]): readonly number[] => labels.map((label) => sizes.get(label) ?? 0)
  const length = (labels: readonly string[]): number => lengthOf(shapeOf(labels))
  const left = labelled(a, params.a, [...groups.batch, ...groups.m, ...groups.k], shapeOf)
  const right = labelled(b, params.b, [...groups.batch, ...groups.k, ...groups.n], shapeOf)
  const [batch, m, n, k] = [length(groups.batch), length(groups.m), length(groups.n), length(groups.k)]
  const product = createElements(dtype, batch * m * n)
  const multiply = wraps(dtype) ? multiplyIntegers : multiplyFloats
  for (let i = 0; i < batch; i++) multiply({ left, right, product, m, n, k }, i)
  const order = [...groups.batch, ...groups.m, ...groups.n]
  if (order.every((label, i) => label === params.out[i])) return product
  const strides = stridesOf(shapeOf(order))
  return readStrided(
    { dtype, shape: shapeOf(order), data: product },
    shape,
    params.out.map((label) => strides[order.indexOf(label)] ?? 0),
  )
}

interface Groups {
  readonly batch: readonly string[]
  readonly m: readonly string[]
  readonly n: readonly string[]
  readonly k: readonly string[]
}

/** A summed label that one operand lacks is read there with stride 0. */
function groupLabels({ a, b, out }: PrimitiveParams['contract']): Groups {
  const batch = out.filter((label) => a.includes(label) && b.includes(label))
  const m = out.filter((label) => a.includes(label) && !b.includes(label))
  const n = out.filter((label) => b.includes(label) && !a.includes(label))
  return { batch, m, n, k: [...new Set([...a, ...b])].filter((label) => !out.includes(label)) }
}

function labelled(
  x: Computed,
  labels: readonly string[],
  order: readonly string[],
  shapeOf: (labels: readonly string[]) => readonly number[],
): Elements {
  if (order.length === labels.length && order.every((label, i) => label === labels[i])) return x.data
  const strides = stridesOf(x.shape)
  return readStrided(
    x,
    shapeOf(order),
    order.map((label) => strides[labels.indexOf(label)] ?? 0),
  )
}

interface Product {
  readonly left: Elements
  readonly right: Elements
  readonly product: Elements
  readonly m: number
  readonly n: number
  readonly k: number
}

/** Row by row: a row of the result gathers multiples of rows of the right side, in double precision. */
function multiplyFloats({ left, right, product, m, n, k }: Product, batch: number): void {
  const row = new Float64Array(n)
  for (let i = 0; i < m; i++) {
    row.fill(0)
    for (let p = 0; p < k; p++) {
      const x = left[(batch * m + i) * k + p] ?? 0
      const start = (batch * k + p) * n
      for (let j = 0; j < n; j++) row[j] = (row[j] ?? 0) + x * (right[start + j] ?? 0)
    }
    product.set(row, (batch * m + i) * n)
  }
}

function multiplyIntegers({ left, right, product, m, n, k }: Product, batch: number): void {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let total = 0
      for (let p = 0; p < k; p++)
        total = (total + Math.imul(left[(batch * m + i) * k + p] ?? 0, right[(batch * k + p) * n + j] ?? 0)) | 0
      product[(batch * m + i) * n + j] = total
    }
}

function arranged(x: Computed, order: readonly number[]): Elements {
  if (order.every((axis, i) => axis === i)) return x.data
  const strides = stridesOf(x.shape)
  return readStrided(
    x,
    order.map((axis) => x.shape[axis] ?? 0),
    order.map((axis) => strides[axis] ?? 0),
  )
}

// Which products cuBLASLt takes, and how it is told where they lie.
import type { ProductData } from '@tsjit/host'
import { expect, test } from 'vitest'
import { productOf } from '../src/program/multiply.ts'

/** Sizes and strides of c = a b. */
const data = (count: number, m: number, n: number, k: number, ...strides: number[]): ProductData => [
  'f32',
  0,
  1,
  2,
  count,
  m,
  n,
  k,
  ...strides,
]

test('a result by rows is its transpose by columns: the operands change places', () => {
  const product = productOf(data(1, 256, 320, 192, 0, 192, 1, 0, 320, 1, 0, 320, 1))
  expect(product).toMatchObject({
    isInOrder: false,
    x: { rows: 320, columns: 192, leading: 320, isTransposed: false },
    y: { rows: 192, columns: 256, leading: 192, isTransposed: false },
    d: { rows: 320, columns: 256, leading: 320, isTransposed: false },
  })
})

test('a weight as it is stored is transposed', () => {
  const product = productOf(data(1, 256, 320, 192, 0, 192, 1, 0, 1, 192, 0, 320, 1))
  expect(product?.x).toEqual({ rows: 192, columns: 320, leading: 192, pair: 0, isTransposed: true })
})

test('a result by columns keeps the operands in order', () => {
  const product = productOf(data(4, 256, 320, 192, 9, 192, 1, 8, 320, 1, 7, 1, 256))
  expect(product).toMatchObject({
    count: 4,
    isInOrder: true,
    x: { rows: 192, columns: 256, leading: 192, pair: 9, isTransposed: true },
    y: { rows: 320, columns: 192, leading: 320, pair: 8, isTransposed: true },
    d: { rows: 256, columns: 320, leading: 256, pair: 7, isTransposed: false },
  })
})

test('small ones, and what lies in memory in some other way, stay with the kernels', () => {
  expect(productOf(data(1, 32, 4096, 4096, 0, 4096, 1, 0, 4096, 1, 0, 4096, 1))).toBeUndefined()
  expect(productOf(data(1, 64, 64, 64, 0, 64, 1, 0, 64, 1, 0, 64, 1))).toBeUndefined()
  expect(productOf(data(1, 256, 256, 256, 0, 512, 2, 0, 256, 1, 0, 256, 1))).toBeUndefined()
  expect(productOf(data(1, 256, 256, 256, 0, 0, 1, 0, 256, 1, 0, 256, 1))).toBeUndefined()
  expect(productOf(data(2, 256, 256, 256, 0, 256, 1, 0, 256, 1, 0, 256, 1))).toBeUndefined()
})

// integers: products of bytes, summed in 32 bits

import type { Program } from '../program.ts'

const centred = (x: string, zero: string): string => `sub(cast(${x}, 'i32'), cast(${zero}, 'i32'))`

export const integers: readonly Program[] = [
  {
    name: 'products of bytes',
    inputs: { a: 'i8(37, 70)', b: 'i8(70, 45)' },
    ranges: { a: [-128, 128], b: [-128, 128] },
    body: `= matmul(cast(a, 'i32'), cast(b, 'i32'))`,
  },
  {
    name: 'an odd depth, of a dimension',
    inputs: { a: 'i8(N, M)', b: 'i8(M, 9)' },
    ranges: { a: [-128, 128], b: [-128, 128] },
    sizes: [
      { N: 12, M: 33 },
      { N: 1, M: 1 },
      { N: 64, M: 8 },
      { N: 7, M: 64 },
    ],
    body: `= matmul(cast(a, 'i32'), cast(b, 'i32'))`,
  },
  {
    name: 'zero points, by row and column',
    inputs: { a: 'u8(20, 31)', b: 'u8(31, 17)', za: 'u8(20, 1)', zb: 'u8(17)' },
    ranges: { a: [0, 256], b: [0, 256], za: [0, 256], zb: [0, 256] },
    body: `= matmul(${centred('a', 'za')}, ${centred('b', 'zb')})`,
  },
  {
    name: 'signed by unsigned, transposed, and what follows',
    inputs: { a: 'u8(33, 64)', b: 'i8(24, 64)', bias: 'i32(24)' },
    ranges: { a: [0, 256], b: [-128, 128] },
    body: `= clip(mul(cast(add(matmul(cast(a, 'i32'), cast(b, 'i32').T), bias), 'f32'), 0.001), 0, 6)`,
  },
  {
    name: 'in batches',
    inputs: { a: 'i8(B, 9, 40)', b: 'i8(B, 40, 12)' },
    body: `= ({ each: matmul(cast(a, 'i32'), cast(b, 'i32')), all: einsum('b i k, b k j -> i j', cast(a, 'i32'), cast(b, 'i32')) })`,
  },
  {
    name: 'convolution of bytes with padding',
    inputs: { x: 'u8(2, 5, 9, 11)', w: 'i8(8, 5, 3, 3)', z: 'u8()' },
    ranges: { x: [0, 256], w: [-128, 128] },
    body: `= conv2d(${centred('x', 'z')}, cast(w, 'i32'), { padding: 1 })`,
  },
  {
    name: 'strides, groups, even channels',
    inputs: { x: 'i8(1, 8, 12, 13)', w: 'i8(12, 4, 3, 2)' },
    body: `= conv2d(cast(x, 'i32'), cast(w, 'i32'), { stride: 2, groups: 2 })`,
  },
  {
    name: 'sums that wrap, and operands too wide for halves',
    inputs: { a: 'i32(16, 20)', b: 'i8(20, 10)' },
    ranges: { a: [-40000, 40000], b: [-128, 128] },
    body: `= ({ wide: matmul(a, cast(b, 'i32')), squares: matmul(mul(cast(b, 'i32').T, cast(b, 'i32').T), cast(b, 'i32')), large: matmul(mul(cast(b, 'i32').T, 70000), cast(b, 'i32')) })`,
  },
  {
    name: 'bytes that wrap',
    inputs: { a: 'i8(9, 24)', b: 'i8(24, 8)', c: 'u8(9, 24)', d: 'u8(24, 8)' },
    ranges: { a: [-128, 128], b: [-128, 128], c: [0, 256], d: [0, 256] },
    body: '= ({ i: matmul(a, b), u: matmul(c, d), doubled: matmul(add(a, a), b) })',
  },
  {
    name: 'deeper than a panel',
    inputs: { a: 'i8(10, 1500)', b: 'i8(1500, 11)' },
    ranges: { a: [-128, 128], b: [-128, 128] },
    body: `= matmul(cast(a, 'i32'), cast(b, 'i32'))`,
  },
]

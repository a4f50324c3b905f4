// associativeScan against one element after another.

import { describe, expect, it } from 'vitest'
import { type Tensor, add, associativeScan, cumsum, matmul, mul, scan, tensor, tj } from '../index.ts'
import { EagerTensor } from './eager-tensor.ts'

const sample = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + shape.length))).reshape(shape)
}

function expectClose(got: unknown, want: unknown): void {
  if (!(got instanceof EagerTensor) || !(want instanceof EagerTensor)) throw new Error('tensors')
  expect(got.shape).toEqual(want.shape)
  const worst = [...got.elements].map((value, i) => Math.abs(value - (want.elements[i] ?? Number.NaN)))
  expect(Math.max(0, ...worst)).toBeLessThan(1e-5)
}

describe('associativeScan', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 33])('adds %i elements', (length) => {
    const x = length === 0 ? tj`${sample(1, 2)}[1:]` : sample(length, 2)
    expectClose(
      associativeScan((a, b) => add(a, b), x),
      length === 0 ? x : cumsum(x, 0),
    )
  })

  it('goes along any axis, of structures, in order', () => {
    const [a, b] = [sample(3, 7), sample(3, 7)]
    // h = a h + b
    const result = associativeScan((x, y) => ({ a: mul(y.a, x.a), b: add(mul(y.a, x.b), y.b) }), { a, b }, -1)
    const [, states] = scan(sample(3).mul(0), { a: a.T, b: b.T }, (h, at) => {
      const next = add(mul(at.a, h), at.b)
      return [next, next]
    })
    expectClose(result.b, (states as Tensor).T)
  })

  it('combines what does not commute', () => {
    const x = sample(6, 2, 2)
    const [, products] = scan(
      tensor([
        [1, 0],
        [0, 1],
      ]),
      x,
      (p, each) => [matmul(p, each), matmul(p, each)],
    )
    expectClose(
      associativeScan((a, b) => matmul(a, b), x),
      products,
    )
  })

  it('says what is wrong', () => {
    expect(() => associativeScan((a) => tj`${a}[0]`, sample(3, 2))).toThrow(/takes x as f32\[2\] and returns it as f32/)
    expect(() => associativeScan(([a, b]) => [a as Tensor, b as Tensor], [sample(3), sample(4)])).toThrow(
      /f32\[3\] and f32\[4\]/,
    )
    expect(() => associativeScan((a) => a, sample(3), 1)).toThrow(/no axis 1/)
  })
})

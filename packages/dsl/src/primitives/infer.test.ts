import { describe, expect, it } from 'vitest'
import { typed, Typed } from '../../tests/evaluate.ts'
import { type Dim, symbol } from '../types/dim.ts'
import type { DType } from '../types/dtype.ts'
import { OperationError } from '../types/errors.ts'
import { printType } from '../types/tensor-type.ts'
import { classes, PRIMITIVE_KINDS } from './classes.ts'
import { compute } from './compute.ts'

const { t } = typed()
const B = symbol('B')
const T = symbol('T')
const of = (dtype: DType, ...shape: Dim[]): Typed => new Typed(dtype, shape)
const f32 = (...shape: Dim[]): Typed => of('f32', ...shape)

function refusal(run: () => unknown): OperationError {
  try {
    run()
  } catch (error) {
    if (error instanceof OperationError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('types with dimensions', () => {
  it('has a row for every primitive in every table', () => {
    expect(Object.keys(compute).sort()).toEqual([...PRIMITIVE_KINDS].sort())
    expect(classes.contract).toBe('contraction')
  })

  it('broadcasts', () => {
    expect(printType(t.add(f32(B, 1, 4), f32(3, 1)))).toBe('f32[B, 3, 4]')
    expect(printType(t.add(of('i32', B), 2))).toBe('i32[B]')
    expect(printType(t.add(of('i32', B), 2.5))).toBe('f32[B]')
    expect(printType(t.div(of('i32', B), 2))).toBe('f32[B]')
    expect(printType(t.add(of('f16', B), of('i32', B)))).toBe('f16[B]')
    expect(printType(t.mul(f32(B), B))).toBe('f32[B]')
    expect(printType(t.lt(of('u8', B), 2))).toBe('bool[B]')
  })

  it('refuses sizes that differ, and sizes that might', () => {
    expect(refusal(() => t.add(f32(2, 3), f32(4)))).toMatchObject({
      code: 'shape_mismatch',
      params: { op: 'add', left: 'f32[2, 3]', right: 'f32[4]' },
    })
    expect(refusal(() => t.add(f32(B), f32(T)))).toMatchObject({
      code: 'shape_undecided',
      params: { op: 'add', bound: 'B == T' },
    })
    expect(refusal(() => t.matmul(f32(2, 3), f32(4, 5)))).toMatchObject({
      code: 'shape_contraction',
      params: { op: 'matmul', leftSize: 3, rightSize: 4 },
    })
    expect(refusal(() => t.softmax(f32(2, 3), 2)).params).toEqual({ op: 'softmax', axis: 2, rank: 2 })
    expect(refusal(() => t.sum(f32(2, 3), [1, -1])).code).toBe('shape_duplicate_axis')
    expect(refusal(() => t.conv2d(f32(3, 8, 8), f32(4, 3, 3)))).toMatchObject({ code: 'shape_rank_mismatch' })
    expect(refusal(() => t.maxPool2d(f32(1, 1, 2, 2), 3))).toMatchObject({
      code: 'shape_window',
      params: { op: 'maxPool2d', kernel: 3, size: 2 },
    })
    expect(refusal(() => t.split(f32(7), 2)).params).toEqual({ size: 7, parts: 2 })
    expect(refusal(() => t.index(f32(3), [3])).params).toEqual({ index: 3, size: 3 })
    expect(refusal(() => t.tensor([[1, 2], [3]])).params).toEqual({ first: 2, other: 1 })
    expect(refusal(() => t.reshape(f32(2, 3), [4])).params).toEqual({ from: '[2, 3]', to: '[4]' })
    expect(refusal(() => t.reshape(f32(6), [-1, -1])).code).toBe('shape_reshape_unknowns')
    expect(refusal(() => t.and(f32(3), f32(3))).params).toMatchObject({ op: 'and', dtype: 'f32' })
  })

  it('carries dimensions through shapes', () => {
    expect(printType(t.reshape(f32(B, 4, T), [B, -1]))).toBe('f32[B, 4*T]')
    expect(printType(t.matmul(f32(B, T, 8), f32(8, 3)))).toBe('f32[B, T, 3]')
    expect(printType(t.conv2d(f32(B, 3, 32, 32), f32(8, 3, 3, 3), { padding: 1, stride: 2 }))).toBe('f32[B, 8, 16, 16]')
    expect(printType(t.conv1d(f32(B, 3, T), f32(8, 3, 3), { padding: 'same' }))).toBe('f32[B, 8, T]')
    expect(printType(t.cumsum(f32(B, T), 1))).toBe('f32[B, T]')
    expect(
      printType(t.scaledDotProductAttention(f32(B, 4, T, 8), f32(B, 4, T, 8), f32(B, 4, T, 8), { causal: true })),
    ).toBe('f32[B, 4, T, 8]')
    expect(printType(t.einsum('b h q d, b h k d -> b h q k', f32(B, 2, T, 8), f32(B, 2, 5, 8)))).toBe('f32[B, 2, T, 5]')
    expect(printType(t.index(f32(B, T), ['...', { start: 1 }]))).toBe('f32[B, T - 1]')
    expect(printType(t.index(f32(B, T), [{ step: -1 }, null]))).toBe('f32[B, 1, T]')
    expect(printType(t.concat([f32(B, 2), f32(B, 3)], 1))).toBe('f32[B, 5]')
    expect(
      printType(
        t.pad(
          f32(B, T),
          [
            [0, 0],
            [2, 1],
          ],
          { mode: 'reflect' },
        ),
      ),
    ).toBe('f32[B, T + 3]')
    expect(printType(t.argmax(f32(B, T), -1))).toBe('i32[B]')
    expect(printType(t.crossEntropy(f32(B, 10), of('i32', B)))).toBe('f32[]')
    expect(printType(t.roll(f32(T), 1, 0))).toBe('f32[T]')
    expect(printType(t.adaptiveAvgPool2d(f32(B, 3, T, T), [1, 7]))).toBe('f32[B, 3, 1, 7]')
    expect(printType(t.interpolate(f32(B, 3, T, 4), { scale: 2 }))).toBe('f32[B, 3, 2*T, 8]')
    expect(printType(t.convTranspose2d(f32(B, 3, T, 4), f32(3, 2, 2, 2), { stride: 2 }))).toBe('f32[B, 2, 2*T, 8]')
    expect(printType(t.arange(T))).toBe('i32[T]')
    expect(printType(t.variance(f32(B, T), 1))).toBe('f32[B]')
  })

  it('reaches contract in one step', () => {
    const log = typed()
    log.t.conv2d(f32(B, 3, 8, 8), f32(8, 3, 3, 3), { padding: 1 })
    expect(log.kinds).toEqual(['pad', 'window', 'window', 'contract'])
    const product = typed()
    product.t.matmul(f32(B, 1, 3, 4), f32(5, 4, 2))
    expect(product.kinds).toEqual(['reshape', 'contract'])
  })
})

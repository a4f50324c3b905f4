// The bits of half-width floats.
import { expect, test } from 'vitest'
import { decoderOf, encoderOf, nestElements } from '../src/index.ts'

const f16 = { encode: encoderOf('f16') ?? Number, decode: decoderOf('f16') ?? Number }
const bf16 = { encode: encoderOf('bf16') ?? Number, decode: decoderOf('bf16') ?? Number }

test('every f16 survives the way to a number and back', () => {
  for (let stored = 0; stored < 65536; stored++) {
    const value = f16.decode(stored)
    if (Number.isNaN(value)) expect(f16.encode(value) & 0x7c00).toBe(0x7c00)
    else expect(f16.encode(value)).toBe(stored)
  }
})

test('every bf16 survives the way to a number and back', () => {
  for (let stored = 0; stored < 65536; stored++) {
    const value = bf16.decode(stored)
    if (Number.isNaN(value)) expect(bf16.encode(value) & 0x7f80).toBe(0x7f80)
    else expect(bf16.encode(value)).toBe(stored)
  }
})

test('known values and ties to even', () => {
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00].map(f16.decode)).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    2 ** -14,
    Infinity,
    -Infinity,
  ])
  expect(f16.encode(1 + 2 ** -11)).toBe(0x3c00)
  expect(f16.encode(1 + 3 * 2 ** -11)).toBe(0x3c02)
  expect(f16.encode(65519)).toBe(0x7bff)
  expect(f16.encode(65520)).toBe(0x7c00)
  expect(f16.encode(2 ** -25)).toBe(0)
  expect(f16.encode(-(2 ** -25) * 1.01)).toBe(0x8001)
  expect(f16.encode(-0)).toBe(0x8000)
  expect(bf16.encode(1 + 2 ** -8)).toBe(0x3f80)
  expect(bf16.encode(1 + 3 * 2 ** -8)).toBe(0x3f82)
  expect(bf16.encode(3.4e38)).toBe(0x7f80)
})

test('nesting reads bits as numbers and bytes as truth values', () => {
  expect(nestElements([0x3c00, 0xc000], 'f16', [2, 1])).toEqual([[1], [-2]])
  expect(nestElements([1, 0], 'bool', [2])).toEqual([true, false])
  expect(nestElements([5], 'i32', [])).toBe(5)
  expect(nestElements([], 'f32', [2, 0])).toEqual([[], []])
})

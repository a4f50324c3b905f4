// number-tests: every elementwise primitive and conversion against its meaning in double precision, for every target
//
// Bounds are in units in the last place. Infinities, NaN and integers are exact; results below 2^-126 may be 0.

import { expect, test } from 'vitest'
import type { ScalarOp, ScalarType, Width } from '../../src/ir/kernel/kernel.ts'
import { narrow } from '../../src/ir/kernel/narrow.ts'
import { applyScalar, castScalar } from '../../src/ir/kernel/scalar-meaning.ts'
import * as k from './kernels.ts'

/** What computes. */
export interface NumberTarget {
  /** Evaluates an expression of operands: `columns[j][i]` is operand j of element i. */
  evaluate(
    columns: readonly (readonly number[])[],
    types: { readonly from: ScalarType; readonly to: ScalarType; readonly width: Width },
    value: (operands: readonly k.Expr[]) => k.Expr,
  ): Promise<ArrayLike<number>>
  /** Stores values as a dtype and reads them back. */
  store(
    values: ArrayLike<number>,
    type: ScalarType,
    dtype: 'f16' | 'bf16' | 'i8' | 'u8' | 'bool',
  ): Promise<ArrayLike<number>>
  /** Bounds that are tighter than those that every target keeps. */
  readonly bounds?: { readonly [O in ScalarOp]?: number }
}

type Draw = (random: () => number) => readonly number[]

const signed = (random: () => number): number => (random() < 0.5 ? -1 : 1)
const within =
  (size: number): Draw =>
  (r) => [(2 * r() - 1) * size]
const powersOfE =
  (low: number, high: number): Draw =>
  (r) => [Math.exp(low + r() * (high - low))]
const angles: Draw = (r) => {
  const kind = r()
  return [kind < 0.3 ? 7 * r() - 3.5 : kind < 0.6 ? 4000 * r() - 2000 : signed(r) * Math.exp(r() * 88)]
}
const mixed =
  (small: number, large: number): Draw =>
  (r) => [(2 * r() - 1) * (r() < 0.5 ? small : large)]
const pairs =
  (first: Draw, second: Draw): Draw =>
  (r) => [...first(r), ...second(r)]

/** Bound in units in the last place, and operands besides the special ones. */
const floats: { readonly [O in ScalarOp]?: readonly [ulps: number, draw: Draw] } = {
  neg: [0, within(10)],
  abs: [0, within(10)],
  sign: [0, within(1)],
  floor: [0, within(10)],
  ceil: [0, within(10)],
  trunc: [0, within(10)],
  round: [0, within(10)],
  exp: [5, within(90)],
  expm1: [5, mixed(1, 90)],
  log: [2, (r) => (r() < 0.5 ? powersOfE(-87, 88)(r) : [0.5 + r() * 1.2])],
  log1p: [4, (r) => (r() < 0.5 ? [3 * r() - 1] : powersOfE(0, 80)(r))],
  sqrt: [3, powersOfE(-80, 88)],
  sin: [4, angles],
  cos: [4, angles],
  tan: [6, angles],
  asin: [6, within(1)],
  acos: [6, within(1)],
  atan: [4, mixed(1, 100)],
  sinh: [10, mixed(2, 90)],
  cosh: [10, mixed(2, 90)],
  tanh: [5, mixed(1, 12)],
  erf: [4, mixed(1, 5)],
  isNaN: [0, within(1)],
  add: [1, pairs(within(1), within(1))],
  sub: [1, pairs(within(1), within(1))],
  mul: [1, pairs(within(9), within(9))],
  div: [3, pairs(within(9), within(9))],
  floorDiv: [4, pairs(powersOfE(0, 12), mixed(1, 50))],
  mod: [
    1,
    pairs(
      (r) => [signed(r) * Math.exp(r() * 60)],
      (r) => [signed(r) * Math.exp(r() * 40 - 2)],
    ),
  ],
  pow: [4, pairs(powersOfE(-3, 3), within(30))],
  maximum: [0, pairs(within(1), within(1))],
  minimum: [0, pairs(within(1), within(1))],
  atan2: [6, pairs(within(1), within(1))],
  eq: [0, pairs(within(1), within(1))],
  ne: [0, pairs(within(1), within(1))],
  lt: [0, pairs(within(1), within(1))],
  le: [0, pairs(within(1), within(1))],
  gt: [0, pairs(within(1), within(1))],
  ge: [0, pairs(within(1), within(1))],
}

const integers: readonly ScalarOp[] = [
  'neg',
  'abs',
  'sign',
  'floor',
  'round',
  'bitNot',
  'add',
  'sub',
  'mul',
  'floorDiv',
  'mod',
  'pow',
  'maximum',
  'minimum',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'and',
  'or',
  'xor',
  'shiftLeft',
  'shiftRight',
]
const logical: readonly ScalarOp[] = ['not', 'and', 'or', 'xor', 'eq', 'ne', 'maximum', 'minimum']

const specialFloats = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  -2.5,
  2,
  -2,
  3,
  -3,
  1e-3,
  -1e-3,
  1e-8,
  -1e-8,
  1e-30,
  -1e-30,
  1.2e-38,
  1e-40,
  10,
  -10,
  44,
  88,
  -88,
  89,
  -90,
  100,
  -100,
  104,
  -104,
  355,
  1e3,
  -1e3,
  2047.9,
  2048,
  1e5,
  -1e5,
  16777217,
  1e9,
  1e10,
  -1e10,
  2147483648,
  -2147483648,
  4294967296,
  1e20,
  3.4e38,
  -3.4e38,
  Infinity,
  -Infinity,
  Number.NaN,
]
const specialIntegers = [
  0,
  1,
  2,
  3,
  5,
  7,
  31,
  32,
  33,
  255,
  256,
  65535,
  2 ** 31 - 1,
  -(2 ** 31),
  -1,
  -2,
  -3,
  -7,
  -8,
  -31,
  -255,
]

/** The arrays that operands are passed in. */
export const storages: {
  readonly f32: typeof Float32Array
  readonly i32: typeof Int32Array
  readonly u32: typeof Uint32Array
  readonly bool: typeof Uint32Array
} = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint32Array }

/** Declares the tests. */
export function describeNumbers(target: NumberTarget): void {
  const check = async (
    op: ScalarOp,
    type: ScalarType,
    rows: readonly (readonly number[])[],
    ulps: number,
  ): Promise<void> => {
    const rounded = rows.map((row) => row.map((x) => (type === 'f32' ? Math.fround(x) : type === 'u32' ? x >>> 0 : x)))
    const padded = [...rounded, ...rounded.slice(0, (4 - (rounded.length % 4)) % 4)]
    const columns = rows[0]!.map((_, j) => padded.map((row) => row[j]!))
    const to = k.apply(op, ...columns.map(() => k.constant(0, type))).type
    for (const width of [1, 4] as const) {
      const got = await target.evaluate(columns, { from: type, to, width }, (operands) => k.apply(op, ...operands))
      const bad = padded.flatMap((row, i) => {
        const want = applyScalar(op, row, { operandType: type, type: to })
        return distance(got[i]!, want) <= ulps ? [] : [`${op}(${row.join()}) is ${want}, got ${got[i]}`]
      })
      expect(bad.slice(0, 10), `${op} of ${type}, ${width} wide`).toEqual([])
    }
  }

  for (const [name, row] of Object.entries(floats)) {
    const op = name as ScalarOp // keys of the table
    test(`${op}: within ${target.bounds?.[op] ?? row[0]}`, async () => {
      const random = createRandom(7)
      const [wide, draw] = row
      const ulps = target.bounds?.[op] ?? wide
      const isBinary = draw(random).length === 2
      const special = specialFloats.flatMap((a) => (isBinary ? specialFloats.map((b) => [a, b]) : [[a]]))
      await check(op, 'f32', [...special, ...Array.from({ length: 5000 }, () => draw(random))], ulps)
    })
  }

  for (const type of ['i32', 'u32'] as const) {
    test.each(type === 'u32' ? [...integers, 'mulHigh' as const] : integers)(`%s of ${type}`, async (op) => {
      const isUnary = ['neg', 'abs', 'sign', 'floor', 'round', 'bitNot'].includes(op)
      const rows = specialIntegers.flatMap((a) => (isUnary ? [[a]] : specialIntegers.map((b) => [a, b])))
      await check(op, type, rows, 0)
    })
  }

  test.each(logical)('%s of bool', async (op) => {
    await check(
      op,
      'bool',
      op === 'not'
        ? [[0], [1]]
        : [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
          ],
      0,
    )
  })

  for (const from of ['f32', 'i32', 'u32', 'bool'] as const)
    for (const to of ['f32', 'i32', 'u32', 'bool'] as const) {
      test(`${from} to ${to}`, async () => {
        const values = from === 'f32' ? specialFloats : from === 'bool' ? [0, 1] : specialIntegers
        const column = [
          ...storages[from].from([...values, 0, 0, 0].slice(0, values.length + ((4 - (values.length % 4)) % 4))),
        ]
        for (const width of [1, 4] as const) {
          const got = await target.evaluate([column], { from, to, width }, ([x]) => k.cast(x!, to))
          column.forEach((x, i) => expect(distance(got[i]!, castScalar(x, from, to)), `${x}: got ${got[i]}`).toBe(0))
        }
      })
    }

  test.each(['f16', 'bf16', 'i8', 'u8', 'bool'] as const)(
    'stores of %s keep what the dtype can hold',
    async (dtype) => {
      const type = dtype === 'i8' ? 'i32' : dtype === 'u8' ? 'u32' : dtype === 'bool' ? 'bool' : 'f32'
      const random = createRandom(3)
      const values =
        type === 'f32'
          ? [
              ...specialFloats,
              65504,
              65519.9,
              65520,
              6e-8,
              2.9e-8,
              6.1e-5,
              1.00048828125,
              1.0014648,
              ...Array.from({ length: 500 }, () => signed(random) * Math.exp(random() * 40 - 20)),
            ]
          : type === 'bool'
            ? [0, 1]
            : specialIntegers
      const x = storages[type].from(values)
      const got = await target.store(x, type, dtype)
      x.forEach((value, i) => expect(distance(got[i]!, narrow(value, dtype)), `${value}: got ${got[i]}`).toBe(0))
    },
  )
}

/** Declares tests that a lane of four gives what it gives alone, whatever is beside it. */
export function testLanes(target: NumberTarget, ops: readonly ScalarOp[]): void {
  test.each(ops)('a lane knows nothing of its neighbours: %s', async (op) => {
    const random = createRandom(11)
    const arity = floats[op]?.[1](random).length ?? 1
    const large = [1e7, 3e38, -Infinity, Number.NaN, 0, 1e-42]
    const draw = (): number => {
      const kind = random()
      if (kind < 0.1) return large[Math.floor(random() * large.length)]!
      return kind < 0.5 ? random() * 2 - 1 : random() * 60 - 30
    }
    const columns = Array.from({ length: arity }, () => Array.from({ length: 4000 }, draw).map(Math.fround))
    const bitsOf = async (given: readonly (readonly number[])[], width: 1 | 4): Promise<readonly number[]> => {
      const types = { from: 'f32', to: 'f32', width } as const
      const results = Float32Array.from(await target.evaluate(given, types, (args) => k.apply(op, ...args)))
      return Array.from(results, (each) => (Number.isNaN(each) ? Number.NaN : each))
    }
    const alone = await bitsOf(columns, 1)
    expect(await bitsOf(columns, 4)).toEqual(alone)
    const turned = columns.map((column) => [...column.slice(1), column[0]!])
    expect(await bitsOf(turned, 4)).toEqual([...alone.slice(1), alone[0]!])
  })
}

/** Units in the last place between two results; 0 for equal special values, infinite where only one is special. */
function distance(got: number, want: number): number {
  if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : Infinity
  if (Math.abs(want) < 2 ** -126 && Math.abs(got) <= 2 ** -126) return 0
  if (!Number.isFinite(want) || !Number.isFinite(got)) return got === want ? 0 : Infinity
  return Math.abs(position(got) - position(want))
}

/** Floats in order as integers; integers are their own. */
function position(x: number): number {
  if (Math.abs(x) >= 2 ** 24 && Number.isInteger(x) && Math.fround(x) !== x) return x
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, x)
  const bits = view.getInt32(0)
  return bits < 0 ? -(bits & 0x7fffffff) : bits
}

/** Returns numbers in [0, 1) that repeat on every machine. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

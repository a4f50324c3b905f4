// number-kernels: the kernels that number tests evaluate expressions and stores with

import { decoderOf } from '@tsjit/host'
import type { Kernel, ScalarType, Width } from '../../src/ir/kernel/kernel.ts'
import * as k from './kernels.ts'
import { type NumberTarget, storages } from './number-tests.ts'

type Types = Parameters<NumberTarget['evaluate']>[1]

/** Returns a kernel that evaluates an expression of operands for each element, or each vector, in groups of `lanes`. */
export function evaluationKernel(
  operands: number,
  { from, to, width }: Types,
  value: Parameters<NumberTarget['evaluate']>[2],
  lanes: 1 | 64 = 64,
): Kernel {
  const names = Array.from({ length: operands }, (_, j) => `x${j}`)
  return k.elementwise(
    names.map(() => from),
    to,
    (at) => value(names.map((name) => k.load(name, k.aligned(at, width), from, width))),
    width,
    lanes,
  )
}

/** By how many units in the last place functions may differ whose routines C and WebAssembly share. */
export const FUNCTION_BOUNDS = {
  exp: 2,
  log1p: 2,
  sinh: 2,
  cosh: 2,
  expm1: 2,
  sin: 2,
  cos: 2,
  tan: 1,
  asin: 1,
  acos: 1,
  atan: 1,
  atan2: 1,
  mod: 0,
  floorDiv: 0,
  tanh: 2,
  erf: 2,
  sqrt: 0,
  div: 0,
  pow: 1,
} as const

/** Where elements have their own size in memory. */
export interface Bytes {
  readonly lanes: 1 | 64
  /** Runs a kernel over `count` elements or vectors and returns the bytes of its last parameter. */
  run(kernel: Kernel, inputs: readonly Uint8Array[], count: number, bytes: number): Uint8Array | Promise<Uint8Array>
  readonly bounds: NonNullable<NumberTarget['bounds']>
}

const views = { f16: Uint16Array, bf16: Uint16Array, i8: Int8Array, u8: Uint8Array, bool: Uint8Array }

/** Returns what computes by such kernels. */
export function numberTarget({ lanes, run, bounds }: Bytes): NumberTarget {
  return {
    bounds,
    async evaluate(columns, types, value) {
      const count = columns[0]!.length
      const kernel = evaluationKernel(columns.length, types, value, lanes)
      const inputs = columns.map((column) => bytesOf(column, types.from))
      const View = types.to === 'bool' ? Uint8Array : storages[types.to]
      const bytes = await run(kernel, inputs, count / types.width, count * View.BYTES_PER_ELEMENT)
      return new View(bytes.slice().buffer)
    },
    async store(values, type, dtype) {
      // as many vectors as there are values, and those that are left over one by one
      const data = bytesOf(Array.from(values), type)
      const { length } = values
      const wide = length - (length % 4)
      const stored = async (width: Width, count: number): Promise<ArrayLike<number>> => {
        const kernel = k.elementwise(
          [type],
          dtype,
          (at) => k.load('x0', k.aligned(at, width), type, width),
          width,
          lanes,
        )
        const bytes = await run(kernel, [data], count, length * views[dtype].BYTES_PER_ELEMENT)
        return new views[dtype](bytes.slice().buffer)
      }
      const vectors = wide === 0 ? [] : await stored(4, wide / 4)
      const scalars = await stored(1, length)
      return Array.from({ length }, (_, i) => {
        const bits = i < wide ? vectors[i]! : scalars[i]!
        return i < wide && bits !== scalars[i]! ? Number.NaN : (decoderOf(dtype)?.(bits) ?? bits)
      })
    },
  }
}

function bytesOf(values: readonly number[], type: ScalarType): Uint8Array {
  return type === 'bool' ? Uint8Array.from(values) : new Uint8Array(storages[type].from(values).buffer)
}

// Every elementwise primitive and conversion in WebAssembly.
import { describe, expect, test } from 'vitest'
import type { DType } from '@tsjit/dsl/compiler'
import { POOL_END } from '@tsjit/host'
import { hostFunctions } from '../../runtime-wasm/src/host-functions.ts'
import { assembleWasm } from '../src/5-codegen/wasm/assemble-wasm.ts'
import { printWat } from '../src/5-codegen/wasm/print-wat.ts'
import { routineStyle } from '../src/5-codegen/wasm/routines.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import * as k from './support/kernels.ts'
import { type NumberTarget, createRandom, describeNumbers, storages } from './support/number-tests.ts'

type Data = Float32Array | Int32Array | Uint32Array | Uint8Array

/** Runs a kernel with one group an element (or vector) and returns the bytes of its last parameter. */
async function run(kernel: Kernel, inputs: readonly Data[], groups: number, bytes: number): Promise<ArrayBuffer> {
  verifyKernel(kernel)
  const module = await assembleWasm({
    functions: [printWat(kernel, routineStyle(false))],
    exports: new Map([['run', `k_${kernel.name}`]]),
    relaxed: false,
  })
  const memory = new WebAssembly.Memory({ initial: 64 })
  let next = POOL_END
  const addresses = inputs.map((data) => {
    const address = next
    new Uint8Array(memory.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address)
    next += data.byteLength + 64
    next -= next % 16
    return address
  })
  const compiled = await WebAssembly.compile(Uint8Array.from(module).buffer)
  const { exports } = await WebAssembly.instantiate(compiled, { m: { memory, ...hostFunctions } })
  ;(exports['run'] as (...args: readonly number[]) => void)(...addresses, next, groups, 0, 0, groups)
  return memory.buffer.slice(next, next + bytes)
}

const bytesOf = (data: Float32Array | Int32Array | Uint32Array, dtype: DType): Data =>
  dtype === 'bool' ? Uint8Array.from(data) : data

const evaluate: NumberTarget['evaluate'] = async (columns, { from, to, width }, value) => {
  const count = columns[0]!.length
  const kernel = k.elementwise(
    columns.map(() => from),
    to,
    (at) => {
      const first = width === 1 ? at : k.aligned(at, width)
      return value(columns.map((_, j) => k.load(`x${j}`, first, from, width)))
    },
    width,
    1,
  )
  const inputs = columns.map((column) => bytesOf(storages[from].from(column), from))
  const result = await run(kernel, inputs, count / width, count * 4)
  return to === 'bool' ? new Uint8Array(result, 0, count) : new storages[to](result)
}

const views = { f16: Uint16Array, bf16: Uint16Array, i8: Int8Array, u8: Uint8Array, bool: Uint8Array }

const store: NumberTarget['store'] = async (values, type, dtype) => {
  // as many vectors as there are values, and those that are left over one by one
  const data = bytesOf(storages[type].from(Array.from(values)), type)
  const wide = data.length - (data.length % 4)
  const load = (width: 1 | 4) =>
    k.elementwise([type], dtype, (at) => k.load('x0', k.aligned(at, width), type, width), width, 1)
  const vectors = new views[dtype](await run(load(4), [data], wide / 4, data.length * 4))
  const scalars = new views[dtype](await run(load(1), [data], data.length, data.length * 4))
  return Array.from({ length: data.length }, (_, i) => {
    const bits = i < wide ? vectors[i]! : scalars[i]!
    if (i < wide && bits !== scalars[i]!) return Number.NaN
    return dtype === 'f16' ? fromHalf(bits) : dtype === 'bf16' ? fromBrain(bits) : bits
  })
}

function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  const size =
    exponent === 31
      ? fraction === 0
        ? Infinity
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return bits >= 0x8000 ? -size : size
}

function fromBrain(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!
}

describe('numbers of WebAssembly', () =>
  describeNumbers({
    evaluate,
    store,
    bounds: {
      exp: 2,
      log1p: 2,
      sinh: 2,
      cosh: 2,

      expm1: 2,
      sin: 2,
      cos: 2,
      tan: 1,
      asin: 2,
      acos: 2,
      atan: 2,
      atan2: 2,
      mod: 0,
      floorDiv: 0,
      tanh: 2,
      erf: 2,
      sqrt: 0,
      div: 0,
      pow: 1,
    },
  }))

const inFour = [
  ['tan', 1],
  ['asin', 1],
  ['acos', 1],
  ['atan', 1],
  ['atan2', 2],
  ['pow', 2],
  ['floorDiv', 2],
  ['mod', 2],
] as const

describe('a lane knows nothing of its neighbours', () =>
  test.each(inFour)('%s', async (op, arity) => {
    const random = createRandom(11)
    const large = [1e7, 3e38, -Infinity, Number.NaN, 0, 1e-42]
    const draw = (): number => {
      const kind = random()
      if (kind < 0.1) return large[Math.floor(random() * large.length)]!
      return kind < 0.5 ? random() * 2 - 1 : random() * 60 - 30
    }
    const columns = Array.from({ length: arity }, () => Array.from({ length: 4000 }, draw).map(Math.fround))
    const value = (operands: readonly k.Expr[]): k.Expr => k.apply(op, ...operands)
    const bitsOf = async (given: readonly (readonly number[])[], width: 1 | 4): Promise<readonly number[]> => {
      const results = Float32Array.from(await evaluate(given, { from: 'f32', to: 'f32', width }, value))
      return Array.from(results, (y) => (Number.isNaN(y) ? Number.NaN : y))
    }
    const alone = await bitsOf(columns, 1)
    expect(await bitsOf(columns, 4)).toEqual(alone)
    const turned = columns.map((column) => [...column.slice(1), column[0]!])
    expect(await bitsOf(turned, 4)).toEqual([...alone.slice(1), alone[0]!])
  }))

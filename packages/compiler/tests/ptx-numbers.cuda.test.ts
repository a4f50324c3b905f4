// Every elementwise primitive and conversion in PTX.
import { describe } from 'vitest'
import { printPtxModule } from '../src/5-codegen/ptx/print-module.ts'
import { printPtx } from '../src/5-codegen/ptx/print-ptx.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import * as k from './support/kernels.ts'
import { type NumberTarget, describeNumbers, storages } from './support/number-tests.ts'
import { type PtxDriver, driverPath, openDriver } from './support/run-ptx.ts'

let driver: PtxDriver | undefined

/** Runs a kernel with one lane an element (or vector) and returns the bytes of its last parameter. */
function run(kernel: Kernel, inputs: readonly Uint8Array[], lanes: number, bytes: number): Uint8Array<ArrayBuffer> {
  verifyKernel(kernel)
  driver ??= openDriver(driverPath ?? '')
  const entry = printPtx(kernel, 'readable')
  const { ptx, names } = printPtxModule([{ entry }], 'readable')
  const [name = ''] = names
  const groups = [Math.ceil(lanes / 64), 1, 1] as const
  const bound = [...inputs, kernel].map((_, buffer) => ({ buffer }))
  const uniform = entry.uniform ? { uniform: [lanes] } : {}
  const launch = { entry: name, groups, lanes: entry.block, buffers: bound, ...uniform }
  return driver.run(ptx, [...inputs, new Uint8Array(bytes)], (session) => {
    session.launch(launch)
    return session.read(inputs.length)
  })
}

const bytesOf = (values: Iterable<number>, type: 'f32' | 'i32' | 'u32' | 'bool'): Uint8Array =>
  type === 'bool' ? Uint8Array.from(values) : new Uint8Array(storages[type].from([...values]).buffer)

const evaluate: NumberTarget['evaluate'] = (columns, { from, to, width }, value) => {
  const count = columns[0]!.length
  const kernel = k.elementwise(
    columns.map(() => from),
    to,
    (at) => {
      const first = k.aligned(at, width)
      return value(columns.map((_, j) => k.load(`x${j}`, first, from, width)))
    },
    width,
  )
  const inputs = columns.map((column) => bytesOf(column, from))
  const result = run(kernel, inputs, count / width, count * (to === 'bool' ? 1 : 4))
  return Promise.resolve(to === 'bool' ? result : new storages[to](result.buffer, result.byteOffset, count))
}

const views = { f16: Uint16Array, bf16: Uint16Array, i8: Int8Array, u8: Uint8Array, bool: Uint8Array }

const store: NumberTarget['store'] = (values, type, dtype) => {
  // as many vectors as there are values, and those that are left over one by one
  const data = bytesOf(Array.from(values), type)
  const count = values.length
  const wide = count - (count % 4)
  const stored = (width: 1 | 4): ArrayLike<number> => {
    if (width === 4 && wide === 0) return []
    const kernel = k.elementwise([type], dtype, (at) => k.load('x0', k.aligned(at, width), type, width), width)
    const result = run(kernel, [data], width === 4 ? wide / 4 : count, count * views[dtype].BYTES_PER_ELEMENT)
    return new views[dtype](result.buffer, result.byteOffset, count)
  }
  const [vectors, scalars] = [stored(4), stored(1)]
  return Promise.resolve(
    Array.from({ length: count }, (_, i) => {
      const bits = i < wide ? vectors[i]! : scalars[i]!
      if (i < wide && bits !== scalars[i]!) return Number.NaN
      return dtype === 'f16' ? fromHalf(bits) : dtype === 'bf16' ? fromBrain(bits) : bits
    }),
  )
}

function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  const special = fraction === 0 ? Infinity : Number.NaN
  const normal = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15)
  const size = exponent === 31 ? special : normal
  return bits >= 0x8000 ? -size : size
}

function fromBrain(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!
}

if (driverPath !== undefined)
  describe('numbers of PTX', () =>
    describeNumbers({
      evaluate,
      store,
      bounds: {
        exp: 1,
        expm1: 2,
        log: 1,
        log1p: 2,
        sqrt: 0,
        sin: 2,
        cos: 2,
        tan: 2,
        asin: 2,
        acos: 2,
        atan: 2,
        sinh: 2,
        cosh: 2,
        tanh: 2,
        erf: 2,
        add: 0,
        sub: 0,
        mul: 0,
        div: 0,
        floorDiv: 1,
        pow: 1,
        atan2: 2,
      },
    }))

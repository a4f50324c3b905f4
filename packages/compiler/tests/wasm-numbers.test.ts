// Every elementwise primitive and conversion in WebAssembly.
import { describe, expect, test } from 'vitest'
import { POOL_END } from '@tsjit/host'
import { hostFunctions } from '../../runtime-wasm/src/host-functions.ts'
import { assembleWasm } from '../src/5-codegen/wasm/assemble-wasm.ts'
import { printWat } from '../src/5-codegen/wasm/print-wat.ts'
import { routineStyle } from '../src/5-codegen/wasm/routines.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import * as k from './support/kernels.ts'
import { numberTarget } from './support/number-kernels.ts'
import { createRandom, describeNumbers } from './support/number-tests.ts'

/** Runs a kernel with one group an element (or vector) and returns the bytes of its last parameter. */
async function run(kernel: Kernel, inputs: readonly Uint8Array[], groups: number, bytes: number): Promise<Uint8Array> {
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
    new Uint8Array(memory.buffer).set(data, address)
    next += data.byteLength + 64
    next -= next % 16
    return address
  })
  const compiled = await WebAssembly.compile(Uint8Array.from(module).buffer)
  const { exports } = await WebAssembly.instantiate(compiled, { m: { memory, ...hostFunctions } })
  ;(exports['run'] as (...args: readonly number[]) => void)(...addresses, next, groups, 0, 0, groups)
  return new Uint8Array(memory.buffer.slice(next, next + bytes))
}

const target = numberTarget({
  lanes: 1,
  run,
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
})

describe('numbers of WebAssembly', () => describeNumbers(target))

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
      const results = Float32Array.from(await target.evaluate(given, { from: 'f32', to: 'f32', width }, value))
      return Array.from(results, (y) => (Number.isNaN(y) ? Number.NaN : y))
    }
    const alone = await bitsOf(columns, 1)
    expect(await bitsOf(columns, 4)).toEqual(alone)
    const turned = columns.map((column) => [...column.slice(1), column[0]!])
    expect(await bitsOf(turned, 4)).toEqual([...alone.slice(1), alone[0]!])
  }))

// Every elementwise primitive and conversion in WebAssembly.
import { describe } from 'vitest'
import { POOL_END } from '@tsjit/host'
import { hostFunctions } from '../../runtime-wasm/src/host-functions.ts'
import { assembleWasm } from '../src/5-codegen/wasm/assemble-wasm.ts'
import { printWat } from '../src/5-codegen/wasm/print-wat.ts'
import { routineStyle } from '../src/5-codegen/wasm/routines.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import { FUNCTION_BOUNDS, numberTarget } from './support/number-kernels.ts'
import { describeNumbers, testLanes } from './support/number-tests.ts'

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
  bounds: { ...FUNCTION_BOUNDS, asin: 2, acos: 2, atan: 2, atan2: 2 },
})

const inFour = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'pow', 'floorDiv', 'mod'] as const

describe('numbers of WebAssembly', () => {
  describeNumbers(target)
  testLanes(target, inFour)
})

// open: the emulator as tests see it — a few calls of the driver API through koffi
import koffi, { type LibraryHandle } from 'koffi'
import { readFileSync } from 'node:fs'
import { describe, test } from 'vitest'
import { buildEmulator, whyNoEmulator } from '../../../scripts/build-emulator.mjs'

export type Triple = readonly [x: number, y?: number, z?: number]
/** A parameter of a kernel: an address, or a number of 32 or 64 bits. */
export type Param = bigint | { readonly i32: number } | { readonly f32: number }
export type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | BigUint64Array

const names = {
  cuInit: ['uint32'],
  cuDeviceGet: ['void *', 'int'],
  cuDeviceGetCount: ['void *'],
  cuDeviceGetName: ['void *', 'int', 'int'],
  cuDeviceGetAttribute: ['void *', 'int', 'int'],
  cuDevicePrimaryCtxRetain: ['void *', 'int'],
  cuDevicePrimaryCtxReset_v2: ['int'],
  cuCtxSetCurrent: ['uint64'],
  cuModuleLoadDataEx: ['void *', 'void *', 'uint32', 'void *', 'void *'],
  cuModuleUnload: ['uint64'],
  cuModuleGetFunction: ['void *', 'uint64', 'str'],
  cuModuleGetGlobal_v2: ['void *', 'void *', 'uint64', 'str'],
  cuFuncSetAttribute: ['uint64', 'int', 'int'],
  cuFuncGetAttribute: ['void *', 'int', 'uint64'],
  cuMemAlloc_v2: ['void *', 'size_t'],
  cuMemFree_v2: ['uint64'],
  cuMemHostAlloc: ['void *', 'size_t', 'uint32'],
  cuMemcpyHtoD_v2: ['uint64', 'void *', 'size_t'],
  cuMemcpyDtoH_v2: ['void *', 'uint64', 'size_t'],
  cuMemcpyHtoDAsync_v2: ['uint64', 'uint64', 'size_t', 'uint64'],
  cuMemcpyDtoDAsync_v2: ['uint64', 'uint64', 'size_t', 'uint64'],
  cuMemsetD32_v2: ['uint64', 'uint32', 'size_t'],
  cuMemsetD32Async: ['uint64', 'uint32', 'size_t', 'uint64'],
  cuStreamCreate: ['void *', 'uint32'],
  cuStreamDestroy_v2: ['uint64'],
  cuStreamSynchronize: ['uint64'],
  cuStreamQuery: ['uint64'],
  cuStreamWaitEvent: ['uint64', 'uint64', 'uint32'],
  cuStreamBeginCapture_v2: ['uint64', 'int'],
  cuStreamBeginCaptureToGraph: ['uint64', 'uint64', 'void *', 'void *', 'size_t', 'int'],
  cuStreamEndCapture: ['uint64', 'void *'],
  cuEventCreate: ['void *', 'uint32'],
  cuEventRecord: ['uint64', 'uint64'],
  cuEventQuery: ['uint64'],
  cuEventSynchronize: ['uint64'],
  cuEventElapsedTime: ['void *', 'uint64', 'uint64'],
  cuLaunchKernel: ['uint64', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'uint64', 'void *', 'void *'], // prettier-ignore
  cuLaunchCooperativeKernel: ['uint64', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'uint64', 'void *'], // prettier-ignore
  cuCtxSynchronize: [],
  cuGraphCreate: ['void *', 'uint32'],
  cuGraphDestroy: ['uint64'],
  cuGraphGetNodes: ['uint64', 'void *', 'void *'],
  cuGraphInstantiateWithFlags: ['void *', 'uint64', 'uint64'],
  cuGraphLaunch: ['uint64', 'uint64'],
  cuGraphExecKernelNodeSetParams_v2: ['uint64', 'uint64', 'void *'],
  cuGraphAddKernelNode_v2: ['void *', 'uint64', 'void *', 'size_t', 'void *'],
  cuGraphAddNode_v2: ['void *', 'uint64', 'void *', 'void *', 'size_t', 'void *'],
  cuGraphConditionalHandleCreate: ['void *', 'uint64', 'uint64', 'uint32', 'uint32'],
  cuLinkCreate_v2: ['uint32', 'void *', 'void *', 'void *'],
  cuLinkAddData_v2: ['uint64', 'int', 'void *', 'size_t', 'str', 'uint32', 'void *', 'void *'],
  cuLinkComplete: ['uint64', 'void *', 'void *'],
  cuLinkDestroy: ['uint64'],
  emuLastFault: ['void *', 'int'],
} as const

export type Call = keyof typeof names
type Value = number | bigint | string | Numbers | Uint8Array | BigInt64Array | null

/** The emulator with the primary context of device 0 current. */
export class Emulator {
  readonly library: LibraryHandle
  readonly #functions = new Map<Call, (...values: Value[]) => number>()

  constructor(path: string) {
    this.library = koffi.load(path)
    this.must('cuInit', 0)
    this.must('cuCtxSetCurrent', this.out('cuDevicePrimaryCtxRetain', 0))
  }

  /** Calls a function and returns its result. */
  call(name: Call, ...values: Value[]): number {
    let found = this.#functions.get(name)
    if (found === undefined) {
      found = this.library.func(name, 'int', [...names[name]]) as (...values: Value[]) => number
      this.#functions.set(name, found)
    }
    return found(...values)
  }

  /** Calls a function that must succeed. */
  must(name: Call, ...values: Value[]): void {
    const result = this.call(name, ...values)
    if (result !== 0) throw new Error(`${name}: ${result} ${this.lastFault()}`)
  }

  /** Calls a function that must succeed and writes a 64-bit value to its first argument. */
  out(name: Call, ...values: Value[]): bigint {
    const value = new BigUint64Array(1)
    this.must(name, value, ...values)
    return value[0]!
  }

  /** Loads PTX, and returns the result with what the error log says. */
  tryLoad(ptx: string): { readonly result: number; readonly module: bigint; readonly log: string } {
    const module = new BigUint64Array(1)
    const log = Buffer.alloc(1024)
    const options = new Int32Array([5, 6])
    const values = new BigUint64Array([BigInt(koffi.address(log)), 1024n])
    const result = this.call('cuModuleLoadDataEx', module, Buffer.from(`${ptx}\0`), 2, options, values)
    return { result, module: module[0]!, log: text(log) }
  }

  load(ptx: string): bigint {
    const { result, module, log } = this.tryLoad(ptx)
    if (result !== 0) throw new Error(`${result} ${log}`)
    return module
  }

  /** Loads a file of tests/fixtures. */
  fixture(name: string): bigint {
    return this.load(readFileSync(new URL(`../../fixtures/${name}.ptx`, import.meta.url), 'utf8'))
  }

  entry(module: bigint, name: string): bigint {
    return this.out('cuModuleGetFunction', module, name)
  }

  alloc(bytes: number): bigint {
    return this.out('cuMemAlloc_v2', bytes)
  }

  /** Device memory that holds these numbers. */
  upload(numbers: Numbers): bigint {
    const address = this.alloc(numbers.byteLength)
    this.must('cuMemcpyHtoD_v2', address, numbers, numbers.byteLength)
    return address
  }

  zeros(count: number): bigint {
    const address = this.alloc(count * 4)
    this.must('cuMemsetD32_v2', address, 0, count)
    return address
  }

  read<T extends Numbers>(address: bigint, into: T): T {
    this.must('cuMemcpyDtoH_v2', into, address, into.byteLength)
    return into
  }

  /** Launches and returns the result; `shared` is dynamic shared memory. */
  launch(kernel: bigint, grid: Triple, block: Triple, params: readonly Param[], shared = 0, stream = 0n): number {
    const packed = packParams(params)
    const [gx, gy = 1, gz = 1] = grid
    const [bx, by = 1, bz = 1] = block
    return this.call('cuLaunchKernel', kernel, gx, gy, gz, bx, by, bz, shared, stream, packed.pointers, null)
  }

  /** Launches, waits, and throws what went wrong. */
  run(kernel: bigint, grid: Triple, block: Triple, params: readonly Param[], shared = 0): void {
    const result = this.launch(kernel, grid, block, params, shared)
    if (result !== 0) throw new Error(`cuLaunchKernel: ${result}`)
    this.must('cuCtxSynchronize')
  }

  /** Launches, and returns the result of waiting with the text of the fault; the context is made new. */
  fault(kernel: bigint, grid: Triple, block: Triple, params: readonly Param[], shared = 0): readonly [number, string] {
    const launched = this.launch(kernel, grid, block, params, shared)
    const result = launched || this.call('cuCtxSynchronize')
    const found = [result, launched ? '' : this.lastFault()] as const
    this.library.func('void emuReset()')()
    return found
  }

  lastFault(): string {
    const buffer = Buffer.alloc(1024)
    this.call('emuLastFault', buffer, 1024)
    return text(buffer)
  }
}

/** Values of parameters side by side, with pointers to them. Kept alive by who holds the result. */
export function packParams(params: readonly Param[]): { readonly values: Buffer; readonly pointers: BigUint64Array } {
  const values = Buffer.alloc(8 * params.length + 8)
  const base = BigInt(koffi.address(values))
  for (const [i, param] of params.entries()) {
    if (typeof param === 'bigint') values.writeBigUInt64LE(param, 8 * i)
    else if ('f32' in param) values.writeFloatLE(param.f32, 8 * i)
    else values.writeInt32LE(param.i32 | 0, 8 * i)
  }
  return { values, pointers: BigUint64Array.from(params, (_, i) => base + BigInt(8 * i)) }
}

export const i32 = (value: number): Param => ({ i32: value })
export const f32 = (value: number): Param => ({ f32: value })

/** PTX around the body of one kernel `k`, with declarations of registers `%r`, `%f`, `%d`, `%p`, `%h`. */
export function ptxOf(
  body: string,
  {
    params = '.param .u64 p',
    before = '',
    attributes = '',
    target = 'sm_80',
  }: Partial<Record<'params' | 'before' | 'attributes' | 'target', string>> = {},
): string {
  return `.version 7.8
.target ${target}
.address_size 64
${before}
.visible .entry k(${params}) ${attributes}
{
.reg .pred %p<8>;
.reg .b16 %h<16>;
.reg .b32 %r<32>;
.reg .f32 %f<32>;
.reg .b64 %d<16>;
.reg .f64 %g<8>;
${body}
ret;
}
`
}

/** Defines tests that need the emulator. Where it cannot be built they are skipped, with the reason in the suite's name. */
export async function describeEmulator(name: string, define: (emulator: Emulator) => void): Promise<void> {
  const missing = whyNoEmulator()
  if (missing === undefined) {
    const emulator = new Emulator(await buildEmulator())
    describe(name, () => define(emulator))
  } else describe.skipIf(true)(name, () => test(missing, () => undefined))
}

function text(buffer: Buffer): string {
  const end = buffer.indexOf(0)
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end)
}

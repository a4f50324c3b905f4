// run-ptx: entries of a PTX module on a CUDA driver, without the runtime
//
// The driver is the library that TSJIT_LIBCUDA names, or the emulator where `build-emulator.mjs` has built it.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

type Koffi = {
  load(path: string): { func(signature: string): (...args: readonly unknown[]) => number }
  address(buffer: ArrayBuffer): bigint
}

/** The library that calls drivers, as the runtime has it. */
function koffi(): Koffi {
  const require = createRequire(new URL('../../../runtime-cuda/package.json', import.meta.url))
  return require('koffi') as Koffi
}

/** One launch of an entry. */
export interface PtxLaunch {
  readonly entry: string
  readonly groups: readonly [number, number, number]
  readonly lanes: readonly [number, number, number]
  /** One for each buffer parameter: a buffer of the run, and the byte in it where the parameter begins. */
  readonly buffers: readonly { readonly buffer: number; readonly offset?: number }[]
  /** Dims and scalars, where the entry takes them. */
  readonly uniform?: readonly number[]
  /** Bytes of dynamic shared memory. */
  readonly shared?: number
}

/** What runs over the buffers of one run. */
export interface PtxSession {
  launch(launch: PtxLaunch): void
  /** Returns a buffer as it is now. */
  read(buffer: number): Uint8Array<ArrayBuffer>
}

/** A driver with one context. */
export interface PtxDriver {
  /** Loads a module and gives `body` buffers that begin with these bytes. */
  run<T>(ptx: string, buffers: readonly Uint8Array[], body: (session: PtxSession) => T): T
}

/** The path of the driver; undefined where tests have none. */
export const driverPath: string | undefined = process.env['TSJIT_LIBCUDA'] ?? builtEmulator()

function builtEmulator(): string | undefined {
  const path = fileURLToPath(new URL('../../../runtime-cuda/.emulator/libcuda.so.1', import.meta.url))
  return existsSync(path) ? path : undefined
}

/** Returns what the emulator of the driver has found last, and lets it begin anew. */
export function takeFault(path: string): string {
  const library = koffi().load(path)
  const text = new Uint8Array(4096)
  library.func('int emuLastFault(void *text, int size)')(text, text.length)
  library.func('void emuReset(void)')()
  return Buffer.from(text).toString('utf8').replace(/\0.*/s, '')
}

/** CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR; _MINOR is the next. */
const CAPABILITY = 75

/** Returns the compute capability of the first device: 90 for 9.0. */
export function capabilityOf(path: string): number {
  const library = koffi().load(path)
  const attribute = library.func('int cuDeviceGetAttribute(void *value, int attribute, int device)')
  const value = new Int32Array(1)
  library.func('int cuInit(uint flags)')(0)
  const [major = 0, minor = 0] = [0, 1].map((i) => {
    attribute(value, CAPABILITY + i, 0)
    return value[0]
  })
  return 10 * major + minor
}

/** Opens the driver. */
export function openDriver(path: string): PtxDriver {
  const library = koffi().load(path)
  const call = (name: string, parameters: string): ((...args: readonly unknown[]) => void) => {
    const f = library.func(`int ${name}(${parameters})`)
    return (...args) => {
      const code = f(...args)
      if (code !== 0) throw new Error(`${name}: ${code}`)
    }
  }
  const H = 'uintptr_t'
  const cu = {
    init: call('cuInit', 'uint flags'),
    device: call('cuDeviceGet', 'void *d, int i'),
    retain: call('cuDevicePrimaryCtxRetain', 'void *c, int d'),
    current: call('cuCtxSetCurrent', `${H} c`),
    load: call('cuModuleLoadDataEx', 'void *m, void *image, uint n, void *options, void *values'),
    entry: call('cuModuleGetFunction', `void *f, ${H} m, str name`),
    alloc: call('cuMemAlloc_v2', 'void *p, size_t n'),
    free: call('cuMemFree_v2', `${H} p`),
    write: call('cuMemcpyHtoDAsync_v2', `${H} d, ${H} h, size_t n, ${H} s`),
    read: call('cuMemcpyDtoHAsync_v2', `${H} h, ${H} d, size_t n, ${H} s`),
    stream: call('cuStreamCreate', 'void *s, uint flags'),
    wait: call('cuStreamSynchronize', `${H} s`),
    attribute: call('cuFuncSetAttribute', `${H} f, int which, int value`),
    launch: call(
      'cuLaunchKernel',
      `${H} f, uint gx, uint gy, uint gz, uint bx, uint by, uint bz, uint sh, ${H} st, ${H} kp, ${H} ex`,
    ),
  }
  const got = (f: (...args: readonly unknown[]) => void, ...args: readonly unknown[]): number => {
    const out = new BigUint64Array(1)
    f(out, ...args)
    return Number(out[0])
  }
  cu.init(0)
  const device = new Int32Array(1)
  cu.device(device, 0)
  cu.current(got(cu.retain, device[0]))
  const stream = got(cu.stream, 1)
  const addressOf = (array: Uint8Array | BigUint64Array): number =>
    Number(koffi().address(array.buffer as ArrayBuffer)) + array.byteOffset
  return {
    run(ptx, given, body) {
      const log = new Uint8Array(8192)
      const values = new BigUint64Array([BigInt(addressOf(log)), 8192n])
      let module: number
      try {
        module = got(cu.load, Buffer.from(`${ptx}\0`), 2, new Int32Array([5, 6]), values)
      } catch (error) {
        throw new Error(`${String(error)}: ${Buffer.from(log).toString('utf8').replace(/\0.*/s, '')}\n${ptx}`)
      }
      const buffers = given.map((data) => {
        // a driver gives no buffer of 0 bytes
        const own = Uint8Array.from(data.length === 0 ? [0] : data)
        const address = got(cu.alloc, own.length)
        cu.write(address, addressOf(own), own.length, stream)
        return { own, address, length: data.length }
      })
      cu.wait(stream)
      const launch = ({ entry, groups, lanes, buffers: bound, uniform = [], shared = 0 }: PtxLaunch): void => {
        if (groups.includes(0)) return
        const f = got(cu.entry, module, entry)
        // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
        if (shared > 48 * 1024) cu.attribute(f, 8, shared)
        const words = new Uint8Array(Int32Array.from([...uniform, 0]).buffer)
        const parameters = BigUint64Array.from(bound, ({ buffer, offset = 0 }) =>
          BigInt((buffers[buffer]?.address ?? 0) + offset),
        )
        const pointers = BigUint64Array.from([
          ...bound.map((_, i) => BigInt(addressOf(parameters) + 8 * i)),
          BigInt(addressOf(words)),
        ])
        cu.launch(f, ...groups, ...lanes, shared, stream, addressOf(pointers), 0)
        cu.wait(stream)
      }
      const read = (index: number): Uint8Array<ArrayBuffer> => {
        const { own, address, length } = buffers[index] ?? { own: new Uint8Array(1), address: 0, length: 0 }
        cu.read(addressOf(own), address, own.length, stream)
        cu.wait(stream)
        return Uint8Array.from(own.subarray(0, length))
      }
      const result = body({ launch, read })
      for (const { address } of buffers) cu.free(address)
      return result
    },
  }
}

// run-ptx: entries of a PTX module on a CUDA driver, without the runtime
//
// The driver is the library that TSJIT_LIBCUDA names: that of a GPU, or the emulator.

import { createRequire } from 'node:module'

type Koffi = {
  load(path: string): { func(signature: string): (...args: readonly unknown[]) => number }
  address(buffer: ArrayBuffer): bigint
}

/** One launch of an entry. */
export interface PtxLaunch {
  readonly entry: string
  readonly groups: readonly [number, number, number]
  readonly lanes: readonly [number, number, number]
  /** One for each buffer parameter, an index into the buffers of the run. */
  readonly buffers: readonly number[]
  /** Dims and scalars, where the entry takes them. */
  readonly uniform?: readonly number[]
}

/** A driver with one context. */
export interface PtxDriver {
  /** Loads a module, runs the launches in order over buffers, which come back changed. Each has so many bytes. */
  run(ptx: string, launches: readonly PtxLaunch[], buffers: readonly Uint8Array[]): readonly Uint8Array<ArrayBuffer>[]
}

/** The path of the driver; undefined where tests have none. */
export const driverPath: string | undefined = process.env['TSJIT_LIBCUDA']

/** Opens the driver. */
export function openDriver(path: string): PtxDriver {
  const require = createRequire(new URL('../../../runtime-cuda/package.json', import.meta.url))
  const koffi = require('koffi') as Koffi
  const library = koffi.load(path)
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
    Number(koffi.address(array.buffer as ArrayBuffer)) + array.byteOffset
  return {
    run(ptx, launches, given) {
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
        return { own, address }
      })
      for (const { entry, groups, lanes, buffers: bound, uniform = [] } of launches) {
        const f = got(cu.entry, module, entry)
        const words = Int32Array.from(uniform)
        const parameters = BigUint64Array.from(bound, (i) => BigInt(buffers[i]?.address ?? 0))
        const pointers = BigUint64Array.from([
          ...bound.map((_, i) => BigInt(addressOf(parameters) + 8 * i)),
          BigInt(addressOf(new Uint8Array(words.buffer))),
        ])
        cu.launch(f, ...groups, ...lanes, 0, stream, addressOf(pointers), 0)
        cu.wait(stream)
      }
      for (const { own, address } of buffers) cu.read(addressOf(own), address, own.length, stream)
      cu.wait(stream)
      for (const { address } of buffers) cu.free(address)
      return buffers.map(({ own }, i) => own.subarray(0, given[i]?.length ?? 0))
    },
  }
}

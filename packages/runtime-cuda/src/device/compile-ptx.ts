// compile-ptx: PTX -> machine code of the device, by its driver
//
// What the driver makes is kept in the user's cache folder: its own cache does not outlive a container. A cache that
// cannot be read or written is none.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { TsjitError } from '@tsjit/host'
import { check, nameOf, valueOf } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'
import { type CudaDevice, guard } from './device.ts'

/** CU_JIT_INPUT_PTX. */
const PTX = 1
/** CU_JIT_ERROR_LOG_BUFFER and CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES. */
const LOG_OPTIONS = [5, 6]
const LOG_BYTES = 8192
/** CUDA_ERROR_UNSUPPORTED_PTX_VERSION and CUDA_ERROR_NO_BINARY_FOR_GPU: the driver is older than the PTX. */
const TOO_OLD: ReadonlySet<number> = new Set([222, 209])

/** Returns the machine code of a module for a device. */
export async function compilePtx(device: CudaDevice, ptx: string): Promise<Uint8Array> {
  const { capability, driverVersion, name } = device
  const key = createHash('sha256').update(`${ptx}\n${name}\n${capability}\n${driverVersion}`).digest('hex')
  const file = join(cacheFolder(), `${key}.cubin`)
  const kept = await readFile(file).catch(() => undefined)
  if (kept) return kept
  const code = guard(device, () => link(device, ptx))
  await keep(file, code).catch(() => {})
  return code
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tsjit')
}

/** Writes a file at once or not at all: other processes may want the same. */
async function keep(file: string, code: Uint8Array): Promise<void> {
  const own = `${file}.${process.pid}`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(own, code)
  await rename(own, file)
}

function link({ api, name }: CudaDevice, ptx: string): Uint8Array {
  const log = new Uint8Array(LOG_BYTES)
  const options = new Int32Array(LOG_OPTIONS)
  const values = BigUint64Array.of(BigInt(api.addressOf(log)), BigInt(LOG_BYTES))
  const state = valueOf(api, 'cuLinkCreate', (out) => api.cuLinkCreate(options.length, options, values, out))
  try {
    const text = new TextEncoder().encode(`${ptx}\0`)
    const result = api.cuLinkAddData(state, PTX, text, text.length, 'tsjit.ptx', 0, null, null)
    if (TOO_OLD.has(result)) {
      const reason = `the NVIDIA driver does not take these kernels for ${name} (${nameOf(api, result)})`
      throw new TsjitError('target_unavailable', `${reason}: update the driver`)
    }
    check(api, result, `cuLinkAddData: ${textIn(log)}`)
    return complete(api, state, log)
  } finally {
    api.cuLinkDestroy(state)
  }
}

function complete(api: DriverApi, state: Handle, log: Uint8Array): Uint8Array {
  const code = new BigUint64Array(1)
  const size = new BigUint64Array(1)
  check(api, api.cuLinkComplete(state, code, size), `cuLinkComplete: ${textIn(log)}`)
  // The state owns it.
  return new Uint8Array(api.view(Number(code[0]), Number(size[0]))).slice()
}

function textIn(log: Uint8Array): string {
  const end = log.indexOf(0)
  return new TextDecoder().decode(end < 0 ? log : log.subarray(0, end))
}

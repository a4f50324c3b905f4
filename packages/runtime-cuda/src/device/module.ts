// module: PTX -> functions, once a device
//
// What the build has for the very device comes first: its own PTX, then machine code; else the driver compiles the PTX that
// every device takes.
import { readFile } from 'node:fs/promises'
import { TsjitError, type CudaModule } from '@tsjit/host'
import { check, valueOf } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import { type CudaDevice, guard } from './device.ts'
import { compilePtx } from './compile-ptx.ts'

/** A module on a device. */
export interface LoadedModule {
  /** Returns the entry of this name; `shared` is its dynamic shared memory in bytes. */
  functionOf(name: string, shared?: number): Handle
}

/** CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES. */
const MOST_SHARED = 8
/** What a kernel may have without being asked. */
const FREE_SHARED = 48 * 1024

/** Loads a module; equal ones are loaded once. Throws `target_unavailable` where the driver is too old for it. */
export function loadModule(device: CudaDevice, module: CudaModule): Promise<LoadedModule> {
  const architecture = `sm_${device.capability}`
  const own = module.variants?.[`${architecture}a`]
  const ptx = own ?? module.ptx
  const known = device.modules.get(ptx)
  if (known) return known
  const common = async (): Promise<LoadedModule> => {
    const cubin = module.cubins?.[architecture]
    return load(device, cubin === undefined ? await compilePtx(device, module.ptx) : await bytesOf(cubin))
  }
  const loading = own === undefined ? common() : loadOwn(device, own, common)
  device.modules.set(ptx, loading)
  loading.catch(() => device.modules.delete(ptx))
  return loading
}

/** Loads PTX for this device alone; where the driver does not take it, what `common` loads. */
async function loadOwn(device: CudaDevice, ptx: string, common: () => Promise<LoadedModule>): Promise<LoadedModule> {
  try {
    return load(device, await compilePtx(device, ptx))
  } catch (reason) {
    try {
      // text that is loaded goes another way through the driver than text that is linked, which may know less
      return load(device, new TextEncoder().encode(`${ptx}\0`))
    } catch {
      const { message } = reason as Error
      process.emitWarning(`${message}; the kernels for all devices are used`, { code: 'TSJIT_CUDA_VARIANT' })
      return common()
    }
  }
}

function load(device: CudaDevice, code: Uint8Array): LoadedModule {
  const { api } = device
  const handle = guard(device, () => loadCode(device, code))
  const functions = new Map<string, Handle>()
  return {
    functionOf(name, shared = 0) {
      const known = functions.get(name)
      if (known !== undefined) return known
      const found = valueOf(api, name, (out) => api.cuModuleGetFunction(out, handle, name))
      if (shared > FREE_SHARED) {
        check(api, api.cuFuncSetAttribute(found, MOST_SHARED, shared), `${name}: ${shared} bytes of shared memory`)
      }
      functions.set(name, found)
      return found
    },
  }
}

function loadCode({ api }: CudaDevice, code: Uint8Array): Handle {
  return valueOf(api, 'cuModuleLoadDataEx', (out) => api.cuModuleLoadDataEx(out, code, 0, null, null))
}

async function bytesOf(code: Uint8Array | URL | string): Promise<Uint8Array> {
  if (code instanceof Uint8Array) return code
  try {
    // bundlers give the text of a URL
    return await readFile(String(code).startsWith('file:') ? new URL(code) : code)
  } catch (cause) {
    throw new TsjitError('target_unavailable', `the kernels are not found at ${String(code)}`, { cause })
  }
}

// find-webgpu: where the global scope has no WebGPU -> that of Node's package `webgpu`, or why there is none
//
// A page with WebGPU never loads this.
import { TsjitError } from '@tsjit/host'

interface Surroundings {
  readonly isSecureContext?: boolean
  readonly process?: { readonly versions?: { readonly node?: string } }
}

interface WebgpuPackage {
  create(flags: readonly string[]): GPU
}

const found: { library?: GPU } = {}

/** Returns the library that Node has. Throws `target_unavailable` with what to do. */
export async function findWebgpu(): Promise<GPU> {
  const { isSecureContext, process } = globalThis as Surroundings
  if (!process?.versions?.node) {
    throw unavailable(
      isSecureContext === false
        ? 'browsers offer it only to pages on https or localhost'
        : 'this browser has none or has it switched off; current Chrome, Edge, Firefox and Safari have it',
    )
  }
  try {
    // A name that no bundler sees as an import.
    const name = 'webgpu'
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as WebgpuPackage
    // Held for good: Dawn needs it as long as a device lives.
    found.library ??= create([])
    return found.library
  } catch (cause) {
    throw unavailable('in Node it comes with the package `webgpu`: npm install webgpu', cause)
  }
}

/** Throws the error for a machine whose WebGPU finds no GPU. */
export async function refuseAdapter(): Promise<never> {
  throw unavailable('there is no GPU adapter; turn on hardware acceleration, or install a driver (on Linux, Vulkan)')
}

function unavailable(why: string, cause?: unknown): TsjitError {
  return new TsjitError('target_unavailable', `WebGPU is not available: ${why}`, { cause })
}

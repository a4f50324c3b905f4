// find-device: where the page gets no GPU -> the one that Node's package `webgpu` finds, or what to do
//
// A page with a GPU never loads this.

interface Surroundings {
  readonly isSecureContext?: boolean
  readonly process?: { readonly versions?: { readonly node?: string } }
}

interface WebgpuPackage {
  create(flags: readonly string[]): GPU
}

/** Timestamps are rounded for pages that must not time one another. */
const EXACT = 'disable-dawn-features=timestamp_quantization'

const found: { library?: GPU } = {}

/** Asks an adapter for a device as programs need it. */
export type RequestDevice = (adapter: GPUAdapter | null) => Promise<GPUDevice>

/**
 * Returns a device, or why there is none and what to do. `gpu` is the WebGPU that gave none, if there is one, and `cause`
 * how it failed.
 */
export async function findDevice(
  gpu: GPU | undefined,
  cause: unknown,
  request: RequestDevice,
): Promise<GPUDevice | string> {
  const { isSecureContext, process } = globalThis as Surroundings
  if (gpu) return why(gpu, cause)
  if (!process?.versions?.node) {
    return isSecureContext === false
      ? 'no WebGPU here: browsers offer it to pages on https and localhost only'
      : 'this browser has no WebGPU or has it switched off: current Chrome, Edge, Firefox and Safari have it'
  }
  try {
    // A name that no bundler sees as an import.
    const name = 'webgpu'
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as WebgpuPackage
    // Held for good: Dawn needs it as long as a device lives.
    found.library ??= create([EXACT])
  } catch (reason) {
    return `no WebGPU here: in Node it comes with the package \`webgpu\` (npm install webgpu): ${String(reason)}`
  }
  const { library } = found
  return library
    .requestAdapter()
    .then(request)
    .catch((reason: unknown) => why(library, reason))
}

async function why(gpu: GPU, cause: unknown): Promise<string> {
  // Without an adapter the cause is only that there is none.
  const ask = async (): Promise<GPUAdapter | null> => gpu.requestAdapter()
  const adapter = await ask().catch(() => undefined)
  return adapter === null
    ? 'WebGPU finds no GPU: turn on hardware acceleration, or install a driver (on Linux one for Vulkan)'
    : `WebGPU gives no device: ${String(cause)}; reload the page, or update the browser or the driver of the GPU`
}

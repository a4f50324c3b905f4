// find-adapter: where the page finds no GPU -> the one that Node's package `webgpu` finds, or what to do
//
// A page with a GPU never loads this.

interface Surroundings {
  readonly isSecureContext?: boolean
  readonly process?: { readonly versions?: { readonly node?: string } }
}

interface WebgpuPackage {
  create(flags: readonly string[]): GPU
}

const found: { library?: GPU } = {}

/** Returns an adapter, or why there is none and what to do. `gpu` is the WebGPU that found none. */
export async function findAdapter(gpu: GPU | undefined): Promise<GPUAdapter | string> {
  const { isSecureContext, process } = globalThis as Surroundings
  const missing = 'WebGPU finds no GPU: turn on hardware acceleration, or install a driver (on Linux one for Vulkan)'
  if (gpu) return missing
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
    found.library ??= create([])
    return (await found.library.requestAdapter()) ?? missing
  } catch (cause) {
    return `no WebGPU here: in Node it comes with the package \`webgpu\` (npm install webgpu): ${String(cause)}`
  }
}

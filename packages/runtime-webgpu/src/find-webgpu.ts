// find-webgpu: where the global scope has no WebGPU -> that of Node's package `webgpu`, or why there is none
//
// A page with WebGPU never loads this.

interface Surroundings {
  readonly isSecureContext?: boolean
  readonly process?: { readonly versions?: { readonly node?: string } }
}

interface WebgpuPackage {
  create(flags: readonly string[]): GPU
}

const found: { library?: GPU } = {}

/** Returns the library that Node has, or why there is none and what to do. */
export async function findWebgpu(): Promise<GPU | string> {
  const { isSecureContext, process } = globalThis as Surroundings
  if (!process?.versions?.node) {
    return isSecureContext === false
      ? 'browsers offer it only to pages on https or localhost'
      : 'this browser has none or has it switched off; current Chrome, Edge, Firefox and Safari have it'
  }
  try {
    // A name that no bundler sees as an import.
    const name = 'webgpu'
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as WebgpuPackage
    // Held for good: Dawn needs it as long as a device lives.
    found.library ??= create([])
    return found.library
  } catch (cause) {
    return `in Node it comes with the package \`webgpu\` (npm install webgpu): ${String(cause)}`
  }
}

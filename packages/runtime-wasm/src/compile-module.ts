// compile-module: where a module is -> the module, compiled once in this page
import { TsjitError, type WasmSource } from '@tsjit/host'

/** Makes another form of a module, from its bytes. */
export type ChangeModule = (bytes: Uint8Array) => Uint8Array

const known = new Map<ChangeModule | undefined, Map<WasmSource, Promise<WebAssembly.Module>>>()
const support: { relaxed?: boolean } = {}

// (func (param v128) (result v128) local.get 0 local.get 0 local.get 0 f32x4.relaxed_madd)
const probe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133,
  2, 11,
]

/** Returns the module in the best form that this engine can run, changed where asked. A failure is not remembered. */
export function compileModule(
  [baseline, relaxed]: readonly [WasmSource, WasmSource],
  change?: ChangeModule,
): Promise<WebAssembly.Module> {
  support.relaxed ??= WebAssembly.validate(Uint8Array.from(probe))
  const source = support.relaxed ? relaxed : baseline
  const modules = known.get(change) ?? new Map<WasmSource, Promise<WebAssembly.Module>>()
  known.set(change, modules)
  const module = modules.get(source) ?? compileSource(source, change)
  modules.set(source, module)
  module.catch(() => modules.delete(source))
  return module
}

async function compileSource(source: WasmSource, change: ChangeModule | undefined): Promise<WebAssembly.Module> {
  const compile = (bytes: ArrayBuffer | Uint8Array): Promise<WebAssembly.Module> =>
    WebAssembly.compile((change ? change(new Uint8Array(bytes)) : bytes) as BufferSource)
  if (source instanceof Uint8Array) return compile(source)
  // Apart from the constructor: webpack takes `new URL(…, import.meta.url)` for a file of the build.
  const base = import.meta.url
  const url = new URL(source, base)
  if (url.protocol === 'file:') {
    const name = 'node:fs/promises' // a name that no bundler sees as an import
    const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as {
      readFile(url: URL): Promise<Uint8Array>
    }
    return compile(await readFile(url))
  }
  const response = await fetch(url)
  if (!response.ok) throw new TsjitError('target_unavailable', `${url.href} answers ${response.status}`)
  // A server may call it something else than application/wasm: then it is compiled when it is there.
  return response.headers.get('content-type') === 'application/wasm' && !change
    ? WebAssembly.compileStreaming(response)
    : compile(await response.arrayBuffer())
}

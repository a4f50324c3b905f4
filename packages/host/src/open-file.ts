// open-file: a path or file: URL -> a stream of its bytes, in Node
//
// Node's modules come from `process.getBuiltinModule`, so that no bundler sees an import of them.

interface NodeModules {
  getBuiltinModule(name: 'node:fs'): {
    createReadStream(path: string | URL, options: { highWaterMark: number }): object
  }
  getBuiltinModule(name: 'node:path'): { resolve(path: string): string }
  getBuiltinModule(name: 'node:stream'): { readonly Readable: { toWeb(stream: object): ReadableStream<Uint8Array> } }
}

const CHUNK_BYTES = 1 << 20

/** Returns the stream of a file; where it cannot be read, reading throws. */
export function openFile(address: string): ReadableStream<Uint8Array> {
  const { process } = globalThis as unknown as { readonly process: NodeModules }
  // Whole, so that a message shows where a relative path led.
  const path = address.startsWith('file:') ? new URL(address) : process.getBuiltinModule('node:path').resolve(address)
  const file = process.getBuiltinModule('node:fs').createReadStream(path, { highWaterMark: CHUNK_BYTES })
  return process.getBuiltinModule('node:stream').Readable.toWeb(file)
}

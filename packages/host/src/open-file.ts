// open-file: a path or file: URL -> bytes in order, in Node
//
// Node's modules come from `process.getBuiltinModule`, so that no bundler sees an import of them.
import type { ByteStream } from './open-stream.ts'

interface NodeModules {
  getBuiltinModule(name: 'node:fs'): { readonly promises: { open(path: string): Promise<FileHandle> } }
  getBuiltinModule(name: 'node:url'): { fileURLToPath(url: string): string }
}

interface FileHandle {
  read(buffer: Uint8Array): Promise<{ readonly bytesRead: number }>
  close(): Promise<void>
}

const CHUNK_BYTES = 4 << 20

/** Opens a file. Throws what Node throws. */
export async function openFile(address: string): Promise<ByteStream> {
  const { process } = globalThis as unknown as { readonly process: NodeModules }
  const path = address.startsWith('file:') ? process.getBuiltinModule('node:url').fileURLToPath(address) : address
  const file = await process.getBuiltinModule('node:fs').promises.open(path)
  let closing: Promise<void> | undefined
  return {
    phase: 'download',
    async next() {
      const chunk = new Uint8Array(CHUNK_BYTES)
      const { bytesRead } = await file.read(chunk)
      return bytesRead > 0 ? chunk.subarray(0, bytesRead) : undefined
    },
    close() {
      closing ??= file.close().catch(() => {})
    },
  }
}

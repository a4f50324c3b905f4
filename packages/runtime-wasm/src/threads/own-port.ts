// own-port: the line from a thread to the one that started it
import { nodeModule } from './node-module.ts'
import type { NodeThreads, Port } from './port.ts'

/** Returns the line from this thread to the one that started it. */
export function ownPort(receive: (data: unknown) => void): Port {
  const parent = (nodeModule('node:worker_threads') as NodeThreads | undefined)?.parentPort
  if (parent) {
    parent.on('message', receive)
    return { post: (message, transfer) => parent.postMessage(message, transfer), end: () => parent.close() }
  }
  const scope = globalThis as unknown as DedicatedScope
  scope.addEventListener('message', ({ data }) => receive(data))
  return { post: (message, transfer = []) => scope.postMessage(message, [...transfer]), end: () => scope.close() }
}

// The part of a worker's global object that is used here: the types of pages have no such object.
interface DedicatedScope {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  close(): void
}

// start-thread: a thread of this page or process
//
// Apart from what such a thread needs itself: bundlers take the reference to its script for a part of what refers to it.
import { nodeModule } from './node-module.ts'
import type { NodeThreads, Receiver, ThreadPort } from './port.ts'

/** Starts a thread with the file `worker.ts`. Throws where that is impossible; failures that show later are reported. */
export function startThread(receiver: Receiver): ThreadPort {
  if (typeof Worker === 'function') {
    const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module', name: 'tsjit' })
    worker.addEventListener('message', ({ data }) => receiver.message(data))
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      receiver.error(new Error(event.message || 'the script of the worker cannot be loaded'))
    })
    return {
      post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
      end: () => worker.terminate(),
      keep() {},
    }
  }
  const { Worker: NodeThread } = nodeModule('node:worker_threads') as NodeThreads
  // Apart from the constructor: webpack takes `new URL(…, import.meta.url)` for a file of the build.
  const base = import.meta.url
  const worker = new NodeThread(new URL('../worker.ts', base), { execArgv: [], name: 'tsjit' })
  worker.on('message', (data) => receiver.message(data))
  worker.on('error', (error) => receiver.error(error))
  worker.on('exit', () => receiver.error(new Error('the worker has ended')))
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    end: () => worker.terminate(),
    keep: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
  }
}

/** Returns how many threads this machine runs at once. */
export function coreCount(): number {
  const os = nodeModule('node:os') as { availableParallelism?(): number } | undefined
  return os?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency ?? 1
}

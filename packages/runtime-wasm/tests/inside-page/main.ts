// main: a page whose worker runs models on threads, for a test to call

import type { Finding, tryModels, Way } from '../page/try-models.ts'

function tryInside(ways: readonly Way[]): Promise<readonly Finding[]> {
  const worker = new Worker(new URL('./inside.ts', import.meta.url), { type: 'module' })
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data as readonly Finding[]))
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.postMessage(ways)
  })
}

const threadsPage: { readonly tryModels: typeof tryModels } = { tryModels: tryInside }
Object.assign(globalThis, { threadsPage })

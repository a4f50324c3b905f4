// rollup-setup: what Rollup and Rolldown need beyond the hooks that all hosts share
//
// They leave the scripts of workers alone: that of the WebAssembly runtime becomes a chunk of the build here.

import { dirname, join } from 'node:path'

/** The part of a plugin of Rollup or Rolldown that is used here. */
export interface WorkerHooks {
  readonly transform: {
    readonly filter: { readonly id: RegExp }
    handler(this: EmittingContext, code: string, id: string): { readonly code: string; readonly map: null } | null
  }
}

/** What the context of a hook has. */
export interface EmittingContext {
  /** Vite's. */
  readonly environment?: { readonly config?: { readonly consumer?: string } }
  emitFile(file: { readonly type: 'chunk'; readonly id: string; readonly name: string }): string
}

/** The name of the chunk. */
export const workerName = 'tsjit-worker'

/** Returns hooks that build the script of the runtime's workers along. */
export function setupRollup(): WorkerHooks {
  return {
    transform: {
      filter: { id: /[\\/]start-thread\.[jt]s$/ },
      handler(code, id) {
        const reference = /new URL\((['"])(\.\.\/worker\.[jt]s)\1,\s*[\w.]+\)/g
        const [, , script] = reference.exec(code) ?? []
        if (script === undefined || !/tsjit|runtime-wasm/.test(id)) return null
        const file = this.emitFile({ type: 'chunk', id: join(dirname(id), script), name: workerName })
        return { code: code.replaceAll(reference, `new URL(import.meta.ROLLUP_FILE_URL_${file})`), map: null }
      },
    },
  }
}

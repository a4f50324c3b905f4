// peek: a model's source and its kernels with readable names, for the page to show
//
// Compiles the file once more, with names for people, and reads the kernels from the module that comes out. The page
// runs the kernels of the ordinary build.

import { readFile } from 'node:fs/promises'
import * as compiler from '@tsjit/compiler'
import { createFileCompiler, kernelsOf } from 'unplugin-tsjit/api'
import type { Plugin } from 'vite'

const id = 'virtual:tsjit-peek'

interface Kernel {
  readonly name: string
  readonly code: string
  readonly note: string
}

/** Provides `virtual:tsjit-peek` for a `.tsjit` file. */
export function peek(file: string): Plugin {
  const files = createFileCompiler(compiler)
  return {
    name: 'demo:peek',
    resolveId: { filter: { id: /^virtual:tsjit-peek$/ }, handler: () => `\0${id}` },
    load: {
      filter: { id: /^\0virtual:tsjit-peek$/ },
      async handler() {
        this.addWatchFile(file)
        const source = await readFile(file, 'utf8')
        const result = await files.compileFile(file, { names: 'readable' })
        const notes = result.explain[0]?.kernels ?? []
        const kernels = (await kernelsOf(result, '')).map(({ text: kernel }, index): Kernel => ({
          name: notes[index]?.name ?? `kernel ${index + 1}`,
          code: kernel.trim(),
          note: noteOf(notes[index]),
        }))
        const text = source.replace(/^(?:\/\/[^\n]*\n)+\n?/, '').trim()
        return `export const source = ${JSON.stringify(text)}\nexport const kernels = ${JSON.stringify(kernels)}\n`
      },
    },
  }
}

function noteOf(kernel: { readonly ops: readonly string[]; readonly reason: string } | undefined): string {
  return kernel === undefined ? '' : `${kernel.ops.join(', ')}: ${kernel.reason}`
}

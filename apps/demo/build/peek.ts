// peek: a model's source and its kernels with readable names, for the page to show
//
// Compiles the file once more, with names for people, and reads the kernels from the module that comes out. The page
// runs the kernels of the ordinary build.

import { readFile } from 'node:fs/promises'
import * as compiler from '@tsjit/compiler'
import { createFileCompiler } from 'unplugin-tsjit/api'
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
        const { code, explain } = await files.compileFile(file, { names: 'readable' })
        const notes = explain[0]?.kernels ?? []
        const kernels = (await wgslOf(code)).map(
          (wgsl, index): Kernel => ({
            name: notes[index]?.name ?? `kernel ${index + 1}`,
            code: wgsl.trim(),
            note: noteOf(notes[index]),
          }),
        )
        const text = source.replace(/^(?:\/\/[^\n]*\n)+\n?/, '').trim()
        return `export const source = ${JSON.stringify(text)}\nexport const kernels = ${JSON.stringify(kernels)}\n`
      },
    },
  }
}

function noteOf(kernel: { readonly ops: readonly string[]; readonly reason: string } | undefined): string {
  return kernel === undefined ? '' : `${kernel.ops.join(', ')}: ${kernel.reason}`
}

// Runs the emitted module with a runtime that only hands back what it is given.
async function wgslOf(code: string): Promise<readonly string[]> {
  const runtime = dataUrl('export const program = (definition) => definition')
  const module = code
    .replace(/from\s*['"]@tsjit\/runtime-webgpu['"]/g, `from ${JSON.stringify(runtime)}`)
    .replaceAll(/\bimport\(/g, 'Promise.reject(')
  const exports = (await import(/* @vite-ignore */ dataUrl(module))) as Readonly<Record<string, Definition>>
  return Object.values(exports).flatMap(({ programs }) => programs?.eval.kernels.map(({ code: wgsl }) => wgsl) ?? [])
}

interface Definition {
  readonly programs?: { readonly eval: { readonly kernels: readonly { readonly code: string }[] } }
}

function dataUrl(code: string): string {
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
}

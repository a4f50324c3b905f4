// import-compiled: a .tsjit file -> its compiled module, imported into this process

import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as compiler from '@tsjit/compiler'
import type { Definition } from '@tsjit/host'
import { createFileCompiler, errorsOf, plainError } from 'unplugin-tsjit/api'
import type { CodegenTarget } from '@tsjit/compiler'

const files = createFileCompiler(compiler)
const folder = fileURLToPath(new URL('../../.cache/compiled', import.meta.url))

/** Options of `importCompiled`. */
export interface CompiledOptions {
  /** The file of a runtime to use instead of that of this process. */
  readonly runtime?: string
  /** The modes to compile; default: eval only. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** For CUDA: what to have machine code for. */
  readonly architectures?: readonly string[]
  /** For CUDA: whether products of f32 may be rounded. */
  readonly tf32?: boolean
}

/** Compiles a file as a production build does and returns its models by name. Throws with all errors of the file. */
export async function importCompiled(
  file: string,
  target: CodegenTarget = 'webgpu',
  { runtime, modes, architectures = [], tf32 = false }: CompiledOptions = {},
): Promise<Readonly<Record<string, Definition>>> {
  const options = { target, names: 'minified', architectures, tf32, ...(modes && { modes }) } as const
  const result = await files.compileFile(file, options)
  const errors = errorsOf(result)
  if (errors.length > 0) throw plainError(compiler, result, errors, process.cwd())
  await mkdir(folder, { recursive: true })
  const kind = [target, ...architectures, ...(tf32 ? ['tf32'] : []), ...(runtime ? ['built'] : [])].join('-')
  const module = join(folder, `${basename(file, '.tsjit')}-${kind}-${process.pid}.mjs`)
  const code = result.assets.reduce(
    (text, { placeholder, bytes }) => text.replace(placeholder, `new Uint8Array([${bytes.join()}])`),
    result.code,
  )
  const other = JSON.stringify(runtime && pathToFileURL(runtime).href)
  await writeFile(module, runtime ? code.replaceAll(/(['"])@tsjit\/runtime-\w+\1/g, other) : code)
  // Vite would look for it while it reads this file
  const url = pathToFileURL(module).href
  const imported: Readonly<Record<string, Definition>> = await import(/* @vite-ignore */ url)
  return imported
}

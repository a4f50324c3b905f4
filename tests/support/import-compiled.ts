// import-compiled: a .tsjit file -> its compiled module, imported into this process

import { createHash } from 'node:crypto'
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
  options: CompiledOptions = {},
): Promise<Readonly<Record<string, Definition>>> {
  // Vite would look for it while it reads this file
  const url = await compileToModule(file, target, options)
  const imported: Readonly<Record<string, Definition>> = await import(/* @vite-ignore */ url)
  return imported
}

/** Compiles a file to a module of its own, and returns the URL of that. Throws with all errors of the file. */
export async function compileToModule(
  file: string,
  target: CodegenTarget,
  { runtime, modes, architectures = [], tf32 = false }: CompiledOptions = {},
): Promise<string> {
  const options = { target, names: 'minified', architectures, tf32, ...(modes && { modes }) } as const
  const result = await files.compileFile(file, options)
  const errors = errorsOf(result)
  if (errors.length > 0) throw plainError(compiler, result, errors, process.cwd())
  await mkdir(folder, { recursive: true })
  const code = result.assets.reduce(
    (text, { placeholder, bytes }) => text.replace(placeholder, `new Uint8Array([${bytes.join()}])`),
    result.code,
  )
  const other = JSON.stringify(runtime && pathToFileURL(runtime).href)
  const text = runtime ? code.replaceAll(/(['"])@tsjit\/runtime-\w+\1/g, other) : code
  // files of one name lie in several folders, and a module is imported once
  const own = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const module = join(folder, `${basename(file, '.tsjit')}-${target}-${own}-${process.pid}.mjs`)
  await writeFile(module, text)
  return pathToFileURL(module).href
}

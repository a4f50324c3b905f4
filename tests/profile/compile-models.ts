// compile-models: the models of this folder, compiled to be profiled or not

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as compiler from '@tsjit/compiler'
import type { CodegenTarget, ModelExplanation } from '@tsjit/compiler'
import type { Definition, DefinitionData } from '@tsjit/host'
import { createFileCompiler, errorsOf, plainError, withAssets } from 'unplugin-tsjit/api'
import { definitionOf, profiledOf, runtimeText } from '../support/definitions.ts'

/** The file that they are in. */
export const modelsFile: string = fileURLToPath(new URL('models.tsjit', import.meta.url))

/** A compiled model, and what `tsjit explain` says of it. */
export interface CompiledModel {
  readonly definition: Definition
  readonly explained: ModelExplanation
}

const files = createFileCompiler(compiler)
const folder = fileURLToPath(new URL('../../.cache/profile', import.meta.url))

type FileOptions = Parameters<typeof files.compileFile>[1]
const results = new Map<string, ReturnType<typeof files.compileFile>>()

/** Compiles a file, once for all tests that want it so. */
function compiled(file: string, options: FileOptions): ReturnType<typeof files.compileFile> {
  const key = JSON.stringify([file, options])
  const result = results.get(key) ?? files.compileFile(file, options)
  results.set(key, result)
  return result
}

/** How to compile. */
export interface CompileOptions {
  /** Default: true. */
  readonly profile?: boolean
  /** Default: the one beside this. */
  readonly file?: string
  /** Default: eval only. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** The file of a runtime to use instead of that of this process. */
  readonly runtime?: string | undefined
}

interface Runtime {
  readonly program: (data: unknown) => Definition
  readonly profiledProgram: (data: unknown) => Definition
}

/** Compiles all models of a file. */
export async function compileModels(
  target: CodegenTarget,
  { profile = true, file = modelsFile, modes = ['eval'], runtime }: CompileOptions = {},
): Promise<Readonly<Record<string, CompiledModel>>> {
  const result = await compiled(file, { target, profile, modes, checks: true, names: 'readable' })
  const errors = errorsOf(result)
  if (errors.length > 0) throw plainError(compiler, result, errors, process.cwd())
  const place = join(folder, `${target}-${profile}-${process.pid}-${Math.random().toString(36).slice(2)}`)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'runtime.mjs'), runtimeText)
  const code = await withAssets(result, { kind: 'inline' })
  const module = join(place, 'models.mjs')
  await writeFile(module, code.replaceAll(/(['"])@tsjit\/runtime-\w+\1/g, "'./runtime.mjs'"))
  const data: Readonly<Record<string, DefinitionData<unknown>>> = await import(
    /* @vite-ignore */ pathToFileURL(module).href
  )
  const other: Runtime | undefined =
    runtime === undefined ? undefined : await import(/* @vite-ignore */ pathToFileURL(runtime).href)
  const make = profile ? (other?.profiledProgram ?? profiledOf[target]) : (other?.program ?? definitionOf[target])
  return Object.fromEntries(
    result.explain.map((explained) => {
      const { [explained.name]: own } = data
      if (own === undefined) throw new Error(`no model ${explained.name}`)
      return [explained.name, { definition: make(own), explained }]
    }),
  )
}

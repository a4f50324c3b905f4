// targets: a written program -> its results, on each target

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as compiler from '@tsjit/compiler'
import type { CodegenTarget } from '@tsjit/compiler'
import type { Definition, DefinitionData } from '@tsjit/host'
import { createFileCompiler, errorsOf, plainError, withAssets } from 'unplugin-tsjit/api'
import { definitionOf, runtimeText } from '../support/definitions.ts'
import { requestPageDevice } from '../support/device.ts'

/** Where cases run. */
export type TargetName = 'eager' | CodegenTarget

/** Loads programs. */
export interface Target {
  /** Returns the model of a module that is written to `file`. */
  load(file: string): Promise<LoadedModel>
  close(): void
}

/** A model that can be called. */
export type LoadedModel = Awaited<ReturnType<Definition['load']>>

/** The folder that programs are written to. */
export const folder: string = fileURLToPath(new URL('../../.cache/conformance', import.meta.url))

/** Opens a target. Throws where the machine lacks it. */
export async function openTarget(name: TargetName): Promise<Target> {
  await mkdir(join(folder, name), { recursive: true })
  return targets[name]()
}

const targets: { readonly [T in TargetName]: () => Promise<Target> } = {
  eager: async () => ({
    async load(file) {
      const module: { readonly m: Definition } = await import(/* @vite-ignore */ file)
      return module.m.load()
    },
    close: () => {},
  }),
  webgpu: async () => {
    const { device } = await requestPageDevice()
    return {
      load: async (file) => definitionOf.webgpu(await compiled(file, 'webgpu')).load({ device }),
      close: () => device.destroy(),
    }
  },
  wasm: async () => ({ load: async (file) => definitionOf.wasm(await compiled(file, 'wasm')).load(), close: () => {} }),
  cuda: async () => ({ load: async (file) => definitionOf.cuda(await compiled(file, 'cuda')).load(), close: () => {} }),
}

/** All of them. */
export const targetNames = Object.keys(targets) as readonly TargetName[]

const files = createFileCompiler(compiler)

/** Compiles a module and returns what it passes to the runtime. */
async function compiled(file: string, target: CodegenTarget): Promise<DefinitionData<unknown>> {
  const result = await files.compileFile(file, { target, names: 'minified' })
  const errors = errorsOf(result)
  if (errors.length > 0) throw plainError(compiler, result, errors, process.cwd())
  const runtime = join(dirname(file), 'runtime.mjs')
  await writeOnce(runtime, runtimeText)
  const module = file.replace(/\.tsjit$/, '.mjs')
  const code = await withAssets(result, { kind: 'inline' })
  await writeFile(module, code.replaceAll(/(['"])@tsjit\/runtime-\w+\1/g, "'./runtime.mjs'"))
  const imported: { readonly m: unknown } = await import(/* @vite-ignore */ pathToFileURL(module).href)
  return imported.m as DefinitionData<unknown>
}

async function writeOnce(file: string, text: string): Promise<void> {
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== text) await writeFile(file, text)
}

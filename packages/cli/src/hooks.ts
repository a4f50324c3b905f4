// hooks: Node's module hooks that compile `.tsjit`
//
// Runs in the thread of the hooks. Errors are thrown as text, for only that arrives on the other side.

import { readFile } from 'node:fs/promises'
import type { LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as compiler from '@tsjit/compiler'
import {
  createFileCompiler,
  createSourceHost,
  errorsOf,
  ownPattern,
  parseModuleId,
  plainError,
  resolveOwn,
  withAssets,
} from 'unplugin-tsjit/api'
import type { EagerModule, Form } from 'unplugin-tsjit/api'

const files = createFileCompiler(compiler)
const host = createSourceHost()
const jsonMark = '?tsjit-json'

/** Finds what `.tsjit` modules import: extensions left out, JSON, and packages that the app does not depend on. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const parent = context.parentURL ?? ''
  const isOurs = parent.startsWith('file:') && parseModuleId(parent) !== undefined
  if (isOurs && specifier.endsWith('.json')) {
    const file = await host.resolve(specifier, fileURLToPath(withoutQuery(parent)))
    if (file !== undefined) return { url: pathToFileURL(file).href + jsonMark, format: 'module', shortCircuit: true }
  }
  try {
    return await next(specifier, context)
  } catch (error) {
    const own = ownPattern.test(specifier) ? resolveOwn(specifier, context.conditions) : undefined
    if (own === undefined) throw error
    return { url: pathToFileURL(own).href, shortCircuit: true }
  }
}

/** Compiles. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:')) return next(url, context)
  if (url.endsWith(jsonMark)) {
    const value: unknown = JSON.parse(await readFile(new URL(withoutQuery(url)), 'utf8'))
    return { format: 'module', source: `export default ${JSON.stringify(value)}`, shortCircuit: true }
  }
  const module = parseModuleId(url)
  if (!module) return next(url, context)
  const file = fileURLToPath(module.file)
  const emitted = module.form === 'eager' ? await eager(file) : await compiled(file, module.form, askedOf(url))
  return { format: 'module', source: withMap(emitted), shortCircuit: true }
}

async function compiled(file: string, form: Exclude<Form, 'eager'>, asked: URLSearchParams): Promise<EagerModule> {
  const modes = asked.has('train') ? (['eval', 'train'] as const) : (['eval'] as const)
  const isDevelopment = process.env['NODE_ENV'] !== 'production'
  const options = {
    names: 'readable',
    checks: isDevelopment,
    profile: isDevelopment,
    modes,
    tf32: asked.has('tf32'),
    architectures: asked.getAll('architecture'),
    ...(asked.size > 0 ? { query: asked.toString() } : {}),
  } as const
  const result = await files.compileForm(file, form, options)
  const errors = errorsOf(result)
  if (errors.length > 0) {
    const { message } = plainError(compiler, result, errors, process.cwd())
    throw Object.assign(new Error(message), { name: 'TsjitError', stack: '' })
  }
  return { ...result, code: await withAssets(result, { kind: 'inline' }) }
}

// What `importModule` asks for: models that train, products that are rounded, code for devices.
const known: ReadonlySet<string> = new Set(['train', 'tf32', 'architecture'])

function askedOf(url: string): URLSearchParams {
  return new URLSearchParams([...new URL(url).searchParams].filter(([name]) => known.has(name)))
}

function eager(file: string): Promise<EagerModule> {
  return files.eagerFile(file, { link: (target) => pathToFileURL(target).href })
}

// Read by `node --enable-source-maps` and by debuggers.
function withMap({ code, map }: EagerModule): string {
  if (map === null) return code
  const text = Buffer.from(typeof map === 'string' ? map : JSON.stringify(map)).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${text}\n`
}

function withoutQuery(url: string): string {
  return url.split('?')[0] ?? url
}

// plugin: the file compiler as an unplugin
//
// Per host only what the host needs: how it shows errors, how it replaces modules, how it resolves. `.tsjit` files are
// real files, so that `load` alone is enough and no host deals with virtual modules.

import { relative } from 'node:path'
import { createUnplugin } from 'unplugin'
import type { UnpluginBuildContext, UnpluginContext, UnpluginInstance, UnpluginOptions } from 'unplugin'
import type { CompileResult } from '@tsjit/compiler'
import { createFileCompiler } from './compile-file.ts'
import type { FileCompiler, FormOptions } from './compile-file.ts'
import type { Compiler } from './compiler.ts'
import { setupEsbuild } from './esbuild-setup.ts'
import { withHot } from './hot-code.ts'
import { errorsOf, notesOf, plainError, rollupError, warningsOf } from './messages.ts'
import { mirrorOf, writeTypes } from './mirror-types.ts'
import { modulePattern, parseModuleId } from './module-id.ts'
import type { ModuleId } from './module-id.ts'
import { checkOptions } from './options.ts'
import { type AssetPlace, withAssets } from './assets.ts'
import type { Options } from './options.ts'
import { ownPattern, resolveOwn } from './resolve-own.ts'
import { setupRollup } from './rollup-setup.ts'
import { createSession } from './session.ts'
import type { Session } from './session.ts'
import { setupVite } from './vite-setup.ts'
import { setupWebpack } from './webpack-setup.ts'

const rollupLike: ReadonlySet<string> = new Set(['rollup', 'rolldown', 'vite', 'unloader'])
const webpackLike: ReadonlySet<string> = new Set(['webpack', 'rspack', 'rsbuild'])

type Context = UnpluginBuildContext & UnpluginContext

// What the context of the Rollup family has beyond unplugin's types.
interface RollupContext {
  resolve?(
    source: string,
    importer?: string,
    options?: { readonly skipSelf?: boolean },
  ): Promise<{ readonly id: string } | null>
  info?(log: Error): void
}

/** Returns the plugin on a compiler: the entry points pass the real one. */
export function createPlugin(compiler: Compiler): UnpluginInstance<Options | undefined, false> {
  return createUnplugin<Options | undefined, false>((options = {}, { framework }) => {
    checkOptions(compiler, options)
    const session = createSession(options)
    const files = createFileCompiler(compiler)
    const handler = async function (this: Context, id: string): Promise<LoadResult | null> {
      const module = parseModuleId(id)
      return module ? load({ context: this, framework, compiler, files, session }, module) : null
    }
    const plugin: UnpluginOptions = {
      name: 'tsjit',
      enforce: 'pre',
      // esbuild has its own hook, because its messages need more than unplugin passes on.
      ...(framework === 'esbuild' ? {} : { load: { filter: { id: modulePattern }, handler } }),
      ...(webpackLike.has(framework) || framework === 'esbuild' ? {} : { resolveId: resolver(session) }),
      vite: setupVite(session, files),
      webpack: (host) => setupWebpack(host, session),
      rspack: (host) => setupWebpack(host as never, session),
      rollup: setupRollup() as never,
      rolldown: setupRollup() as never,
      esbuild: { setup: (build) => setupEsbuild(build as never, { compiler, files, session }) },
    }
    return plugin
  })
}

/** How this host takes files that the code needs. */
function placeOf({ context, framework, session }: Work, importer: string): AssetPlace {
  if (webpackLike.has(framework)) return { kind: 'file', importer, root: session.root }
  const isBuild = rollupLike.has(framework) && !(framework === 'vite' && session.isDevelopment)
  // Vite emits no files for a server: those of the page are elsewhere.
  const isServer = (context as unknown as ViteContext).environment?.config?.consumer === 'server'
  return isBuild && !isServer
    ? { kind: 'emit', emit: (name, source) => emitted(context, name, source) }
    : { kind: 'inline' }
}

// What the context of Vite says of what is being built.
interface ViteContext {
  readonly environment?: { readonly config?: { readonly consumer?: string } }
}

function emitted(context: Context, name: string, source: Uint8Array): string {
  const { emitFile } = context as unknown as EmittingContext
  return `import.meta.ROLLUP_FILE_URL_${emitFile.call(context, { type: 'asset', name, source })}`
}

// What the context of the Rollup family returns, and unplugin's type does not say.
interface EmittingContext {
  emitFile(file: { readonly type: 'asset'; readonly name: string; readonly source: Uint8Array }): string
}

interface LoadResult {
  readonly code: string
  readonly map?: never
}

interface Work {
  readonly context: Context
  readonly framework: string
  readonly compiler: Compiler
  readonly files: FileCompiler
  readonly session: Session
}

async function load(work: Work, { file, form }: ModuleId): Promise<LoadResult> {
  const { context, framework, files, session } = work
  const options = fileOptions(work)
  if (form === 'eager') {
    context.addWatchFile(file)
    return loaded(await files.eagerFile(file, options))
  }
  const compiled = await files.compileForm(file, form, options)
  const result = { ...compiled, code: await withAssets(compiled, placeOf(work, file)) }
  for (const dependency of result.dependencies) context.addWatchFile(dependency)
  report(work, result)
  if (form === 'main') await typesOf(session, file, result)
  if (!session.hmr || (framework !== 'vite' && !webpackLike.has(framework))) return loaded(result)
  return loaded({ ...result, code: withHot(result.code, framework === 'vite' ? 'vite' : 'webpack') })
}

// `moduleType` keeps Rolldown from guessing by the extension. Hosts take any version 3 map; their types disagree.
function loaded({ code, map }: Pick<CompileResult, 'code' | 'map'>): LoadResult {
  const result = { code, map, moduleType: 'js' }
  return result as unknown as LoadResult
}

function report({ context, framework, compiler, session }: Work, result: CompileResult): void {
  const isRollup = rollupLike.has(framework)
  for (const warning of warningsOf(result)) {
    if (isRollup) context.warn(rollupError(compiler, result, [warning], session.root))
    else context.warn(plainError(compiler, result, [warning], session.root).message)
  }
  // other hosts have no place for what is no warning
  const { info } = context as unknown as RollupContext
  if (isRollup)
    for (const note of notesOf(result)) info?.call(context, rollupError(compiler, result, [note], session.root))
  const errors = errorsOf(result)
  if (errors.length === 0) return
  // Only the Rollup family throws here; elsewhere unplugin would go on and the host would parse TypeScript as JavaScript.
  if (isRollup) context.error(rollupError(compiler, result, errors, session.root))
  throw plainError(compiler, result, errors, session.root)
}

async function typesOf(session: Session, file: string, { types }: CompileResult): Promise<void> {
  if (session.types === false || types === '') return
  await writeTypes(file, types, mirrorOf(session.root, session.types === true ? {} : session.types))
}

function fileOptions({ context, framework, session }: Work): FormOptions {
  const { resolve } = context as unknown as RollupContext
  const isRollup = rollupLike.has(framework) && resolve !== undefined
  return {
    ...session.fileOptions(),
    ...(isRollup
      ? {
          fallback: async (specifier, importer) => {
            const found = await resolve.call(context, specifier, importer, { skipSelf: true })
            return found && !relative(session.root, found.id).startsWith('\0') ? found.id.split('?')[0] : undefined
          },
        }
      : {}),
  }
}

function resolver(session: Session): NonNullable<UnpluginOptions['resolveId']> {
  return {
    filter: { id: ownPattern },
    async handler(source, importer) {
      const { resolve } = this as unknown as RollupContext
      const own = await resolve?.call(this, source, importer, { skipSelf: true })
      return own?.id ?? resolveOwn(source, session.conditions) ?? null
    },
  }
}

// esbuild-setup: the file compiler as an esbuild plugin
//
// esbuild draws its own frames from places, and loses errors that are thrown or passed through unplugin; hence its own
// hooks instead of the shared ones.

import { dirname } from 'node:path'
import { withAssets } from './assets.ts'
import type { FileCompiler } from './compile-file.ts'
import type { Compiler } from './compiler.ts'
import { errorsOf, esbuildMessages, warningsOf } from './messages.ts'
import type { EsbuildMessage } from './messages.ts'
import { mirrorOf, writeTypes } from './mirror-types.ts'
import { parseModuleId } from './module-id.ts'
import { ownPattern, resolveOwn } from './resolve-own.ts'
import type { Session } from './session.ts'

/** The part of esbuild's plugin interface that is used here. */
export interface EsbuildHost {
  readonly initialOptions: {
    readonly absWorkingDir?: string
    readonly minify?: boolean
    readonly conditions?: readonly string[]
  }
  onLoad(options: { readonly filter: RegExp }, load: (file: EsbuildFile) => Promise<EsbuildResult>): void
  onResolve(
    options: { readonly filter: RegExp },
    resolve: (request: EsbuildRequest) => Promise<{ readonly path: string } | undefined>,
  ): void
  resolve(
    path: string,
    options: { readonly resolveDir: string; readonly kind: string; readonly pluginData: unknown },
  ): Promise<{ readonly path: string; readonly errors: readonly unknown[] }>
}

/** A file that esbuild asks for. */
export interface EsbuildFile {
  readonly path: string
  readonly suffix: string
}

/** An import that esbuild asks for. */
export interface EsbuildRequest {
  readonly path: string
  readonly resolveDir: string
  readonly kind: string
  readonly pluginData: unknown
}

/** What esbuild takes for a file. */
export interface EsbuildResult {
  readonly contents?: string
  readonly loader?: 'js'
  readonly resolveDir?: string
  readonly watchFiles?: readonly string[]
  readonly errors?: readonly EsbuildMessage[]
  readonly warnings?: readonly EsbuildMessage[]
}

/** What the hooks work with. */
export interface EsbuildWork {
  readonly compiler: Compiler
  readonly files: FileCompiler
  readonly session: Session
}

const visited = Symbol('tsjit')

/** Registers the hooks. */
export function setupEsbuild(build: EsbuildHost, { compiler, files, session }: EsbuildWork): void {
  session.root = build.initialOptions.absWorkingDir ?? process.cwd()
  session.conditions = build.initialOptions.conditions ?? []
  session.isDevelopment = build.initialOptions.minify !== true
  build.onResolve({ filter: ownPattern }, async ({ path, resolveDir, kind, pluginData }) => {
    if (pluginData === visited) return undefined
    const own = await build.resolve(path, { resolveDir, kind, pluginData: visited })
    if (own.errors.length === 0) return { path: own.path }
    const file = resolveOwn(path, session.conditions) ?? resolveOwn(path, ['node'])
    return file === undefined ? undefined : { path: file }
  })
  build.onLoad({ filter: /\.tsjit(?:\.ts)?$/ }, async ({ path, suffix }) => {
    const module = parseModuleId(path + suffix)
    const options = session.fileOptions()
    if (module?.form === 'eager') return emitted(await files.eagerFile(path, options), path, [path])
    const result = await files.compileForm(path, module?.form ?? 'main', options)
    const watchFiles = result.dependencies
    const shown = (diagnostics: typeof result.diagnostics): readonly EsbuildMessage[] =>
      esbuildMessages(compiler, { diagnostics, sources: result.sources }, session.root)
    const warnings = shown(warningsOf(result))
    const errors = shown(errorsOf(result))
    if (errors.length > 0) return { errors, warnings, watchFiles }
    if (module?.form === 'main' && session.types !== false && result.types !== '') {
      await writeTypes(path, result.types, mirrorOf(session.root, session.types === true ? {} : session.types))
    }
    const code = await withAssets(result, { kind: 'inline' })
    return { ...emitted({ ...result, code }, path, watchFiles), warnings }
  })
}

// esbuild reads source maps only from comments.
function emitted(
  { code, map }: { readonly code: string; readonly map: unknown },
  path: string,
  watchFiles: readonly string[],
): EsbuildResult {
  const json = map === null ? '' : typeof map === 'string' ? map : JSON.stringify(map)
  const comment =
    json === '' ? '' : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}`
  return { contents: code + comment, loader: 'js', resolveDir: dirname(path), watchFiles }
}

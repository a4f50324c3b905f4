// webpack-setup: what webpack and Rspack need beyond the hooks that all hosts share
//
// Reads the mode, finds the packages that emitted modules import, and makes the file system cache depend on the version
// of the compiler and the options: webpack knows neither, and would go on to serve what an older version made.

import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import type { Compiler as WebpackCompiler } from 'webpack'
import { hotSpecifier } from './hot-code.ts'
import { manifestOf, ownFile, ownFolder, ownPackages, resolveOwn } from './resolve-own.ts'
import { resolvePackage } from './resolve-package.ts'
import type { Session } from './session.ts'

/** Configures a webpack or Rspack compiler. */
export function setupWebpack(host: WebpackCompiler, session: Session): void {
  const { mode, resolve, cache, context } = host.options
  session.root = context ?? host.context
  session.isDevelopment = mode === 'development'
  session.canReplace = session.isDevelopment
  session.conditions = (resolve.conditionNames ?? []).filter((condition) => condition !== '...')
  resolve.fallback = withOwn(resolve.fallback, session.conditions)
  if (typeof cache === 'object' && cache.type === 'filesystem')
    cache.version = `${cache.version ?? ''}|${stamp(session)}`
}

type Fallback = NonNullable<WebpackCompiler['options']['resolve']['fallback']>

// Used where the app's own resolution finds nothing.
function withOwn(fallback: Fallback | undefined, conditions: readonly string[]): Fallback {
  const own = [...ownPackages, hotSpecifier].flatMap((specifier) => {
    const file = resolveOwn(specifier, conditions)
    return file === undefined ? [] : [{ name: specifier, alias: file, onlyModule: true }]
  })
  if (Array.isArray(fallback)) return [...fallback, ...own]
  return { ...Object.fromEntries(own.map(({ name, alias }) => [`${name}$`, alias])), ...fallback }
}

function stamp(session: Session): string {
  const hash = createHash('sha256').update(JSON.stringify(session.options)).digest('hex')
  const compiler = resolvePackage('@tsjit/compiler/package.json', dirname(ownFile))
  const versions = [ownFolder(), ...(compiler === undefined ? [] : [dirname(compiler)])].map(
    (folder) => manifestOf(folder).version ?? '',
  )
  return `tsjit@${versions.join(':')}:${hash.slice(0, 12)}`
}

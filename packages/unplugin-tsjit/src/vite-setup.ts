// vite-setup: what Vite needs beyond the hooks that all hosts share
//
// Reads the configuration and keeps the dependency optimizer away from the packages that emitted modules import: they
// are small, already ESM, and partly `.tsjit` source.

import type { Plugin as RolldownPlugin } from 'rolldown'
import type { Plugin, UserConfig } from 'vite'
import { withAssets } from './assets.ts'
import type { FileCompiler } from './compile-file.ts'
import { hotSpecifier } from './hot-code.ts'
import { modulePattern, parseModuleId } from './module-id.ts'
import { ownPackages } from './resolve-own.ts'
import { type EmittingContext, setupRollup, workerName } from './rollup-setup.ts'
import type { Session } from './session.ts'

/** Returns Vite's own hooks. */
export function setupVite(session: Session, files: FileCompiler): Partial<Plugin> {
  return {
    ...(serverWorkers(session) as object),
    config: () => ({ optimizeDeps: optimizer(session, files) }),
    configResolved(config) {
      session.root = config.root
      session.isDevelopment = config.command === 'serve'
      session.canReplace = config.command === 'serve' && config.server.hmr !== false && config.mode !== 'test'
      session.conditions = config.resolve.conditions.filter((condition) => !condition.includes('|'))
    },
  }
}

// Vite builds the scripts of workers along for pages; in a bundle for a server it leaves them alone.
function serverWorkers(session: Session): Partial<Plugin> {
  const { filter, handler } = setupRollup().transform
  const isServer = ({ environment }: EmittingContext): boolean =>
    environment?.config?.consumer === 'server' && !session.isDevelopment
  return {
    transform: {
      filter,
      handler(code, id) {
        const context = this as unknown as EmittingContext
        return isServer(context) ? handler.call(context, code, id) : null
      },
    },
    // Vite's own address is one for pages.
    resolveFileUrl({ fileName, relativePath }) {
      const isOurs = isServer(this as unknown as EmittingContext) && fileName.includes(workerName)
      return isOurs ? `new URL(${JSON.stringify(relativePath)}, import.meta.url).href` : null
    },
  }
}

// A package in node_modules that imports `.tsjit` is bundled by the optimizer, which has only the plugins given here.
function optimizer(session: Session, files: FileCompiler): NonNullable<UserConfig['optimizeDeps']> {
  const plugin: RolldownPlugin = {
    name: 'tsjit:optimizer',
    load: {
      filter: { id: modulePattern },
      async handler(id) {
        const module = parseModuleId(id)
        if (!module) return null
        const options = session.fileOptions()
        if (module.form === 'eager') {
          const { code, map } = await files.eagerFile(module.file, options)
          return { code, map: map as never, moduleType: 'js' as const }
        }
        const result = await files.compileForm(module.file, module.form, options)
        const { map } = result
        const code = await withAssets(result, { kind: 'inline' })
        return { code, map: map as never, moduleType: 'js' as const }
      },
    },
  }
  // Vite has a Rolldown of its own, with types of its own.
  return { exclude: [...ownPackages, hotSpecifier], rolldownOptions: { plugins: [plugin as never] } }
}

// serve-demo: the demo as it is shipped, built and served for a test
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, mergeConfig, preview } from 'vite'
import config from '../vite.config.ts'

/** A server with the built demo. */
export interface Served extends AsyncDisposable {
  readonly url: string
  readonly dist: string
}

/** Builds the demo from the sources of this workspace and serves it. */
export async function serveDemo(): Promise<Served> {
  const dist = await mkdtemp(join(tmpdir(), 'tsjit-demo-'))
  const conditions = ['tsjit-source', 'module', 'browser', 'production']
  const settings = mergeConfig(config, {
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions },
    build: { outDir: dist, emptyOutDir: true },
  })
  await build(settings)
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/sizes.mjs', import.meta.url)), dist])
  const server = await preview({ ...settings, preview: { port: 0, host: '127.0.0.1' } })
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    dist,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(dist, { recursive: true, force: true })
    },
  }
}

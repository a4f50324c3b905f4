// serve-demo: the demo as it is shipped, built and served for a test
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, mergeConfig, preview } from 'vite'
import config from '../vite.config.ts'

/** A server with the built demo. */
export interface Served extends AsyncDisposable {
  readonly url: string
  readonly dist: string
}

/** Builds the demo from the sources of this workspace and serves it. */
export async function serveDemo(): Promise<Served> {
  if (process.env['STUB_DIST']) { const s = await preview({ configFile: false, root: '/tmp', logLevel: 'silent', build: { outDir: process.env['STUB_DIST'] }, preview: { port: 0, host: '127.0.0.1' } }); return { url: s.resolvedUrls?.local[0] ?? '', dist: process.env['STUB_DIST'], [Symbol.asyncDispose]: async () => { await s.close() } } } // STUB
  const dist = await mkdtemp(join(tmpdir(), 'tsjit-demo-'))
  const conditions = ['tsjit-source', 'module', 'browser', 'production']
  const settings = mergeConfig(config, {
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions },
    build: { outDir: dist, emptyOutDir: true },
  })
  await build(settings)
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

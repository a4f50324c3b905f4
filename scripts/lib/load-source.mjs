// load-source: a TypeScript file of this repository, run from its source
//
// Packages resolve to their sources and `.tsjit` files run on the eager library, as in the tests.
import { createServer, transformWithOxc } from 'vite'
import { root } from './workspace.mjs'

const conditions = ['tsjit-source', 'module', 'node', 'development|production', 'default']

/** Calls `use` with the exports of a file, by its path from the root. */
export async function withSource(file, use) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, watch: null, ws: false, hmr: false },
    optimizeDeps: { noDiscovery: true },
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['node'] } },
    plugins: [
      {
        name: 'tsjit-eager',
        enforce: 'pre',
        transform: {
          filter: { id: /\.tsjit$/ },
          handler: (code, id) => transformWithOxc(code, id, { lang: 'ts' }),
        },
      },
    ],
  })
  try {
    return await use(await server.ssrLoadModule(file))
  } finally {
    await server.close()
  }
}

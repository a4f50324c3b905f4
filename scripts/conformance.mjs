// conformance: the operators against the test suites of ONNX and WebNN
//
//   npm run conformance                                       the public cases, on every target
//   npm run conformance -- --cases DIR --target eager --json FILE
//   npm run conformance -- --op Resize --name cubic           some of them
//
// Ends with 1 where a case fails that is no declared gap.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServer, transformWithOxc } from 'vite'
import { root } from './lib/workspace.mjs'
import { deviceEnv } from './provision.mjs'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: join(root, 'tests/conformance/cases') },
    target: { type: 'string', multiple: true, default: ['eager', 'webgpu', 'wasm'] },
    op: { type: 'string' },
    name: { type: 'string' },
    json: { type: 'string' },
    slowest: { type: 'string' },
  },
})
const targets = values.target.flatMap((names) => names.split(','))
for (const name of targets)
  if (!['eager', 'webgpu', 'wasm'].includes(name)) {
    console.error(`--target is eager, webgpu or wasm, not ${name}`)
    process.exit(2)
  }
Object.assign(process.env, deviceEnv())

const conditions = ['tsjit-source', 'module', 'node', 'development|production', 'default']
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
  const { main } = await server.ssrLoadModule('/tests/conformance/main.ts')
  const write = (text) => process.stdout.write(text)
  const { cases, op, name, json } = values
  const slowest = values.slowest === undefined ? undefined : Number(values.slowest)
  const results = await main({ cases, targets, op, name, json, slowest, write })
  process.exitCode = results.some(({ status }) => status === 'fail') ? 1 : 0
} finally {
  await server.close()
}

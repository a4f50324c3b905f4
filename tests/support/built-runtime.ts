// built-runtime: the WebAssembly runtime as JavaScript files, which Node's own threads can run

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { workerScripts } from '../../scripts/lib/worker-scripts.mjs'

const packages = fileURLToPath(new URL('../../packages', import.meta.url))
const folder = fileURLToPath(new URL('../../.cache/runtime', import.meta.url))

/** Builds the runtime from its sources and returns the file that stands for the package. */
export async function buildRuntime(): Promise<string> {
  const source = join(packages, 'runtime-wasm/src')
  const build = await rolldown({
    input: Object.fromEntries(
      ['index', 'worker'].map((name) => [`runtime-wasm/src/${name}`, join(source, `${name}.ts`)]),
    ),
    platform: 'neutral',
    resolve: { conditionNames: ['tsjit-source', 'import', 'default'] },
    plugins: [workerScripts],
  })
  const dir = join(folder, String(process.pid))
  await build.write({ dir, format: 'esm', preserveModules: true, preserveModulesRoot: packages })
  await build.close()
  return join(dir, 'runtime-wasm/src/index.js')
}

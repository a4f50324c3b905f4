// prepare: libraries, workloads -> a built page with everything that it needs beside it
//
// The peers are installed with npm the first time one of them is wanted: the workspace does without them.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import tsjit from 'unplugin-tsjit/vite'
import { isPeer } from './targets.mjs'

/** Installs the peers where the lockfile says more than what is there. */
export function installPeers(folder) {
  const stamp = join(folder, 'node_modules', '.installed')
  const wanted = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing the peers with npm.')
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const cli = process.env.npm_execpath
  const isNpm = cli?.endsWith('npm-cli.js')
  const [file, args] = isNpm ? [process.execPath, [cli, ...flags]] : ['npm', flags]
  execFileSync(file, args, { cwd: folder, stdio: 'inherit', shell: !isNpm && process.platform === 'win32' })
  writeFileSync(stamp, wanted)
}

/** Builds the page with the chosen libraries and models. Returns its folder. */
export async function buildPage(folder, libraries, workloads) {
  const outDir = join(folder, '.cache', 'page')
  const imports = (entries) =>
    entries.map(([name, path]) => `${JSON.stringify(name)}: () => import(${path})`).join(', ')
  const targetOf = (library) => JSON.stringify(join(folder, 'page', 'targets', `${library}.js`))
  const modelOf = ([name, { model = name }]) => [name, JSON.stringify(join(folder, 'models', `${model}.tsjit`))]
  const modules = {
    'virtual:libraries': `export const libraries = { ${imports(libraries.map((library) => [library, targetOf(library)]))} }`,
    'virtual:models': `export const models = { ${imports(Object.entries(workloads).map(modelOf))} }`,
  }
  await build({
    root: join(folder, 'page'),
    base: './',
    configFile: false,
    logLevel: 'error',
    plugins: [
      tsjit({ types: false }),
      {
        name: 'choice',
        resolveId: (id) => (id in modules ? `\0${id}` : undefined),
        load: (id) => modules[id.slice(1)],
      },
    ],
    build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: Infinity },
  })
  return outDir
}

/** The folders that the page reads binaries of peers from. */
export function binaryFolders(folder, libraries) {
  const modules = join(folder, 'node_modules')
  const all = { ort: 'onnxruntime-web/dist', tfjs: '@tensorflow/tfjs-backend-wasm/dist' }
  const wanted = Object.entries(all).filter(([library]) => libraries.includes(library) && isPeer(library))
  return Object.fromEntries(wanted.map(([library, path]) => [`/${library}/`, join(modules, path)]))
}

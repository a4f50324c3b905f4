// build-package: src -> dist, for the package in the current directory
//
// Entries are the `tsjit-source` files of package.json "exports", plus "buildEntries" (a bin, a worker).
// Rolldown strips the types, with every dependency left external; tsc writes one declaration per source file.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { workerScripts } from './lib/worker-scripts.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pkg = JSON.parse(readFileSync('package.json', 'utf8'))

const entries = entriesOf(pkg)
const missing = entries.filter((file) => !existsSync(file))
if (missing.length > 0) fail(`${pkg.name}: no such entry: ${missing.join(', ')}`)

rmSync('dist', { recursive: true, force: true })
const [declarations] = await Promise.all([emitDeclarations(), bundle(entries)])
if (declarations !== 0) fail(`${pkg.name}: declarations failed`)

function entriesOf({ exports = {}, buildEntries = [] }) {
  const sources = Object.values(exports).map((entry) => entry['tsjit-source'])
  return [...new Set([...sources.filter(Boolean), ...buildEntries])]
}

async function bundle(files) {
  const build = await rolldown({
    input: Object.fromEntries(files.map((file) => [basename(file, '.ts'), file])),
    platform: 'neutral',
    plugins: [workerScripts],
    external: [/^node:/, ...externalNames().map((name) => new RegExp(`^${escapeRegExp(name)}(/|$)`))],
    onLog(level, log, report) {
      // A bare import that is neither bundled nor a dependency breaks for users, so it breaks here.
      if (log.code === 'UNRESOLVED_IMPORT') fail(`${pkg.name}: ${log.message}`)
      report(level, log)
    },
  })
  // One file a module: an app's bundler then puts each where it is used, and not all of them where one is.
  await build.write({ dir: 'dist', format: 'esm', sourcemap: true, preserveModules: true, preserveModulesRoot: 'src' })
  await build.close()
}

function externalNames() {
  return Object.keys({ ...pkg.dependencies, ...pkg.peerDependencies, ...pkg.optionalDependencies })
}

function emitDeclarations() {
  const manifest = createRequire(join(root, 'package.json')).resolve('typescript/package.json')
  const tsc = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.tsc)
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', resolve))
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

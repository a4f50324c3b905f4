// workspace: brings a checkout to the point where its tools run, with nothing installed but Node
//
// The pinned pnpm is installed with npm into .tools/; dependencies come from the frozen lockfile and run no scripts.
// Both steps are skipped while what they depend on is unchanged.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

/** The workspace's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const tools = join(root, '.tools')
const pnpmHome = join(tools, 'node_modules', 'pnpm')
const stamp = join(root, 'node_modules', '.tsjit-installed')

/** The environment in which the workspace's tools find each other. */
export const toolEnv = {
  ...process.env,
  PATH: [join(tools, 'node_modules', '.bin'), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

/** Runs a tool that the workspace has installed (`bin` is its script inside node_modules) and returns its exit code. */
export function runTool(bin, args, options = {}) {
  return run(join(root, 'node_modules', bin), args, { cwd: root, env: toolEnv, ...options })
}

/** Installs everything the lockfile names. Throws where that fails. */
export async function install() {
  requireNode()
  await installPnpm()
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const flags = ['install', '--frozen-lockfile', '--ignore-scripts', '--reporter=append-only']
  const code = await run(join(pnpmHome, 'bin', 'pnpm.cjs'), flags, { cwd: root, env: { ...toolEnv, CI: 'true' } })
  if (code !== 0) throw new Error('install failed')
  writeFileSync(stamp, wanted)
}

/** Builds every package that changed since its last build, and returns the exit code. */
export function build() {
  const flags = ['run', 'build', '--output-logs=errors-only', '--filter=./packages/*', '--no-update-notifier']
  return runTool('turbo/bin/turbo', flags)
}

/** Writes the declarations of the models of this repository, and returns the exit code. */
export function typegen() {
  return run(
    join(root, 'packages/cli/dist/bin.js'),
    ['typegen', 'examples', 'bench', 'tests', 'packages/runtime-wasm/tests/models'],
    { cwd: root },
  )
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isEnough = major >= 23 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)
  if (!isEnough) throw new Error(`Node 20.19, 22.12 or newer is needed; this is ${process.versions.node}`)
}

async function installPnpm() {
  const pinned = manifest('package.json').packageManager.split('@')[1]
  const present = join(pnpmHome, 'package.json')
  if (existsSync(present) && JSON.parse(readFileSync(present, 'utf8')).version === pinned) return
  mkdirSync(tools, { recursive: true })
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n')
  const flags = [
    'install',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const code = await runNpm([...flags, `pnpm@${pinned}`], { cwd: tools })
  if (code !== 0) throw new Error(`could not install pnpm ${pinned} with npm`)
}

function runNpm(args, options) {
  const cli = process.env.npm_execpath
  if (cli !== undefined && cli.endsWith('npm-cli.js')) return run(cli, args, options)
  return run('npm', args, { ...options, shell: process.platform === 'win32' })
}

// What an install depends on: the lockfile and every manifest of the workspace.
function fingerprint() {
  const hash = createHash('sha256').update(process.version)
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...memberManifests()]) {
    hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function memberManifests() {
  const folders = ['packages', 'apps'].filter((folder) => existsSync(join(root, folder)))
  return folders
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')))
    .filter((file) => existsSync(join(root, file)))
    .toSorted()
}

function manifest(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'))
}

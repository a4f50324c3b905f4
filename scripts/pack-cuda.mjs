// pack-cuda: everything that `npm run test:cuda` and `npm run bench:cuda` need, in one archive
//
//   npm run pack:cuda [-- --out FILE]
//
// For a machine with an NVIDIA GPU and no network: the built workspace, the packages that the CUDA suites load, and Node itself.
// There: `tar xf tsjit-cuda.tar.xz && tsjit-cuda/run test` or `tsjit-cuda/run bench`.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, install, root, typegen } from './lib/workspace.mjs'

const { values } = parseArgs({ options: { out: { type: 'string', default: 'tsjit-cuda.tar.xz' } } })
const out = resolve(values.out)
const folder = join(root, '.cache', 'pack', 'tsjit-cuda')

/** What the suites load, by the workspace folder that depends on it; what these depend on goes along. */
const wanted = {
  '.': ['vitest', 'vite', 'fast-check', 'webgpu'],
  'packages/compiler': ['@babel/parser', '@babel/types', 'magic-string'],
  'packages/runtime-cuda': ['koffi'],
  'packages/unplugin-tsjit': ['unplugin'],
}
/** Parts of packages that are of no use there. */
const useless = [new RegExp(`webgpu/dist/(?!${process.platform}-${process.arch})`), /\.map$/, /\.md$/i]

await install()
if ((await build()) !== 0 || (await typegen()) !== 0) process.exit(1)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
copySources()
copyPackages()
mkdirSync(join(folder, 'node/bin'), { recursive: true })
cpSync(realpathSync(process.execPath), join(folder, 'node/bin/node'))
writeFileSync(join(folder, '.packed'), `${process.version} ${process.platform}-${process.arch}\n`)
writeFileSync(join(folder, 'run'), runScript(), { mode: 0o755 })
execFileSync('tar', ['-cJf', out, '-C', dirname(folder), basename(folder)], {
  env: { ...process.env, XZ_OPT: '-6 -T0' },
  stdio: 'inherit',
})
console.log(`${relative(process.cwd(), out)}  ${(statSync(out).size / 2 ** 20).toFixed(1)} MiB`)

/** The files of the repository, and what was built from them. */
function copySources() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  const skipped = /^(?:docs|apps|\.github|\.ci)\//
  for (const file of listed.split('\0').filter((name) => name !== '' && !skipped.test(name))) {
    if (existsSync(join(root, file))) copy(join(root, file), join(folder, file))
  }
  for (const name of ['.tsjit']) if (existsSync(join(root, name))) copy(join(root, name), join(folder, name))
  for (const manifest of listed.split('\0').filter((name) => /^packages\/[^/]+\/package\.json$/.test(name))) {
    const dist = join(dirname(manifest), 'dist')
    if (existsSync(join(root, dist))) copy(join(root, dist), join(folder, dist))
  }
}

/** Packages and what they depend on, where the package manager keeps them, and links as it makes them. */
function copyPackages() {
  const done = new Set()
  const take = (from, name) => {
    const link = linkOf(from, name)
    // An optional dependency for another platform.
    if (link === undefined) return
    const real = realpathSync(link)
    linkLike(link)
    if (done.has(real) || !real.includes('node_modules')) return
    done.add(real)
    copy(real, join(folder, relative(root, real)))
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifestOf(real)
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) take(real, each)
  }
  for (const [place, names] of Object.entries(wanted)) for (const name of names) take(join(root, place), name)
  // Packages of the workspace are linked to one another.
  for (const place of ['.', ...workspaceFolders()]) {
    const { dependencies = {}, devDependencies = {} } = manifestOf(join(root, place))
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (version.startsWith('workspace:')) linkLike(join(root, place, 'node_modules', name))
    }
  }
}

/** Returns where a package finds another: beside itself, or in its own folder. */
function linkOf(from, name) {
  for (let at = from; at.startsWith(root); at = dirname(at)) {
    const link = basename(at) === 'node_modules' ? join(at, name) : join(at, 'node_modules', name)
    if (existsSync(link)) return link
  }
  return undefined
}

function linkLike(link) {
  const to = join(folder, relative(root, link))
  if (existsSync(to) || realpathSync(link) === link) return
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(relative(dirname(link), realpathSync(link)), to)
}

function copy(from, to) {
  if (useless.some((pattern) => pattern.test(from))) return
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, filter: (file) => !useless.some((pattern) => pattern.test(file)) })
}

function workspaceFolders() {
  const listed = execFileSync('git', ['ls-files', 'packages/*/package.json'], { cwd: root, encoding: 'utf8' })
  return listed
    .trim()
    .split('\n')
    .filter((file) => file.split('/').length === 3)
    .map(dirname)
}

function manifestOf(place) {
  return JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
}

function runScript() {
  return `#!/bin/sh
# run test | run bench: the CUDA suites, or the benchmarks, with what this folder has
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" || exit 1
export PATH="$here/node/bin:$PATH"
what=\${1:-test}
[ $# -gt 0 ] && shift
case "$what" in
  test) exec node scripts/test.mjs --cuda "$@" ;;
  bench) exec node bench/cuda/run.mjs "$@" ;;
  conformance) TSJIT_CUDA=device exec node scripts/conformance.mjs --target cuda "$@" ;;
  *) echo "run test, run bench or run conformance" >&2; exit 2 ;;
esac
`
}

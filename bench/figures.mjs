// figures: what the README and docs/design.md promise, measured: counts, bytes, milliseconds
//
//   npm run figures            a table; ends with 1 where a figure misses its bar
//   npm run figures -- --json
//
// Counts come from `tsjit explain --json`, sizes from built bundles, times from this machine's own WebGPU device.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as installAndBuild, root } from '../scripts/lib/workspace.mjs'
import { deviceEnv } from '../scripts/provision.mjs'
import { bundleSizes } from './lib/bundle-sizes.mjs'

const bin = join(root, 'packages/cli/dist/bin.js')
const tsjit = (...args) => execFileSync(process.execPath, [bin, ...args], { cwd: root, encoding: 'utf8' })
const explain = (file) => [JSON.parse(tsjit('explain', file, '--json'))].flat()
const rows = []
const row = (figure, got, bar, unit = '') => rows.push({ figure, got, bar, unit, ok: got <= bar })

if ((await installAndBuild()) !== 0) process.exit(1)
countDispatches()
await measureSizes()
measureRuns()
measureCompile()

if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2))
else print()
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1

function countDispatches() {
  const bars = { chain: 1, softmaxRows: 1, normalize: 1, linearRelu: 1, convRelu: 1, mlp: 3, block: 8 }
  const examples = { digits: 6, adder: Infinity, wave: Infinity, spade: Infinity }
  const programs = explain('bench/programs/figures.tsjit').map((program) => [program, bars[program.name]])
  for (const [name, bar] of Object.entries(examples)) {
    for (const program of explain(`examples/${name}/${name}.tsjit`)) programs.push([program, bar])
  }
  for (const [{ name, dispatches }, bar] of programs) row(`dispatches of ${name}`, dispatches, bar)
  for (const [{ name, arenaBytes, liveBytes }] of programs) {
    if (liveBytes > 0) row(`arena of ${name} against its live bytes`, arenaBytes / liveBytes, 1.1, '×')
  }
}

async function measureSizes() {
  const { start, all } = await bundleSizes(join(root, 'packages/runtime-webgpu/tests/fixtures/page.js'))
  row('runtime-webgpu, minified and gzipped', start / 1000, 8, 'kB')
  row('  with the chunks that rare cases fetch', all / 1000, Infinity, 'kB')
  const demo = join(root, 'apps/demo')
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel=error'], { cwd: demo })
  execFileSync(process.execPath, ['scripts/sizes.mjs'], { cwd: demo })
  const sizes = JSON.parse(readFileSync(join(demo, 'dist/sizes.json'), 'utf8'))
  row('digits page without weights, minified and gzipped', sizes.digits / 1000, 14, 'kB')
}

function measureRuns() {
  const flags = ['--import', 'tsjit/register', join(root, 'bench/lib/steady-state.mjs')]
  const text = execFileSync(process.execPath, flags, { cwd: root, env: deviceEnv(), encoding: 'utf8' })
  for (const { name, submits, created, milliseconds } of JSON.parse(text)) {
    row(`submits of a run of ${name}`, submits, 1)
    row(`bind groups, buffers, pipelines created in a run of ${name}`, created, 0)
    row(`JavaScript of a run of ${name}, median`, milliseconds, name === 'digits' ? 0.2 : Infinity, 'ms')
  }
}

function measureCompile() {
  const script = join(root, 'bench/lib/compile-time.mjs')
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    execFileSync(process.execPath, [script, 'examples/adder/adder.tsjit'], { cwd: root })
    return performance.now() - start
  })
  row("compiling the adder in a process of its own, Node's start included, median of 5", median(times) / 1000, 2, 's')
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function print() {
  const width = Math.max(...rows.map(({ figure }) => figure.length))
  const number = (value) => (Number.isInteger(value) ? String(value) : value.toPrecision(3))
  for (const { figure, got, bar, unit, ok } of rows) {
    const limit = Number.isFinite(bar) ? `${ok ? '≤' : 'OVER'} ${bar}` : ''
    console.log(`${figure.padEnd(width)}  ${number(got).padStart(7)} ${unit.padEnd(2)}  ${limit}`)
  }
}

// run: the same workloads on tsjit and on PyTorch, on this machine's NVIDIA GPU
//
//   npm run bench:cuda
//   npm run bench:cuda -- --only lstm,gemm-bf16 --rounds 3
//   npm run bench:cuda -- --emulator       a try without a GPU: small sizes, no times worth anything
//
// Latency: from an array of the host to an array of the host. Throughput: inputs and results stay on the device. PyTorch runs
// each workload eagerly, scripted, compiled (reduce-overhead); its LSTM and convolution are cuDNN's, its products cuBLAS's.
// Prints tables and writes them and all times into bench/results.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { short } from '../peers/lib/tables.mjs'
import { writeAllData } from '../peers/lib/data.mjs'
import { workloads as peers } from '../peers/lib/workloads.mjs'
import { openTorch, torchVersion } from './lib/torch.mjs'
import { openTsjit } from './lib/tsjit.mjs'
import { cudaWorkloads } from './lib/workloads.mjs'
import { cudaEnv } from '../../scripts/cuda-env.mjs'

// as apps ship it: no checks, nothing to profile by
process.env.NODE_ENV = 'production'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '50' },
    emulator: { type: 'boolean', default: false },
    webgpu: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
const folder = dirname(fileURLToPath(import.meta.url))
const isSmall = values.emulator
if (isSmall) Object.assign(process.env, await cudaEnv())
const all = cudaWorkloads(isSmall)
const names = values.only === undefined ? Object.keys(all) : values.only.split(',')
const wrong = names.find((name) => !(name in all))
if (wrong !== undefined) {
  console.error(`no workload ${wrong}; there are ${Object.keys(all).join(', ')}`)
  process.exit(2)
}
const [rounds, runs] = [Number(values.rounds), Number(values.runs)]
const data = writeAllData(folder, peers)
const device = isSmall ? 'cpu' : 'cuda'
const torch = torchVersion(device)
if (torch === undefined) console.log(`No PyTorch for ${device} here: left out.`)
const modes = torch === undefined ? [] : ['eager', 'script', 'compile']
const results = []

for (const name of names) {
  const workload = all[name]
  const open = []
  const add = async (target, opening) => {
    const row = { workload: name, target }
    results.push(row)
    try {
      const opened = await opening()
      Object.assign(row, { error: opened.error, compile: opened.compile, load: opened.load, info: opened.info })
      const tolerance = workload.dtype === 'bf16' ? 2e-2 : 5e-4
      if (opened.error !== undefined && !(opened.error <= tolerance)) row.failure = `wrong by ${opened.error}`
      else open.push({ row, opened })
    } catch (error) {
      row.failure = String(error.message).split('\n')[0]
    }
    if (row.failure !== undefined) console.log(`${name} ${target}: ${row.failure}`)
  }
  await add('tsjit', () => openTsjit(name, workload, { folder, data, target: 'cuda' }))
  // products of halves have kernels of Hopper's own
  if (workload.dtype === 'bf16')
    await add('tsjit-sm_90a', () =>
      openTsjit(name, workload, { folder, data, target: 'cuda', architectures: ['sm_90a'] }),
    )
  if (values.webgpu) await add('tsjit-webgpu', () => openTsjit(name, workload, { folder, data, target: 'webgpu' }))
  for (const mode of modes) await add(`torch-${mode}`, () => openTorch(name, workload, { folder, data, mode, device }))
  for (let round = 0; round < rounds; round++) {
    for (const { row, opened } of open) {
      try {
        ;(row.latencies ??= []).push(...(await timed(() => opened.latency(), isSmall ? 1 : 20)))
        ;(row.throughputs ??= []).push(await opened.throughput(isSmall ? 1 : runs))
      } catch (error) {
        row.failure = String(error.message).split('\n')[0]
      }
    }
  }
  for (const { row, opened } of open) {
    row.latency = median(row.latencies)
    row.throughput = median(row.throughputs)
    await opened.close()
  }
  console.log(lineOf(name))
}
const text = report()
console.log(text)
const out = values.out ?? join(folder, '../results')
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'cuda.md'), text)
writeFileSync(
  join(out, 'cuda.json'),
  `${JSON.stringify({ torch, results, date: new Date().toISOString() }, null, 1)}\n`,
)
process.exit(results.some(({ failure }) => failure?.startsWith('wrong')) ? 1 : 0)

async function timed(run, count) {
  const times = []
  for (let i = 0; i < count; i++) times.push(await run())
  return times
}

function median(list = []) {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

function rowOf(workload, target) {
  return results.find((row) => row.workload === workload && row.target === target)
}

function lineOf(name) {
  const rows = results.filter((row) => row.workload === name)
  const each = rows.map(({ target, latency, throughput, failure }) => {
    return failure === undefined ? `${target} ${short(latency)} / ${short(throughput)} ms` : `${target} failed`
  })
  return `${name.padEnd(13)} ${each.join('   ')}`
}

function report() {
  const targets = [...new Set(results.map(({ target }) => target))].sort(
    (a, b) => b.startsWith('tsjit') - a.startsWith('tsjit'),
  )
  const device = results.find(({ info }) => info)?.info.device ?? 'no device'
  const table = (title, show) => {
    const cell = (name, target) => {
      const row = rowOf(name, target)
      return row === undefined ? '' : row.failure === undefined ? show(row) : 'failed'
    }
    const lines = names.map((name) => `| ${[name, ...targets.map((target) => cell(name, target))].join(' | ')} |`)
    return [
      `## ${title}`,
      '',
      `| | ${targets.join(' | ')} |`,
      `| --- |${' --- |'.repeat(targets.length)}`,
      ...lines,
    ].join('\n')
  }
  const ratio = (row, field) => {
    const own = rowOf(row.workload, 'tsjit')?.[field]
    return own === undefined || row.target === 'tsjit' ? '' : ` (${short(row[field] / own)}×)`
  }
  const rate = ({ workload, throughput }) => {
    const { bytes, flop } = all[workload]
    if (bytes !== undefined) return `${short(bytes / throughput / 1e6)} GB/s`
    return flop === undefined ? '' : `${short(flop / throughput / 1e9)} TFLOP/s`
  }
  return `${[
    `# tsjit on CUDA\n\n${new Date().toISOString().slice(0, 10)}, ${device}${torch === undefined ? '' : `, PyTorch ${torch}`}; ${rounds} rounds.`,
    table(
      'Milliseconds from host to host, median (multiples of tsjit)',
      (row) => short(row.latency) + ratio(row, 'latency'),
    ),
    table(
      'Milliseconds a run on the device, median (multiples of tsjit)',
      (row) => short(row.throughput) + ratio(row, 'throughput'),
    ),
    table('What is reached', rate),
    table('Launches', ({ info }) => (info ? String(info.dispatches) : '')),
  ].join('\n\n')}\n`
}

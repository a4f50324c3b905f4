// run: the same workloads on tsjit and on its peers, in one browser, interleaved
//
//   npm run bench
//   npm run bench -- --only mlp64,conv --targets tsjit-wasm,ort-wasm-1t
//
// Prints tables and writes them, all times and a picture into bench/results. A result that differs from the reference
// is reported as wrong and not timed. The peers' packages are installed on first use; nothing else needs them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as buildPackages, install } from '../../scripts/lib/workspace.mjs'
import { readArguments, usage } from './lib/arguments.mjs'
import { isPeer, targets } from './lib/targets.mjs'
import { workloads } from './lib/workloads.mjs'

const folder = dirname(fileURLToPath(import.meta.url))
const options = readOptions()
await install()
if ((await buildPackages()) !== 0) process.exit(1)
// These need what was built.
const { installPeers, buildPage, binaryFolders } = await import('./lib/prepare.mjs')
const { writeAllData } = await import('./lib/data.mjs')
const { serve, bytesOf } = await import('./lib/serve.mjs')
const { launch } = await import('./lib/chromium.mjs')
const { hasTorch } = await import('./lib/torch.mjs')
const { measureWorkload } = await import('./lib/measure.mjs')
const { tables } = await import('./lib/tables.mjs')
const { picture } = await import('./lib/picture.mjs')

const names = options.targets.filter((name) => targets[name].library !== 'torch' || hasTorch())
if (names.length < options.targets.length) console.log('No PyTorch here: left out.')
const libraries = [...new Set(names.map((name) => targets[name].library))].filter((each) => each !== 'torch')
if (libraries.some(isPeer)) installPeers(folder)
const chosen = Object.fromEntries(options.workloads.map((name) => [name, workloads[name]]))
const page = await buildPage(folder, libraries, chosen)
const data = writeAllData(folder, chosen)
const server = await serve({ '/': page, '/data/': data, ...binaryFolders(folder, libraries) })
const started = performance.now()
const session = {
  ...options,
  url: server.url,
  takeCode: () => bytesOf(server.takeCode()),
  torch: join(folder, 'run_torch.py'),
  data,
  ...(await launch(server.url, options)),
  relaunch: async () => Object.assign(session, await launch(server.url, options)),
}
const results = []
for (const workload of options.workloads) {
  for (const result of await measureWorkload(session, workload, names)) results.push(result)
}
await session.browser.close()
server.close()
write()
process.exitCode = results.some(({ failure }) => failure?.startsWith('wrong')) ? 1 : 0

function write() {
  const report = {
    date: new Date().toISOString(),
    seconds: Math.round((performance.now() - started) / 1000),
    machine: `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    browser: session.version,
    adapter: session.adapter,
    rounds: options.rounds,
    threads: options.threads,
    targets: names,
    workloads: Object.fromEntries(Object.entries(chosen).map(([name, { title, flop }]) => [name, { title, flop }])),
    results,
  }
  const out = options.out ?? join(folder, '..', 'results')
  mkdirSync(out, { recursive: true })
  const text = tables(report)
  console.log(text)
  writeFileSync(join(out, 'peers.json'), `${JSON.stringify(report, null, 1)}\n`)
  writeFileSync(join(out, 'peers.md'), text)
  writeFileSync(join(out, 'peers.svg'), picture(report))
  console.log(`Written to ${out}: peers.md, peers.json, peers.svg`)
}

function readOptions() {
  try {
    const read = readArguments(process.argv.slice(2), Object.keys(workloads), Object.keys(targets))
    if (!read.help) return read
    console.log(
      `${usage}\n\nWorkloads: ${Object.keys(workloads).join(', ')}\nTargets: ${Object.keys(targets).join(', ')}`,
    )
    process.exit(0)
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`)
    process.exit(1)
  }
}

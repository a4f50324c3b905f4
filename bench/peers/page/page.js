// page: one workload on one target, opened once and then measured in rounds
//
// ?library=…&workload=…&options=… (JSON). `bench.open()` loads, runs once and checks; `bench.measure(ms)` times runs from
// typed arrays in to a typed array out.
import { counts } from './count-calls.js'
import { libraries } from 'virtual:libraries'

const query = new URLSearchParams(location.search)
const name = query.get('workload')
const options = JSON.parse(query.get('options'))
let run

/** Loads the library and the model, runs once, and compares the result. Returns times and facts. */
async function open() {
  const data = await loadData()
  const start = performance.now()
  const library = await libraries[query.get('library')]()
  await library.start(options, name)
  const started = performance.now()
  const built = await library.build(name, data, options)
  const loaded = performance.now()
  const output = await built.run()
  const done = performance.now()
  run = built.run
  const reference = data.get('$reference')
  const error = difference(output, built.arrange ? built.arrange(reference) : reference.data)
  return {
    load: loaded - started,
    first: done - loaded,
    loadAndFirst: done - started,
    total: done - start,
    error,
    note: built.note,
    ...built.facts?.(),
  }
}

/** Runs for some milliseconds and at least once. Returns the milliseconds of every run, and the WebGPU calls of one. */
async function measure(milliseconds) {
  const times = []
  const earlier = { ...counts }
  const start = performance.now()
  while (times.length === 0 || (performance.now() - start < milliseconds && times.length < 2000)) {
    const before = performance.now()
    await run()
    times.push(performance.now() - before)
  }
  const calls = Object.entries(counts).map(([call, count]) => [call, (count - earlier[call]) / times.length])
  return { times, calls: Object.fromEntries(calls) }
}

/** The largest difference, as a share of the largest number that must come out; NaN where any number is none. */
function difference(output, expected) {
  if (output.length !== expected.length) throw new Error(`${output.length} numbers, not ${expected.length}`)
  let top = 0
  let most = 0
  for (let i = 0; i < expected.length; i++) {
    top = Math.max(top, Math.abs(expected[i]))
    const apart = Math.abs(output[i] - expected[i])
    if (!(apart <= most)) most = apart
  }
  return most / top
}

async function loadData() {
  const [meta, numbers] = await Promise.all([
    fetch(`/data/${name}.json`).then((response) => response.json()),
    fetch(`/data/${name}.bin`).then((response) => response.arrayBuffer()),
  ])
  const get = (tensor) => {
    const { shape, offset } = meta.tensors[tensor]
    const length = shape.reduce((product, size) => product * size, 1)
    return { shape, data: new Float32Array(numbers, offset * 4, length) }
  }
  const { inputs, resident } = meta
  const weights = Object.keys(meta.tensors).filter((key) => key !== '$reference' && !inputs.includes(key))
  return { get, inputs, resident, weights }
}

async function describeAdapter() {
  const adapter = await navigator.gpu?.requestAdapter()
  const { vendor, architecture, device, description } = adapter?.info ?? {}
  return [vendor, architecture, device, description].filter(Boolean).join(' ')
}

Object.assign(globalThis, { bench: { open, measure, describeAdapter } })

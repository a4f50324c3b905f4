// steady-state: the examples after warm-up -> what one run creates and submits, and the JavaScript that it takes
//
// `run` resolves when the work is submitted, so its time is JavaScript and the encoding of commands, not the GPU's.
// The queue is drained between runs, so that a software GPU does not compete for the processor.
import { create, globals } from 'webgpu'
import { readFileSync } from 'node:fs'
import { readSafetensors } from '@tsjit/host'
import { adder } from '../../examples/adder/adder.tsjit'
import { digits } from '../../examples/digits/digits.tsjit'
import { spade } from '../../examples/spade/spade.tsjit'
import { wave } from '../../examples/wave/wave.tsjit'

Object.assign(globalThis, globals)
const folder = new URL('../../examples/', import.meta.url)
const warmUp = 20
const runs = 200
// Dawn ends with the object that made it: it has to stay reachable
globalThis.gpu = create([])
const device = await (await globalThis.gpu.requestAdapter()).requestDevice()
const calls = countCalls(device)
const results = []
for (const model of [digits, adder, wave, spade]) results.push(await measure(model))
console.log(JSON.stringify(results))
process.exit(0)

async function measure(model) {
  const net = await model.load({ weights: new URL(`${model.name}/weights.safetensors`, folder), device })
  const cases = readSafetensors(readFileSync(new URL(`${model.name}/cases.safetensors`, folder)))
  const names = { digits: ['input'], adder: ['tokens'], wave: ['input'], spade: ['input', 'seg'] }[model.name]
  const inputs = Object.fromEntries(names.map((name) => [name, oneOf(cases, name)]))
  const times = []
  let before = {}
  for (let i = 0; i < warmUp + runs; i++) {
    if (i === warmUp) before = { ...calls }
    const start = performance.now()
    const outputs = await net.run(inputs)
    if (i >= warmUp) times.push(performance.now() - start)
    await device.queue.onSubmittedWorkDone()
    for (const output of Object.values(outputs)) output.dispose()
  }
  const count = (name) => (calls[name] - before[name]) / runs
  net.dispose()
  times.sort((a, b) => a - b)
  const created = count('createBuffer') + count('createBindGroup') + count('createPipeline')
  return { name: model.name, submits: count('submit'), created, milliseconds: times[runs / 2] }
}

// The first case alone: a batch of 1 is what a page runs.
function oneOf(file, name) {
  const tensor = file.tensors.find((each) => each.name === name)
  const bytes = file.bytesOf(tensor).slice()
  const data = tensor.dtype === 'I32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer)
  const size = data.length / tensor.shape[0]
  return { shape: [1, ...tensor.shape.slice(1)], data: data.slice(0, size) }
}

function countCalls(device) {
  const calls = { submit: 0, createBuffer: 0, createBindGroup: 0, createPipeline: 0 }
  const watch = (target, method, name) => {
    const own = target[method].bind(target)
    Object.defineProperty(target, method, { value: (...args) => ((calls[name] += 1), own(...args)) })
  }
  watch(device.queue, 'submit', 'submit')
  watch(device, 'createBuffer', 'createBuffer')
  watch(device, 'createBindGroup', 'createBindGroup')
  watch(device, 'createComputePipeline', 'createPipeline')
  watch(device, 'createComputePipelineAsync', 'createPipeline')
  return calls
}

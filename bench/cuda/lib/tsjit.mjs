// tsjit: a workload compiled for a target, loaded and ready to be timed
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importModule } from '../../../packages/cli/dist/node.js'
import { writeSafetensors } from '../../../packages/host/dist/index.js'
import { normals } from '../../peers/lib/random.mjs'

/** Opens a workload. Returns what times it, and how far its result is from the reference. */
export async function openTsjit(name, workload, { folder, data, target, architectures = [] }) {
  const began = performance.now()
  const module = await importModule(join(folder, workload.file), { target, cuda: { architectures } })
  const definition = workload.export ? module[workload.export] : Object.values(module).find((each) => each?.load)
  const compiled = performance.now()
  const { inputs, weights, check } = workload.data ? stored(data, workload, name) : drawn(workload)
  const net = await definition.load({ target, ...(weights === undefined ? {} : { weights }) })
  const run = async (given) => Object.values(await net.run(given))[0]
  const first = await run(inputs)
  const error = check(await first.data())
  const ready = performance.now()
  const resident = await keepOnDevice(inputs, workload, { folder, target })
  return {
    error,
    compile: compiled - began,
    load: ready - compiled,
    info: net.info,
    /** From arrays of the host to an array of the host. */
    async latency() {
      const start = performance.now()
      const result = await run(inputs)
      await result.data()
      const time = performance.now() - start
      result.dispose()
      return time
    },
    /** A run whose inputs and results stay on the device, of `count` one after another. */
    async throughput(count) {
      const start = performance.now()
      let last
      for (let i = 0; i < count; i++) {
        last?.dispose()
        last = await run(resident)
      }
      await last.data()
      const time = (performance.now() - start) / count
      last.dispose()
      return time
    },
    close: () => net.dispose(),
  }
}

function stored(data, { data: file, weights }, name) {
  const { tensors, inputs } = JSON.parse(readFileSync(join(data, `${file}.json`), 'utf8'))
  const numbers = readFileSync(join(data, `${file}.bin`))
  const all = new Float32Array(numbers.buffer, numbers.byteOffset, numbers.length / 4)
  const at = (key) => {
    const { shape, offset } = tensors[key]
    return { data: all.slice(offset, offset + shape.reduce((a, b) => a * b, 1)), shape }
  }
  const reference = at('$reference').data
  return {
    inputs: Object.fromEntries(inputs.map((key) => [key, at(key)])),
    weights: weights === undefined ? join(data, `${name}.safetensors`) : fileOf(weights, at),
    check(output) {
      const scale = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      return reference.reduce((most, value, i) => Math.max(most, Math.abs(value - output[i])), 0) / scale
    },
  }
}

function fileOf(weights, at) {
  const named = Object.entries(weights({ w: at('w'), b: at('b') }))
  return writeSafetensors(Object.fromEntries(named.map(([name, tensor]) => [name, { dtype: 'F32', ...tensor }])))
}

function drawn({ inputs: shapes, dtype, check }) {
  const normal = normals(1234)
  const values = Object.fromEntries(
    Object.entries(shapes).map(([key, shape]) => {
      const numbers = normal(
        shape.reduce((a, b) => a * b, 1),
        1,
      )
      return [key, dtype === 'bf16' ? { shape, data: numbers.map(rounded) } : { shape, data: numbers }]
    }),
  )
  const exact = Object.fromEntries(Object.entries(values).map(([key, { data }]) => [key, data]))
  const inputs = Object.fromEntries(
    Object.entries(values).map(([key, { shape, data }]) => [
      key,
      { shape, data: dtype === 'bf16' ? bitsOf(data) : data },
    ]),
  )
  return { inputs, check: (output) => check(exact, dtype === 'bf16' ? numbersOf(output) : output) }
}

async function keepOnDevice(inputs, { dtype }, { folder, target }) {
  const module = await importModule(join(folder, 'models/keep.tsjit'), { target })
  const kept = []
  for (const [key, given] of Object.entries(inputs)) {
    const keep = await module[dtype === 'bf16' ? 'keepBf16' : `keep${given.shape.length}`].load({ target })
    kept.push([key, Object.values(await keep.run({ x: given }))[0]])
  }
  return Object.fromEntries(kept)
}

const scratch = new Float32Array(1)
const bits = new Uint32Array(scratch.buffer)

function rounded(value) {
  scratch[0] = value
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) & 0xffff0000
  return scratch[0]
}

function bitsOf(numbers) {
  return Uint16Array.from(new Uint32Array(Float32Array.from(numbers).buffer), (word) => word >>> 16)
}

function numbersOf(halves) {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
}

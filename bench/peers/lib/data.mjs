// data: workloads -> files that every target reads: numbers, tsjit's weights, ONNX models
//
// <name>.json and <name>.bin hold the tensors and what must come out ($reference), <name>.safetensors the weights of
// tsjit's model, <name>.onnx the same model for onnxruntime. Seeded: the same numbers on every machine.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeSafetensors } from '@tsjit/host'
import { OnnxGraph } from './onnx.mjs'
import { normals } from './random.mjs'
import { sizeOf } from './reference.mjs'

/** Writes the files of all workloads into a folder of this bench. Returns it. */
export function writeAllData(folder, workloads) {
  const data = join(folder, '.cache', 'data')
  rmSync(data, { recursive: true, force: true })
  for (const [name, workload] of Object.entries(workloads)) writeData(data, name, workload)
  return data
}

/** Writes the files of one workload into `folder`. */
function writeData(folder, name, workload) {
  mkdirSync(folder, { recursive: true })
  const tensors = numbersOf(workload)
  const wide = mapValues(tensors, ({ shape, data }) => ({ shape, data: Float64Array.from(data) }))
  const reference = workload.reference(wide)
  const all = { ...tensors, $reference: { shape: reference.shape, data: Float32Array.from(reference.data) } }
  const roles = (role) => Object.keys(tensors).filter((key) => workload.tensors[key].role === role)
  const [inputs, resident] = [roles('input'), roles('resident')]
  let offset = 0
  const index = mapValues(all, ({ shape, data }) => ({ shape, offset: (offset += data.length) - data.length }))
  writeFileSync(
    join(folder, `${name}.bin`),
    Buffer.concat(Object.values(all).map(({ data }) => Buffer.from(data.buffer))),
  )
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, tensors: index, inputs, resident }))
  const state = mapValues(workload.state(wide), ({ shape, data }) => ({
    dtype: 'F32',
    shape,
    data: Float32Array.from(data),
  }))
  writeFileSync(join(folder, `${name}.safetensors`), writeSafetensors(state))
  const graph = new OnnxGraph()
  const result = workload.onnx(graph, wide)
  const named = [...inputs, ...resident].map((key) => ({ name: key, shape: tensors[key].shape }))
  writeFileSync(join(folder, `${name}.onnx`), graph.encode(named, result, reference.shape))
}

function numbersOf({ tensors }) {
  const normal = normals(1234)
  return mapValues(tensors, ({ shape, scale, offset = 0, labels = false }) => {
    const data = normal(sizeOf(shape), scale)
    return { shape, data: labels ? data.map((value) => Number(value > 0)) : data.map((value) => value + offset) }
  })
}

function mapValues(object, f) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value)]))
}

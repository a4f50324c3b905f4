// check-on-c: graphs through schedule and C, against the plain reference and eager
//
// Collected first, then compiled as the models of one file.

import { expect } from 'vitest'
import { writeSafetensors } from '@tsjit/host'
import type { DType } from '@tsjit/dsl/compiler'
import { exportRows } from '../../src/export-c.ts'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { type CCompileOptions, compileModels } from './c-program.ts'
import { compareData } from './compare.ts'
import { runEager } from './eager-graph.ts'
import { type Extra, givenTo } from './given.ts'
import { runReference } from './reference.ts'

/** A graph to run with every dimension at each of `sizes` in turn. Inputs not in `extra` are random. */
export interface CCase {
  readonly graph: Graph
  readonly sizes: readonly number[]
  readonly extra?: Extra
}

const arrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint8Array, i8: Int8Array, u8: Uint8Array }

function arrayOf(dtype: DType): (typeof arrays)[keyof typeof arrays] {
  return dtype in arrays ? arrays[dtype as keyof typeof arrays] : Float32Array
}

/** Compiles all graphs in one go and compares each. */
export async function checkAllOnC(cases: readonly CCase[], options: CCompileOptions = {}): Promise<void> {
  const { limits, machine } = exportRows[options.device ?? 'cpu']
  const sources = cases.map(({ graph }, i) => {
    const plan = schedule({ ...graph, name: `m${i}` }, { buffers: limits.params, machine })
    return { name: `m${i}`, modes: [{ mode: graph.mode, plans: [plan] }] }
  })
  const program = await compileModels(sources, options)
  cases.forEach(({ graph, sizes, extra = {} }, i) => {
    const runs = sizes.map((size) => {
      const values = new Map(graph.dims.map((d) => [d.name, size]))
      return { values, given: givenTo(graph, values, extra) }
    })
    const [first] = runs
    if (first === undefined) return
    const tensorOf = (path: string, dtype: DType, given: (typeof first)['given']) => {
      const { data, shape } = given.get(path) ?? { data: [], shape: [] }
      const typed = arrayOf(dtype).from(data)
      return { shape, bytes: new Uint8Array(typed.buffer) }
    }
    const weights = graph.weights.map(({ path, value: { type } }) => {
      const { shape, bytes } = tensorOf(path, type.dtype, first.given)
      return [path, { dtype: type.dtype.toUpperCase(), shape, data: bytes }] as const
    })
    const file = weights.length === 0 ? undefined : writeSafetensors(Object.fromEntries(weights) as never)
    const calls = runs.map(({ given }) => ({
      mode: graph.mode,
      inputs: new Map(graph.inputs.map(({ path, value }) => [path, tensorOf(path, value.type.dtype, given)])),
    }))
    const results = program.run(`m${i}`, file, calls)
    runs.forEach(({ values, given }, k) => {
      const wanted = runReference(graph, given, values)
      const eager = runEager(graph, given, values)
      const result = results[k]
      expect(result?.error).toBeUndefined()
      for (const { path, value } of graph.outputs) {
        const found = result?.outputs.get(path)
        const want = wanted.get(path)
        if (want === undefined) continue
        expect(found?.shape, path).toEqual(want.shape)
        const data = new (arrayOf(value.type.dtype))(found?.bytes.buffer as ArrayBuffer)
        compareData(`m${i} ${path}`, data, want, eager.get(path))
      }
    })
  })
}

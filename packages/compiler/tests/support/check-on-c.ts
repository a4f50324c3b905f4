// check-on-c: graphs through schedule and C, against the plain reference and eager
//
// Collected first, then compiled as the models of one file.

import { arrayOf, decoderOf } from '@tsjit/host'
import { expect } from 'vitest'
import { exportRows } from '../../src/export-c.ts'
import type { WorkLimits } from '../../src/4-schedule/control/work-limits.ts'
import type { Machine } from '../../src/4-schedule/machine.ts'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { type CCompileOptions, bytesOfTensors, compileModels } from './c-program.ts'
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

/** Compiles all graphs in one go and compares each. */
export async function checkAllOnC(
  cases: readonly CCase[],
  {
    work,
    machine: own,
    ...options
  }: CCompileOptions & { readonly work?: WorkLimits | undefined; readonly machine?: Machine } = {},
): Promise<void> {
  const { limits, machine } = exportRows[options.device ?? 'cpu']
  const sources = cases.map(({ graph }, i) => {
    const how = { buffers: limits.params, machine: own ?? machine, groups: limits.groupsAtOnce, ...(work && { work }) }
    const plan = schedule({ ...graph, name: `m${i}` }, how)
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
    const { weights: file } = bytesOfTensors(graph, first.given)
    const calls = runs.map(({ given }) => ({
      mode: graph.mode,
      inputs: bytesOfTensors(graph, given).inputs,
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
        const data = new arrayOf[value.type.dtype](found?.bytes.buffer as ArrayBuffer)
        const decode = decoderOf(value.type.dtype)
        const elements = decode === undefined ? data : Array.from(data, decode)
        compareData(`m${i} ${path}`, elements, want, eager.get(path))
      }
    })
  })
}

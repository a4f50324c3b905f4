// emit-staged: a graph that calls the host, and its stages -> the data of one program

import { cutNameOf } from '../ir/graph/cut-name.ts'
import type { Graph, HostCall } from '../ir/graph/graph.ts'
import type { HostFunction } from '../ir/source.ts'
import { type ProgramContext, namesOfDims, signatureFields, slots } from './emit-program.ts'
import { jsDims } from './js-dims.ts'
import { type Js, dataJs, squeeze } from './js-text.ts'

/** What it is printed with. */
export interface StagedContext extends Pick<ProgramContext, 'style' | 'weights' | 'placeOf'> {
  /** Returns the variable that holds a function of the app. */
  readonly nameOfFunction: (fn: HostFunction) => string
}

/** Returns a `StagedProgramData` as code. */
export function emitStaged(graph: Graph, stages: readonly Js[], context: StagedContext): Js {
  const nameOf = namesOfDims(graph)
  const given = graph.dims.map(({ name }) => nameOf.get(name) ?? '').join(', ')
  const call = ({ fn, args, results }: HostCall): Js => {
    const shapes = results.map(({ value }) => `[${jsDims(value.type.shape, nameOf)}]`)
    return {
      record: [
        ['fn', context.nameOfFunction(fn)],
        ['takes', dataJs(args.map(cutNameOf))],
        ['gives', slots(results)],
        ['as', dataJs(results.map(({ value }) => cutNameOf(value)))],
        ['shapes', squeeze(`(${given}) => [${shapes.join(', ')}]`, context.style)],
      ],
    }
  }
  return {
    record: [
      ...signatureFields(graph, context),
      ['stages', { list: stages }],
      ['calls', { list: (graph.hostCalls ?? []).map(call) }],
    ],
  }
}

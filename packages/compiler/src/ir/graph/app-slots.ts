// app-slots: the inputs and outputs that the app knows of
//
// The host fills the seed, reports what checks find, prints, and keeps new values of weights: none of it is in the
// signature.

import { SEED } from '@tsjit/host'
import type { Graph, GraphInput, GraphOutput } from './graph.ts'

/** Returns the inputs that the app passes. */
export function appInputs({ inputs }: Pick<Graph, 'inputs'>): readonly GraphInput[] {
  return inputs.filter(({ path }) => path !== SEED)
}

/** Returns the outputs that the app gets. */
export function appOutputs({ outputs }: Pick<Graph, 'outputs'>): readonly GraphOutput[] {
  return outputs.filter(({ weight, report }) => weight === undefined && report === undefined)
}

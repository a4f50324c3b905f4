// app-slots: the inputs and outputs that the app knows of
//
// The host fills the seed and keeps new values of weights: neither is in the signature.

import { SEED } from '@tsjit/host'
import type { Graph, GraphInput, GraphOutput } from './graph.ts'

/** Returns the inputs that the app passes. */
export function appInputs({ inputs }: Pick<Graph, 'inputs'>): readonly GraphInput[] {
  return inputs.filter(({ path }) => path !== SEED)
}

/** Returns the outputs that the app gets. */
export function appOutputs({ outputs }: Pick<Graph, 'outputs'>): readonly GraphOutput[] {
  return outputs.filter(({ weight }) => weight === undefined)
}

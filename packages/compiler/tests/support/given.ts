// given: inputs and weights of a graph, from repeatable random numbers

import { type DType, type TensorType, dims, numbers } from '@tsjit/dsl/compiler'
import type { Graph } from '../../src/ir/graph/graph.ts'
import type { RefTensor } from './reference.ts'

/** Elements by path. */
export type Extra = Readonly<Record<string, readonly number[]>>

/** Returns what a graph is run with: inputs and weights by path. What is not in `extra` is random. */
export function givenTo(
  graph: Graph,
  sizes: ReadonlyMap<string, number>,
  extra: Extra = {},
): ReadonlyMap<string, RefTensor> {
  const shift = [...sizes.values()].reduce((a, b) => a + b, 0)
  const inputs = graph.inputs.map(({ path, value }, i) => tensorOf(path, value.type, i + shift, sizes, extra))
  return new Map([...weightsOf(graph, extra), ...inputs])
}

/** Returns the weights of a graph by path; they stay when sizes change. */
export function weightsOf(graph: Graph, extra: Extra = {}): ReadonlyMap<string, RefTensor> {
  return new Map(graph.weights.map(({ path, value }, i) => tensorOf(path, value.type, i + 100, new Map(), extra)))
}

function tensorOf(
  path: string,
  { dtype, shape }: TensorType,
  seed: number,
  sizes: ReadonlyMap<string, number>,
  extra: Extra,
): readonly [string, RefTensor] {
  const known = shape.map((d) => dims.valueOf(d, sizes))
  const count = known.reduce((a, b) => a * b, 1)
  return [path, { shape: known, data: extra[path] ?? numbersOf(dtype, count, seed) }]
}

/** Numbers that repeat on every machine: floats in [-1, 1), small integers, both truth values. */
function numbersOf(dtype: DType, count: number, seed: number): number[] {
  let state = seed * 2654435761 + 1
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return shaped[dtype]?.(state / 2147483648 - 1) ?? Math.fround(state / 2147483648 - 1)
  })
}

const shaped: { readonly [D in DType]?: (x: number) => number } = {
  i32: (x) => Math.floor(6 * x) + 3,
  u32: (x) => Math.floor(6 * x) + 6,
  bool: (x) => Number(x < 0),
  f16: numbers.roundToF16,
  bf16: numbers.roundToBf16,
}

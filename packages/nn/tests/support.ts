// support: a layer -> its weights and its results, eagerly

import { type Tensor, f32, model } from '@tsjit/dsl'
import { flattenWeights } from '@tsjit/dsl/compiler'
import { type HostTensor, writeSafetensors } from '@tsjit/host'

/** Returns the names and shapes of a layer's weights. */
export function weightsOf(layer: unknown): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(flattenWeights(layer).map(({ path, declaration }) => [path, declaration.shape]))
}

/** Weights that depend on the name and the place alone: repeatable, different, of size about 0.5. */
export function sampleWeights(layer: unknown): Readonly<Record<string, Float32Array>> {
  const entries = flattenWeights(layer).map(({ path, declaration }, at): [string, Float32Array] => {
    const size = declaration.shape.reduce((product, n) => product * n, 1)
    const values = Float32Array.from({ length: size }, (_, i) => Math.sin(1 + at * 7.3 + i * 1.7) / 2)
    return [path, path.endsWith('running_var') ? values.map((value) => value + 1) : values]
  })
  return Object.fromEntries(entries)
}

/** Runs `forward` with a layer that has its sample weights; returns every output as flat numbers. */
export async function runLayer<Parts>(
  layer: Parts,
  forward: (layer: Parts) => Tensor | readonly Tensor[],
  mode: 'eval' | 'train' = 'eval',
): Promise<readonly (readonly number[])[]> {
  const declarations = new Map(flattenWeights(layer).map(({ path, declaration }) => [path, declaration]))
  const files = Object.entries(sampleWeights(layer)).map(([path, data]) => {
    const { dtype, shape } = declarations.get(path) ?? { dtype: 'f32', shape: [] }
    const stored = dtype === 'i32' ? new BigInt64Array(data.length) : data
    return [`it.${path}`, { dtype: dtype === 'i32' ? 'I64' : 'F32', shape, data: stored }] as const
  })
  const net = model({
    inputs: { unused: f32() },
    layers: { it: layer },
    forward: (_, { it }) => ({ results: [forward(it)].flat() }),
  })
  const instance = await net.load({ weights: writeSafetensors(Object.fromEntries(files)), mode })
  const { results }: { readonly results: readonly HostTensor[] } = await instance.run({ unused: 0 })
  return Promise.all(results.map(async (result) => [...(await result.data())]))
}

/** A repeatable input. */
export function sampleInput(...shape: readonly number[]): { readonly shape: number[]; readonly data: Float32Array } {
  const size = shape.reduce((product, n) => product * n, 1)
  return { shape: [...shape], data: Float32Array.from({ length: size }, (_, i) => Math.cos(i * 0.9)) }
}

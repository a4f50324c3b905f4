// cases: examples/<name>/cases.safetensors -> arrays, for tests

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Definition, type HostTensor, type LoadOptions, readSafetensors } from '@tsjit/host'

/** A tensor of a file of cases. */
export interface CaseTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array | Int32Array
}

/** Returns the path of a file of an example. */
export function exampleFile(name: string, file: string): string {
  return fileURLToPath(new URL(`${name}/${file}`, import.meta.url))
}

/** Runs a loaded example and returns one of its outputs. */
export type RunExample = (inputs: Readonly<Record<string, CaseTensor>>, output: string) => Promise<CaseTensor>

/** Loads a model with the weights of its example. Throws where the module exports no model of that name. */
export async function runnerOf(
  module: Readonly<Record<string, Definition>>,
  name: string,
  options: LoadOptions = {},
): Promise<RunExample> {
  const definition = module[name]
  if (definition === undefined) throw new Error(`${name}.tsjit exports no ${name}`)
  const instance = await definition.load({ weights: exampleFile(name, 'weights.safetensors'), ...options })
  return async (inputs, output) => {
    const outputs = (await instance.run(inputs)) as Readonly<Record<string, HostTensor>>
    const found = outputs[output]
    if (found === undefined) throw new Error(`${name} has no output ${output}`)
    const data = await found.data()
    if (!(data instanceof Float32Array)) throw new Error(`${name} gives no f32`)
    return { shape: found.shape, data }
  }
}

/** Returns the tensors of an example's cases by name. Throws where one is missing. */
export function readCases(name: string): (tensor: string) => CaseTensor {
  const file = readSafetensors(readFileSync(exampleFile(name, 'cases.safetensors')))
  return (wanted) => {
    const found = file.tensors.find((tensor) => tensor.name === wanted)
    if (found === undefined) throw new Error(`the cases of ${name} have no ${wanted}`)
    const bytes = file.bytesOf(found).slice().buffer
    const types = { F32: Float32Array, F64: Float64Array, I32: Int32Array }
    const type = Object.entries(types).find(([dtype]) => dtype === found.dtype)?.[1]
    if (type === undefined) throw new Error(`cases are not read from ${found.dtype}`)
    return { shape: found.shape, data: new type(bytes) }
  }
}

/** Returns the largest difference between two arrays, and the largest magnitude of the second. */
export function compareArrays(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { readonly difference: number; readonly largest: number } {
  let difference = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN))
    // a NaN is no small difference
    difference = gap <= difference ? difference : gap
    largest = Math.max(largest, Math.abs(expected[i] ?? 0))
  }
  return { difference: Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference, largest }
}

/** Returns the index of the largest of `count` numbers from `start`. */
export function argmax(data: ArrayLike<number>, start: number, count: number): number {
  let best = 0
  for (let i = 1; i < count; i++) if ((data[start + i] ?? 0) > (data[start + best] ?? 0)) best = i
  return best
}

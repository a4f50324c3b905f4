// check-case: a loaded module and a case -> runs, and the comparison of what they give with the reference

import {
  type Definition,
  type HostTensor,
  type LoadOptions,
  type TypedArray,
  readSafetensors,
  writeSafetensors,
} from '@tsjit/host'
import { expect } from 'vitest'
import { type Expectation, type GoldenCase, type GoldenTensor, readGolden } from '../support/golden-case.ts'
import type { Case } from './cases.ts'

interface Got {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

/** Runs a case on the models of its module and expects the values of the reference, all but the listed gradients. */
export async function checkCase(
  each: Omit<Case, 'file'>,
  module: Readonly<Record<string, Definition>>,
  options: LoadOptions,
): Promise<void> {
  const golden = readGolden(each.id)
  expect([...comparedOf(each), ...(each.gradients ?? [])].toSorted()).toEqual([...golden.outputs.keys()].toSorted())
  const definition = module[each.model]
  if (definition === undefined) throw new Error(`the program of ${each.id} exports no ${each.model}`)
  const net = await definition.load({ ...options, ...(each.weights && { weights: weightsOf(golden, each.weights) }) })
  try {
    for (const { inputs, outputs, mode } of each.runs) {
      const values = Object.entries(inputs).map(([to, from]) => [to, inputOf(find(golden.inputs, from))])
      const results = await net.run(Object.fromEntries(values), mode && { mode })
      for (const [path, name] of Object.entries(outputs))
        compare(`${each.id} ${name}`, await read(results[path]), find(golden.outputs, name))
    }
    if (each.state === undefined) return
    const saved = readWeights(await net.weights())
    for (const [path, name] of Object.entries(each.state))
      compare(`${each.id} ${name}`, find(saved, path), find(golden.outputs, name))
  } finally {
    net.dispose()
  }
}

function comparedOf({ runs, state = {} }: Omit<Case, 'file'>): ReadonlySet<string> {
  return new Set([...runs.flatMap(({ outputs }) => Object.values(outputs)), ...Object.values(state)])
}

function weightsOf(golden: GoldenCase, weights: NonNullable<Case['weights']>): Uint8Array {
  const tensors = Object.entries(weights).map(([path, from]) => {
    const { dtype, shape, data } = typeof from === 'string' ? find(golden.inputs, from) : from
    return [path, { dtype, shape, data: dtype === 'I64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data) }]
  })
  return writeSafetensors(Object.fromEntries(tensors))
}

const arrays: Readonly<Record<string, (data: readonly number[]) => TypedArray>> = {
  F32: (data) => Float32Array.from(data),
  I64: (data) => Int32Array.from(data),
  BOOL: (data) => Uint8Array.from(data),
}

function inputOf({ dtype, shape, data }: GoldenTensor): unknown {
  return { shape, data: arrays[dtype]?.(data) }
}

async function read(value: unknown): Promise<Got> {
  const tensor = value as HostTensor
  return { shape: tensor.shape, data: await tensor.data() }
}

function readWeights(bytes: Uint8Array): ReadonlyMap<string, Got> {
  const file = readSafetensors(bytes)
  return new Map(
    file.tensors.map((tensor) => {
      const { buffer } = file.bytesOf(tensor).slice()
      const data = tensor.dtype === 'I64' ? [...new BigInt64Array(buffer)].map(Number) : new Float32Array(buffer)
      return [tensor.name, { shape: tensor.shape, data }]
    }),
  )
}

/** NaN matches NaN and an infinity itself; 0 is the same as -0. Counts may be f32: a number in a carry is, by itself. */
function compare(name: string, got: Got, want: Expectation): void {
  expect([got.shape, got.data.length], name).toEqual([want.shape, want.data.length])
  for (const [i, w] of want.data.entries()) {
    const g = got.data[i] ?? Number.NaN
    const isNear = Number.isNaN(w) ? Number.isNaN(g) : g === w || Math.abs(g - w) <= want.atol + want.rtol * Math.abs(w)
    if (!isNear) throw new Error(`${name}[${i}] is ${g}, not ${w}`)
  }
}

function find<T>(values: ReadonlyMap<string, T>, name: string): T {
  const found = values.get(name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

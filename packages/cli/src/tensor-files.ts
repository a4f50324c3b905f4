// tensor-files: safetensors files <-> the inputs and outputs of a run
//
// Names have dots where structures nest: `state.h`, `xs.0`.

import { readFile, writeFile } from 'node:fs/promises'
import { readSafetensors, writeSafetensors } from '@tsjit/host'
import type { HostTensor, TypedArray } from '@tsjit/host'
import { UsageError } from './terminal.ts'

/** A tensor as a run takes it. */
export interface InputTensor {
  readonly data: TypedArray
  readonly shape: readonly number[]
}

/** A tree of inputs or outputs. */
export type Nested<T> = T | { readonly [name: string]: Nested<T> } | readonly Nested<T>[]

/** Reads a file and returns its tensors in the structure that their names describe. */
export async function readInputs(file: string): Promise<Readonly<Record<string, Nested<InputTensor>>>> {
  const content = readSafetensors(await readFile(file))
  const tensors = content.tensors.map((tensor): [string, InputTensor] => {
    const data = elementsOf(content.bytesOf(tensor), tensor.dtype, tensor.name)
    return [tensor.name, { data, shape: tensor.shape }]
  })
  return nest(tensors)
}

// What a file stores -> the widest that a model can have.
const arrays: Readonly<Record<string, (buffer: ArrayBuffer) => TypedArray>> = {
  F64: (buffer) => Float32Array.from(new Float64Array(buffer)),
  F32: (buffer) => new Float32Array(buffer),
  F16: (buffer) => new Uint16Array(buffer),
  BF16: (buffer) => new Uint16Array(buffer),
  I64: (buffer) => Int32Array.from(new BigInt64Array(buffer), Number),
  I32: (buffer) => new Int32Array(buffer),
  I16: (buffer) => Int32Array.from(new Int16Array(buffer)),
  I8: (buffer) => new Int8Array(buffer),
  U64: (buffer) => Uint32Array.from(new BigUint64Array(buffer), Number),
  U32: (buffer) => new Uint32Array(buffer),
  U16: (buffer) => Uint32Array.from(new Uint16Array(buffer)),
  U8: (buffer) => new Uint8Array(buffer),
  BOOL: (buffer) => new Uint8Array(buffer),
}

function elementsOf(bytes: Uint8Array, dtype: string, name: string): TypedArray {
  const read = arrays[dtype]
  if (!read) throw new UsageError(`${name} has the element type ${dtype}, which no model has`)
  // A copy of its own, so that it is aligned.
  return read(new Uint8Array(bytes).buffer)
}

/** Returns a tree from values by dotted names; where all names of a level are numbers it is an array. */
export function nest<T>(values: Iterable<readonly [string, T]>): Readonly<Record<string, Nested<T>>> {
  const root: Branch<T> = new Map()
  for (const [path, value] of values) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    let branch = root
    for (const name of names) {
      const next = branch.get(name)
      const inner: Branch<T> = next instanceof Map ? next : new Map()
      branch.set(name, inner)
      branch = inner
    }
    branch.set(last, { value })
  }
  return Object.fromEntries([...root].map(([name, child]) => [name, plain(child)]))
}

type Branch<T> = Map<string, Branch<T> | { readonly value: T }>

function plain<T>(child: Branch<T> | { readonly value: T }): Nested<T> {
  if (!(child instanceof Map)) return child.value
  const entries = [...child].map(([name, inner]) => [name, plain(inner)] as const)
  const isList = entries.every(([name]) => /^\d+$/.test(name))
  if (!isList) return Object.fromEntries(entries)
  return [...entries].sort(([a], [b]) => Number(a) - Number(b)).map(([, inner]) => inner)
}

/** Returns the tensors of a result by their dotted names. */
export function flatten(value: unknown, path: string = ''): ReadonlyMap<string, HostTensor> {
  if (isTensor(value)) return new Map([[path === '' ? 'output' : path, value]])
  const found = new Map<string, HostTensor>()
  if (typeof value !== 'object' || value === null) return found
  for (const [name, inner] of Object.entries(value)) {
    for (const [key, tensor] of flatten(inner, path === '' ? name : `${path}.${name}`)) found.set(key, tensor)
  }
  return found
}

/** Writes the tensors of a result. */
export async function writeOutputs(file: string, tensors: ReadonlyMap<string, HostTensor>): Promise<void> {
  const entries = await Promise.all(
    [...tensors].map(async ([name, tensor]) => {
      const { dtype, shape } = tensor
      return [name, { dtype: dtype.toUpperCase(), shape, data: await tensor.data() }] as const
    }),
  )
  await writeFile(file, writeSafetensors(Object.fromEntries(entries)))
}

function isTensor(value: unknown): value is HostTensor {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'data' in value
}

// tensor-files: safetensors files <-> the inputs and outputs of a run
//
// Names have dots where structures nest: `state.h`, `xs.0`.

import { readFile, writeFile } from 'node:fs/promises'
import { decoderOf, readSafetensors, TsjitError, writeSafetensors } from '@tsjit/host'
import type { HostTensor, SafetensorsFile, TypedArray } from '@tsjit/host'
import { UsageError } from './terminal.ts'

/** A tensor as a run takes it. */
export interface InputTensor {
  readonly data: TypedArray | readonly number[]
  readonly shape: readonly number[]
}

/** A tree of inputs or outputs. */
export type Nested<T> = T | { readonly [name: string]: Nested<T> } | readonly Nested<T>[]

/** Reads a file, called `name` in messages, and returns its tensors in the structure that their names describe. */
export async function readInputs(file: string, name: string): Promise<Readonly<Record<string, Nested<InputTensor>>>> {
  const content = read(await readFile(file), name)
  const tensors = content.tensors.map((tensor): [string, InputTensor] => {
    const data = elementsOf(content.bytesOf(tensor), tensor.dtype, tensor.name)
    return [tensor.name, { data, shape: tensor.shape }]
  })
  return nest(tensors)
}

function read(bytes: Uint8Array, name: string): SafetensorsFile {
  try {
    return readSafetensors(bytes)
  } catch (error) {
    if (!(error instanceof TsjitError)) throw error
    throw new TsjitError(error.code, `'${name}' holds no inputs: ${error.message.split('\n')[0]}`, { cause: error })
  }
}

// What a file stores -> what a model may take: numbers where several of its dtypes can hold them.
const arrays: Readonly<Record<string, (buffer: ArrayBuffer) => TypedArray | readonly number[]>> = {
  F64: (buffer) => Float32Array.from(new Float64Array(buffer)),
  F32: (buffer) => new Float32Array(buffer),
  F16: (buffer) => Array.from(new Uint16Array(buffer), decoderOf('f16') ?? Number),
  BF16: (buffer) => Array.from(new Uint16Array(buffer), decoderOf('bf16') ?? Number),
  I64: (buffer) => exact(Int32Array, new BigInt64Array(buffer)),
  I32: (buffer) => new Int32Array(buffer),
  I16: (buffer) => Int32Array.from(new Int16Array(buffer)),
  I8: (buffer) => new Int8Array(buffer),
  U64: (buffer) => exact(Uint32Array, new BigUint64Array(buffer)),
  U32: (buffer) => new Uint32Array(buffer),
  U16: (buffer) => Uint32Array.from(new Uint16Array(buffer)),
  U8: (buffer) => new Uint8Array(buffer),
  BOOL: (buffer) => new Uint8Array(buffer),
}

function elementsOf(bytes: Uint8Array, dtype: string, name: string): InputTensor['data'] {
  const elements = arrays[dtype]
  if (!elements) throw new UsageError(`the input '${name}' has the element type ${dtype}, which no model has`)
  try {
    // A copy of its own, so that it is aligned.
    return elements(new Uint8Array(bytes).buffer)
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`the input '${name}' (${dtype}) holds ${error.message}`)
    throw error
  }
}

// Of 64 bits a model keeps 32: what does not fit must not become another number.
function exact(type: Int32ArrayConstructor | Uint32ArrayConstructor, wide: BigInt64Array | BigUint64Array): TypedArray {
  const narrow = new type(wide.length)
  for (const [index, value] of wide.entries()) {
    narrow[index] = Number(value)
    if (BigInt(narrow[index]) !== value) throw new RangeError(`${value}, which does not fit 32 bits`)
  }
  return narrow
}

/** Returns a tree from values by dotted names; where all names of a level are numbers it is an array. */
export function nest<T>(values: Iterable<readonly [string, T]>): Readonly<Record<string, Nested<T>>> {
  const root: Branch<T> = new Map()
  for (const [path, value] of values) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    let branch = root
    for (const name of names) {
      const next = branch.get(name) ?? new Map()
      if (!(next instanceof Map)) throw exclusive(path)
      const inner: Branch<T> = next
      branch.set(name, inner)
      branch = inner
    }
    if (branch.has(last)) throw exclusive(path)
    branch.set(last, { value })
  }
  return Object.fromEntries([...root].map(([name, child]) => [name, plain(child)]))
}

function exclusive(path: string): UsageError {
  return new UsageError(`'${path}' and a name that begins as it does, up to a dot, cannot both be inputs`)
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

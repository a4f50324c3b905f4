// tensor-files: safetensors files <-> the inputs and outputs of a run
//
// Names have dots where structures nest: `state.h`, `xs.0`.

import { readFile, writeFile } from 'node:fs/promises'
import { arrayOf, convertElements, readSafetensors, writeSafetensors } from '@tsjit/host'
import type { DType, HostTensor, TypedArray } from '@tsjit/host'

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

// Wide elements become the widest that a model can have.
function elementsOf(bytes: Uint8Array, from: string, name: string): TypedArray {
  const wide = new Map<string, DType>([
    ['F64', 'f32'],
    ['I64', 'i32'],
    ['I16', 'i32'],
    ['U64', 'u32'],
    ['U16', 'u32'],
  ])
  const to = wide.get(from) ?? (from.toLowerCase() as DType)
  if (!(to in arrayOf)) throw new Error(`${name} has the element type ${from}, which no model has`)
  const elements = convertElements(bytes, from, to)
  if ('misfit' in elements) throw new Error(`${name}: ${elements.misfit} does not fit ${to}`)
  return elements
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
    [...tensors].map(
      async ([name, { dtype, shape, data }]) =>
        [name, { dtype: dtype.toUpperCase(), shape, data: await data() }] as const,
    ),
  )
  await writeFile(file, writeSafetensors(Object.fromEntries(entries)))
}

function isTensor(value: unknown): value is HostTensor {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'data' in value
}

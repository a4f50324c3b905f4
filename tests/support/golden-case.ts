// golden-case: a file of reference values -> its tensors, and how near a result must come to them

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A tensor of a file. */
export interface GoldenTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** What an output must be: |got - want| <= atol + rtol * |want|, or the same number. */
export interface Expectation extends GoldenTensor {
  readonly atol: number
  readonly rtol: number
}

/** A case of packages/dsl/tests/golden: its inputs (weights among them) and outputs by name. */
export interface GoldenCase {
  readonly inputs: ReadonlyMap<string, GoldenTensor>
  readonly outputs: ReadonlyMap<string, Expectation>
}

const folder = new URL('../../packages/dsl/tests/golden/', import.meta.url)
const manifest: Readonly<Record<string, { readonly outputs: Readonly<Record<string, Rule>> }>> = JSON.parse(
  readFileSync(new URL('manifest.json', folder), 'utf8'),
)

interface Rule {
  readonly tensor: string
  readonly atol?: number
  readonly rtol?: number
}

/** Returns a case by its name. */
export function readGolden(id: string): GoldenCase {
  const tensors = readTensors(id)
  const inputs = [...tensors].flatMap(([name, tensor]) =>
    name.startsWith('in.') ? [[name.slice(3), tensor] as const] : [],
  )
  const outputs = Object.entries(manifest[id]?.outputs ?? {}).map(([name, rule]): [string, Expectation] => {
    const tensor = tensors.get(rule.tensor)
    if (tensor === undefined) throw new Error(`${id} has no tensor ${rule.tensor}`)
    return [name, { atol: 0, rtol: 0, ...rule, ...tensor }]
  })
  if (outputs.length === 0) throw new Error(`the manifest has no ${id}`)
  return { inputs: new Map(inputs), outputs: new Map(outputs) }
}

function readTensors(id: string): ReadonlyMap<string, GoldenTensor> {
  const file = readFileSync(fileURLToPath(new URL(`${id}.safetensors`, folder)))
  const length = Number(file.readBigUInt64LE(0))
  const header: Readonly<Record<string, Entry>> = JSON.parse(file.subarray(8, 8 + length).toString())
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__')
  return new Map(
    tensors.map(([name, { dtype, shape, data_offsets: offsets }]) => {
      const [start, end] = offsets.map((offset) => 8 + length + offset)
      const elements = elementsOf[dtype]
      if (elements === undefined) throw new Error(`${id}: ${name} is ${dtype}`)
      return [name, { dtype, shape, data: elements(Uint8Array.from(file.subarray(start, end)).buffer) }]
    }),
  )
}

const elementsOf: Readonly<Record<string, (bytes: ArrayBuffer) => readonly number[]>> = {
  F32: (bytes) => [...new Float32Array(bytes)],
  I64: (bytes) => [...new BigInt64Array(bytes)].map(Number),
  BOOL: (bytes) => [...new Uint8Array(bytes)],
}

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

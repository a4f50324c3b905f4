// golden-case: a file of reference values -> elements of inputs and weights, and what a program must give

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A tensor of a file. */
export interface GoldenTensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** Returns the tensors of a case of packages/dsl/tests/golden by name: `in.x`, `out.y`. */
export function readGolden(id: string): ReadonlyMap<string, GoldenTensor> {
  const path = new URL(`../../packages/dsl/tests/golden/${id}.safetensors`, import.meta.url)
  const file = readFileSync(fileURLToPath(path))
  const length = Number(file.readBigUInt64LE(0))
  const header: Readonly<Record<string, Entry>> = JSON.parse(file.subarray(8, 8 + length).toString())
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__')
  return new Map(
    tensors.map(([name, { dtype, shape, data_offsets: offsets }]) => {
      const [start, end] = offsets.map((offset) => 8 + length + offset)
      const bytes = Uint8Array.from(file.subarray(start, end)).buffer
      const data = dtype === 'I64' ? [...new BigInt64Array(bytes)].map(Number) : [...new Float32Array(bytes)]
      return [name, { shape, data }]
    }),
  )
}

/** Returns the elements as nested arrays. */
export function nested({ shape, data }: GoldenTensor): unknown {
  const [size, ...rest] = shape
  if (size === undefined) return data[0]
  const each = rest.reduce((product, n) => product * n, 1)
  return Array.from({ length: size }, (_, i) => nested({ shape: rest, data: data.slice(i * each, (i + 1) * each) }))
}

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

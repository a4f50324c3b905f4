// golden: reference values, and how near a result must come

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { Value } from './evaluate.ts'

interface Expected {
  readonly tensor: string
  readonly atol?: number
  readonly rtol?: number
  readonly exact?: boolean
}

/** One case: its tensors, and a check of a result against the output of a name. */
export interface Golden {
  /** Returns the input of this name. */
  readonly input: (name: string) => Value
  readonly check: (output: string, got: Value) => void
}

const folder = new URL('./golden/', import.meta.url)
const manifest: Record<string, { readonly outputs: Record<string, Expected> }> = JSON.parse(
  readFileSync(new URL('manifest.json', folder), 'utf8'),
)

/** Returns a case by its name. */
export function golden(id: string): Golden {
  const tensors = readSafetensors(readFileSync(new URL(`${id}.safetensors`, folder)))
  const find = (name: string): Value => {
    const found = tensors.get(name)
    if (found === undefined) throw new Error(`${id} has no tensor ${name}`)
    return found
  }
  return {
    input: (name) => find(`in.${name}`),
    check: (output, got) => {
      const expected = manifest[id]?.outputs[output]
      if (expected === undefined) throw new Error(`${id} has no output ${output}`)
      compare(`${id} ${output}`, got, find(expected.tensor), expected)
    },
  }
}

function compare(name: string, got: Value, want: Value, { atol = 0, rtol = 0 }: Expected): void {
  expect(got.shape, name).toEqual(want.shape)
  for (const [i, w] of want.data.entries()) {
    const g = got.data[i] ?? Number.NaN
    const isNear = Number.isNaN(w) ? Number.isNaN(g) : g === w || Math.abs(g - w) <= atol + rtol * Math.abs(w)
    expect(isNear, `${name}[${i}]: got ${g}, want ${w}`).toBe(true)
  }
}

function readSafetensors(file: Buffer): ReadonlyMap<string, Value> {
  const length = Number(file.readBigUInt64LE(0))
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    file.subarray(8, 8 + length).toString(),
  )
  const found = Object.entries(header).filter(([name]) => name !== '__metadata__')
  return new Map(
    found.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [start, end],
        },
      ]) => {
        const bytes = Uint8Array.from(file.subarray(8 + length + start, 8 + length + end)).buffer
        if (dtype === 'I64') {
          const data = Int32Array.from([...new BigInt64Array(bytes)].map(Number))
          return [name, new Value({ dtype: 'i32', shape, data })]
        }
        const data = dtype === 'F64' ? Float32Array.from(new Float64Array(bytes)) : new Float32Array(bytes)
        return [name, new Value({ dtype: 'f32', shape, data })]
      },
    ),
  )
}

// pool-constants: vectors in the code -> vectors in memory
//
// Engines make a constant vector from several instructions wherever it stands; a load from a table is one, or part of the
// instruction that uses it. The table lies in the first page, below everything that a runtime places.

import { POOL_END, POOL_START } from '@tsjit/host'

/** Code, and the data that it reads. */
export interface PooledCode {
  readonly code: string
  /** The segment of the table; empty where there are no constants. */
  readonly data: string
}

/** Returns the code with its constant vectors loaded from a table. Zeros stay: they cost nothing. */
export function poolConstants(code: string): PooledCode {
  const places = new Map<string, number>()
  const pooled = code.replace(/\(v128\.const ((?:f32x4|i32x4|f64x2)[^()]*)\)/g, (text, lanes: string) => {
    if (/^\S+( 0)+$/.test(lanes)) return text
    const at = places.get(lanes) ?? POOL_START + 16 * places.size
    if (at + 16 > POOL_END) return text
    places.set(lanes, at)
    return `(v128.load align=16 (i32.const ${at}))`
  })
  const bytes = [...places.keys()].flatMap((lanes) => [...bytesOf(lanes)])
  const hex = bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return { code: pooled, data: bytes.length === 0 ? '' : `(data (i32.const ${POOL_START}) "${hex}")` }
}

function bytesOf(lanes: string): Uint8Array {
  const [shape, ...words] = lanes.trim().split(/\s+/)
  const numbers = words.map((word) => (/nan/.test(word) ? Number.NaN : Number(word.replace('inf', 'Infinity'))))
  if (shape === 'f64x2') return new Uint8Array(Float64Array.from(numbers).buffer)
  return new Uint8Array((shape === 'f32x4' ? Float32Array : Int32Array).from(numbers).buffer)
}

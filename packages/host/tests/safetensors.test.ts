// Files in memory: writing and reading agree, and nothing that a header says is believed.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSafetensors, TsjitError, writeSafetensors } from '../src/index.ts'

/** Returns the bytes of a file with any header. */
export function fileOf(header: unknown, elements = 0): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + text.length + elements)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const good = writeSafetensors(
  {
    'a.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    n: { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) },
    flags: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
    none: { dtype: 'F16', shape: [0, 4], data: new Uint16Array(0) },
  },
  { format: 'pt' },
)

test('what was written is read', () => {
  const { tensors, metadata, bytesOf } = readSafetensors(good)
  expect(metadata).toEqual({ format: 'pt' })
  expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ['n', 'I64', []],
    ['a.weight', 'F32', [2, 3]],
    ['none', 'F16', [0, 4]],
    ['flags', 'BOOL', [3]],
  ])
  const weight = tensors[1] as (typeof tensors)[number]
  expect([...new Float32Array(bytesOf(weight).slice().buffer)]).toEqual([1, 2, 3, 4, 5, 6])
  expect(() => writeSafetensors({ a: { dtype: 'F32', shape: [2], data: new Float32Array(3) } })).toThrow(
    /12 bytes for F32\[2\]/,
  )
})

const one = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
const lies: readonly [string, Uint8Array<ArrayBuffer>, RegExp][] = [
  ['an empty file', new Uint8Array(0), /ends after 0 bytes/],
  ['a few bytes', new Uint8Array(5), /ends after 5 bytes/],
  [
    'a page',
    new TextEncoder().encode('<!doctype html><html></html>') as Uint8Array<ArrayBuffer>,
    /not safetensors; it begins with `<!doctyp`/,
  ],
  ['a header that ends early', good.slice(0, 40), /ends within the header/],
  ['a header length beyond reason', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 123), /not safetensors/],
  ['elements that end early', good.slice(0, -1), /bytes of elements where the header says/],
  ['more elements than the header says', new Uint8Array([...good, 0]), /bytes of elements where the header says/],
  ['a header that is no JSON', fileOf('{"a": '), /not a JSON object/],
  ['a header that is a list', fileOf('[]'), /not a JSON object|bytes of elements/],
  ['a header that is null', fileOf('null'), /not a JSON object/],
  ['an entry that is null', fileOf({ a: null }), /nothing valid of `a`/],
  ['a missing dtype', fileOf({ a: { ...one, dtype: undefined } }, 8), /nothing valid of `a`/],
  ['an entry without an end', fileOf(`{"a": ${'['.repeat(2e5)}${']'.repeat(2e5)}}`), /nothing valid of `a`/],
  [
    'a size beyond what is exact',
    fileOf({ a: { ...one, shape: [2 ** 53] } }, 8),
    /nothing valid of `a`.*9007199254740992/,
  ],
  ['a negative size', fileOf({ a: { ...one, shape: [-1, -2] } }, 8), /nothing valid of `a`/],
  ['a fractional size', fileOf({ a: { ...one, shape: [0.5, 4] } }, 8), /nothing valid of `a`/],
  ['a size that is text', fileOf({ a: { ...one, shape: ['2'] } }, 8), /nothing valid of `a`/],
  ['offsets that are text', fileOf({ a: { ...one, data_offsets: [0, '8'] } }, 8), /nothing valid of `a`/],
  ['offsets the wrong way', fileOf({ a: { ...one, data_offsets: [8, 0] } }, 8), /begins at byte 8/],
  ['one offset', fileOf({ a: { ...one, data_offsets: [0] } }, 8), /nothing valid of `a`/],
  ['offsets behind the file', fileOf({ a: { ...one, data_offsets: [1e9, 1e9 + 8] } }, 8), /gap or an overlap/],
  [
    'offsets that overlap',
    fileOf({ a: one, b: { ...one, data_offsets: [4, 12] } }, 12),
    /`b` begins at byte 4, not at 8/,
  ],
  [
    'offsets with a gap',
    fileOf({ a: one, b: { ...one, data_offsets: [12, 20] } }, 20),
    /`b` begins at byte 12, not at 8/,
  ],
  ['a size that does not match the shape', fileOf({ a: { ...one, shape: [3] } }, 8), /`a` has 8 bytes for F32\[3\]/],
  ['a size that does not match the dtype', fileOf({ a: { ...one, dtype: 'F64' } }, 8), /`a` has 8 bytes for F64\[2\]/],
  ['a shape as large as the world', fileOf({ a: { ...one, shape: [2 ** 40, 2 ** 40] } }, 8), /8 bytes for F32/],
  ['a name that occurs twice', fileOf(`{"a": ${JSON.stringify(one)}, "a": ${JSON.stringify(one)}}`, 8), /occurs twice/],
]

test.for(lies)('refuses %s', ([, file, message]) => {
  let caught: unknown
  try {
    readSafetensors(file)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(TsjitError)
  expect(caught).toMatchObject({ code: 'weight_invalid_file', message: expect.stringMatching(message) })
})

test('any damage is refused or changes only elements, names and metadata, and never throws anything else', () => {
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, cut) => {
      const file = good.slice(0, cut)
      if (at < file.length) file[at] = value
      try {
        const { tensors, bytesOf } = readSafetensors(file)
        for (const tensor of tensors) expect(bytesOf(tensor).length).toBe(tensor.end - tensor.begin)
      } catch (error) {
        expect(error).toMatchObject({ code: 'weight_invalid_file' })
      }
    }),
    { numRuns: 2000 },
  )
})

// Dimensions in static code: what they become, and what cannot be decided.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

/** Returns a model that makes zeros of the given sizes. */
const shapeOf = (sizes: string, options = '{ max: 64 }'): string => `
import { dim, f32, model, zeros } from '@tsjit/dsl'
const T = dim('T', ${options})
export const m = model({
  inputs: { x: f32(T, 3) },
  forward({ x }) {
    const [t, c] = x.shape
    return zeros(${sizes})
  },
})`

const shape = async (sizes: string, options?: string): Promise<string> => {
  const { messages, text } = await lowerText(shapeOf(sizes, options))
  expect(messages).toEqual([])
  return /output output [^ ]+$/m.test(text) ? (/\[[^\]]*\](?=[^\n]*\n\s*output)/.exec(text)?.[0] ?? text) : text
}

test.each([
  ['[t * 2 + 1]', '[2*T+1]'],
  ['[t - 1 + c]', '[T+2]'],
  ['[Math.ceil(t / 2)]', '[floor((T+1)/2)]'],
  ['[Math.floor((t - 1) / 2) + 1]', '[floor((T-1)/2)+1]'],
  ['[Math.floor(t * 0.5)]', '[floor((T)/2)]'],
  ['[(t * 4) / 2]', '[2*T]'],
  ['[Math.max(t, 0)]', '[T]'],
  ['[Math.min(t, 64)]', '[T]'],
  ['[Math.max(t, 8)]', '[max(T,8)]'],
  ['[t % 3]', '[mod(T,3)]'],
  ['[t ** 2]', '[T*T]'],
  ['[t >> 1]', '[floor((T)/2)]'],
  ['[-t + 2 * t]', '[T]'],
  ['[x.size]', '[3*T]'],
  ['[t > 0 ? t : 7]', '[T]'],
  ['[t >= 65 ? 1 : 2]', '[2]'],
  ['[t === 0 ? 1 : 2]', '[2]'],
  ['[t < Infinity ? 1 : 2]', '[1]'],
  ['[t !== 2.5 ? 1 : 2]', '[1]'],
  ['[typeof t === "number" && t ? 1 : 2]', '[1]'],
  ['[x.rank, Number(t)]', '[2,T]'],
  ['[x.shape.includes(3) ? 1 : 2]', '[1]'],
])('%s', async (sizes, expected) => {
  expect(await shape(sizes.replace('x.shape.includes(3)', 'c === 3'))).toBe(expected)
})

test('a multiple divides exactly', async () => {
  expect(await shape('[t / 8]', '{ max: 64, multipleOf: 8 }')).toBe('[(T/8)]')
})

test.each([
  ['[t > 4 ? 1 : 2]', 'dim_undecided', 't > 4'],
  ['[t === 4 ? 1 : 2]', 'dim_undecided', 't === 4'],
  ['[Math.sqrt(t)]', 'source_not_static', 't'],
  ['[Number(`${t}`)]', 'source_not_static', 't'],
  ['[[1, 2][t]]', 'source_not_static', 't'],
  ['[t + 0.5]', 'source_not_static', 't + 0.5'],
  ['Array.from({ length: t })', 'source_not_static', 'Array.from({ length: t })'],
])('%s is refused', async (sizes, code, place) => {
  const { diagnostics, places } = await lowerText(shapeOf(sizes))
  expect(diagnostics.map((each) => each.code)).toEqual([code])
  expect(places).toEqual([place])
})

test('a loop over a dimension is refused once, with the operation that loops', async () => {
  const { diagnostics } = await lowerText(`
import { dim, f32, model } from '@tsjit/dsl'
const T = dim('T', { max: 64 })
export const m = model({
  inputs: { x: f32(T) },
  forward({ x }) {
    let y = x
    for (let i = 0; i < x.shape[0]; i++) y = y.add(i)
    return y
  },
})`)
  expect(diagnostics.map(({ code }) => code)).toEqual(['dim_undecided'])
  expect(diagnostics[0]?.help).toContain('forLoop')
})

test('a quotient of dimensions stands where a scalar stands', async () => {
  const { text, messages } = await lowerText(`
import { dim, f32, mul, model, tj } from '@tsjit/dsl'
const T = dim('T', { max: 64 })
export const m = model({
  inputs: { x: f32(T) },
  forward: ({ x }) => ({ a: mul(x, 1 / x.shape[0]), b: tj\`\${x} * \${x.shape[0] / 3}\`, c: x.shape[0], d: 2 }),
})`)
  expect(messages).toEqual([])
  expect(text).toMatch(/(%\d+) f32\[\] +cast T f32\n +output a .*\n.*\n +output c \1/)
  expect(text).toContain('output d 2')
  expect(text.match(/ div /g)).toHaveLength(2)
})

// Optional inputs: one graph for each combination, and mistakes that show in some of them only.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

const head = `import { add, bool, dim, f32, model, mul, optional, param, where, zeros } from '@tsjit/dsl'
import { linear } from '@tsjit/nn'
const T = dim('T', { max: 8 })
`

function inForward(body: string, layers: string = '{}'): string {
  return `${head}export const m = model({
  inputs: { x: f32(2), mask: optional(bool(2)), bias: optional(f32(2)), tail: optional(f32(T)) },
  layers: ${layers},
  forward({ x, mask, bias, tail }, $) {
    ${body}
  },
})`
}

test('each combination is a graph, the one with all inputs first', async () => {
  const { module, messages } = await lowerText(inForward('return bias === undefined ? x : add(x, bias)'))
  expect(messages).toEqual([])
  expect(module?.graphs.map(({ inputs }) => inputs.map(({ path }) => path).join(' '))).toEqual([
    'x mask bias tail',
    'x bias tail',
    'x mask tail',
    'x mask bias',
    'x tail',
    'x bias',
    'x mask',
    'x',
  ])
})

test('a mistake in several combinations is one; one that needs an absent input says so', async () => {
  const { diagnostics, messages } = await lowerText(inForward('return { a: add(x, zeros([3])), b: add(x, bias) }'))
  expect(messages.map((message) => message.replace(/:.*? (\w+): .*/, ' $1'))).toEqual([
    '8 shape_mismatch',
    '8 source_missing_argument',
  ])
  expect(diagnostics[1]?.related.map(({ message }) => message)).toContain('here `bias` is absent from the call')
})

test('a dimension of absent inputs is unbound', async () => {
  const { diagnostics } = await lowerText(inForward('return zeros([T])'))
  expect(diagnostics.map(({ code }) => code)).toEqual(['dim_unbound'])
  expect(diagnostics[0]?.related.map(({ message }) => message)).toEqual(['here `tail` is absent from the call'])
})

test('a weight that one combination uses is used', async () => {
  const layers = '{ start: param(2), never: param(2), head: linear(2, 2) }'
  const { diagnostics, places } = await lowerText(inForward('return bias ?? mul($.head(x), $.start)', layers))
  expect(diagnostics.map(({ code }) => code)).toEqual(['weight_unused'])
  expect(places).toEqual(['param(2)'])
})

test('too many are refused at the inputs', async () => {
  const text = `${head}export const m = model({
  inputs: { x: f32(2), more: [${'optional(f32(2)), '.repeat(5)}] },
  forward: ({ x }) => x,
})`
  const { messages } = await lowerText(text)
  expect(messages).toEqual([
    '5:11 model_many_optional: 5 inputs are optional, and each combination is a program: 4 may be',
  ])
})

test.for([
  ['if (mask) return where(mask, x, 0)', 'if (mask !== undefined) return where(mask, x, 0)'],
  ['if (!mask) return x', 'if (!(mask !== undefined)) return x'],
  ['const y = mask ? where(mask, x, 0) : x', 'const y = mask !== undefined ? where(mask, x, 0) : x'],
  ['const y = mask && where(mask, x, 0)', 'const y = mask !== undefined && where(mask, x, 0)'],
  ['const y = bias || x', 'const y = bias ?? x'],
  ['const isThere = !mask', 'const isThere = !(mask !== undefined)'],
] as const)('a condition on one says what to write: %s', async ([wrong, right]) => {
  const text = inForward(`${wrong}\n    return add(x, x)`)
  const { diagnostics } = await lowerText(text)
  expect(diagnostics.map(({ code }) => code)).toEqual(['source_optional_condition'])
  const [edit] = diagnostics[0]?.fix?.edits ?? []
  const { start = 0, end = 0 } = edit?.span ?? {}
  const fixed = text.slice(0, start) + (edit?.text ?? '') + text.slice(end)
  expect(fixed).toBe(inForward(`${right}\n    return add(x, x)`))
  expect((await lowerText(fixed)).messages).toEqual([])
})

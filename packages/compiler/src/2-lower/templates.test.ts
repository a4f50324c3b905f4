// Templates: what they lower to, and the exact places of what is wrong in them.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

const inForward = (body: string): string => `import { dim, f32, i32, model, tj, relu } from '@tsjit/dsl'
const B = dim('B', { max: 64 })
export const m = model({
  inputs: { x: f32(B, 3), w: f32(4, 3), i: i32(2) },
  forward({ x, w, i }) {
    ${body}
  },
})`

test('a formula is the ops that it says, each from its own part', async () => {
  const text = inForward('return tj`relu(${x} @ ${w}.T + 1)[:, 1:]`')
  const { module, messages } = await lowerText(text)
  expect(messages).toEqual([])
  const places = module?.graphs[0]?.ops.map(
    ({ kind, origin: { span } }) => `${kind} ${text.slice(span.start, span.end)}`,
  )
  expect(places).toContain('contract ${x} @ ${w}.T')
  expect(places).toContain('add ${x} @ ${w}.T + 1')
  expect(places).toContain('maximum relu(${x} @ ${w}.T + 1)')
  expect(places).toContain('slice relu(${x} @ ${w}.T + 1)[:, 1:]')
})

test.each([
  ['return tj`${x} + nme`', 'template_unknown_name', 'nme'],
  ['return tj`reluu(${x})`', 'template_unknown_name', 'reluu'],
  ['return tj`${x} @ ${w}`', 'shape_contraction', '${x} @ ${w}'],
  ['return tj`\n  a = ${x} * 2\n  b = a @ ${w}\n  b`', 'shape_contraction', 'a @ ${w}'],
  ['return tj`${x} * (1 + ${x}`', 'template_syntax', '('],
  ["return tj`${x} + ${'one'}`", 'template_bad_value', "'one'"],
  ['return tj`not ${x}`', 'template_operand', 'not ${x}'],
  ['return tj`${x}[${x}]`', 'template_index', 'x'],
  ['return tj`softmax(${x}, axiss=1)`', 'option_unknown', 'axiss=1'],
  ['return tj`${nothing} + 1`', 'source_unknown_name', 'nothing'],
  ['return tj`${x} + ${relu(x).foo}`', 'source_unknown_property', 'foo'],
  ['return tj`"\\u00e9\\n" + ${x} ** bad`', 'template_unknown_name', 'bad'],
  ['return tj`${x}\r\n + bad`', 'template_syntax', 'x'],
])('%s', async (body, code, place) => {
  const { diagnostics, places } = await lowerText(inForward(body))
  expect(diagnostics.map((each) => [each.code, each.message])).toEqual([[code, expect.any(String)]])
  expect(places).toEqual([place])
})

test('every line with a mistake is reported, and what depends on it is not', async () => {
  const { places } = await lowerText(
    inForward('return tj`\n a = ${x} @ ${w}\n b = reluu(${x})\n c = nme(1)\n a + b + c`'),
  )
  expect(places).toEqual(['${x} @ ${w}', 'reluu', 'nme'])
})

test('a template that ends in a tuple is an array, functions can be called in it', async () => {
  const { messages, text } = await lowerText(
    inForward('const twice = (v) => tj`${v} * 2`\n const [a, b] = tj`${twice}(${x}), ${x}.T`\n return { a, b }'),
  )
  expect(messages).toEqual([])
  expect(text).toContain('f32[3,B]')
})

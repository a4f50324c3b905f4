// What is refused, one by one: the code, and the very text that the diagnostic points at.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

const head = `import { dim, f32, i32, bool, model, tj, relu, add, sum, exp, concat, zeros, range, softmax, conv2d, matmul, reshape, sample, type Tensor } from '@tsjit/dsl'
const outer = [1, 2]
const n = 3
`

/** Puts statements into a forward function. */
const inForward = (body: string): string => `${head}
export const m = model({
  inputs: { x: f32(2, 3), y: f32(2, 3), s: f32(), flag: bool() },
  forward({ x, y, s, flag }) {
    ${body}
  },
})`

const cases: readonly (readonly [title: string, body: string, code: string, place: string])[] = [
  ['class', 'class A {}\n return x', 'source_unsupported_syntax', 'class A {}'],
  ['this', 'return this.x', 'source_unsupported_syntax', 'this'],
  ['async', 'const f = async () => 1\n return x', 'source_unsupported_syntax', 'async () => 1'],
  ['generator', 'function* g() {}\n return x', 'source_unsupported_syntax', 'function* g() {}'],
  ['try', 'try { } catch {}\n return x', 'source_unsupported_syntax', 'try { } catch {}'],
  ['eval', "const a = eval('1')\n return x", 'source_unsupported_syntax', "eval('1')"],
  ['new', 'const a = new Map()\n return x', 'source_unsupported_syntax', 'new Map()'],
  ['delete', 'const o = { a: 1 }\n delete o.a\n return x', 'source_unsupported_syntax', 'delete o.a'],
  ['label', 'here: for (const i of [1]) { }\n return x', 'source_unsupported_syntax', 'here: for (const i of [1]) { }'],
  ['var', 'var a = 1\n return x', 'source_unsupported_syntax', 'var a = 1'],
  ['regular expression', "const a = 'a'.replace(/a/, 'b')\n return x", 'source_unsupported_syntax', '/a/'],
  ['getter', 'const o = { get a() { return 1 } }\n return x', 'source_unsupported_syntax', 'get a() { return 1 }'],
  ['dynamic import', "const a = import('./a.tsjit')\n return x", 'source_unsupported_syntax', "import('./a.tsjit')"],
  ['arguments', 'function f() { return arguments.length }\n return x', 'source_unsupported_syntax', 'arguments'],
  ['enum', 'enum E { A }\n return x', 'source_unsupported_syntax', 'enum E { A }'],
  ['another tag', 'const f = (s) => s\n return f`a`', 'source_unsupported_syntax', 'f'],
  ['property of a tensor', 'x.name = 1\n return x', 'source_unsupported_syntax', 'x.name'],

  ['random', 'return x.mul(Math.random())', 'source_nondeterministic', 'random'],
  ['clock', 'return x.mul(Date.now())', 'source_nondeterministic', 'Date.now'],
  ['performance', 'return x.mul(performance.now())', 'source_nondeterministic', 'performance.now'],
  ['console', 'console.log(x)\n return x', 'source_host_call', 'console.log'],
  ['window', 'const w = window\n return x', 'source_host_call', 'window'],
  ['parseInt', "return x.mul(parseInt('2'))", 'source_host_call', 'parseInt'],

  ['unknown name', 'return rellu(x)', 'source_unknown_name', 'rellu'],
  ['operation without import', 'return sigmoid(x)', 'source_unknown_name', 'sigmoid'],
  [
    'unknown name in a function that nothing calls',
    'const f = () => nothing\n return x',
    'source_unknown_name',
    'nothing',
  ],
  ['unknown property', 'return x.shpae', 'source_unknown_property', 'shpae'],
  ['unknown method', 'return x.softmx(1)', 'source_unknown_property', 'softmx'],
  ['unknown member of Math', 'return x.mul(Math.flor(1))', 'source_unknown_property', 'flor'],
  ['unknown array method', 'return x.mul([1].mapp((v) => v)[0])', 'source_unknown_property', 'mapp'],
  ['unknown method of a string', "return x.mul('a'.lenght)", 'source_unknown_property', 'lenght'],
  ['property of undefined', 'const o = {}\n return o.a.b', 'source_exception', 'b'],
  ['length of a tensor', 'return x.mul(x.length)', 'source_unknown_property', 'length'],

  ['const assigned', 'const a = 1\n a = 2\n return x', 'source_reassigned_const', 'a'],
  ['function assigned', 'function f() {}\n f = 2\n return x', 'source_reassigned_const', 'f'],
  ['import assigned', 'relu = 2\n return x', 'source_reassigned_const', 'relu'],
  ['used before definition', 'const b = a\n const a = 1\n return x', 'source_used_before_definition', 'a'],
  ['module array changed', 'outer.push(3)\n return x', 'source_mutates_outer', 'outer.push(3)'],
  ['module element changed', 'outer[0] = 3\n return x', 'source_mutates_outer', 'outer[0]'],
  [
    'pop while iterating',
    'const a = [1, 2]\n for (const i of a) a.pop()\n return x',
    'source_mutates_iterated',
    'a.pop()',
  ],
  [
    'push in forEach',
    'const a = [1, 2]\n a.forEach(() => a.push(1))\n return x',
    'source_mutates_iterated',
    'a.push(1)',
  ],
  [
    'length while iterating',
    'const a = [1, 2]\n for (const i of a) a.length = 0\n return x',
    'source_mutates_iterated',
    'a.length',
  ],
  [
    'index write while iterating',
    'const a = [1, 2]\n for (const i of a) a[0] = i\n return x',
    'source_mutates_iterated',
    'a[0]',
  ],

  ['too many values', 'const [a, b] = [1, 2, 3]\n return x', 'source_destructure_arity', '[a, b]'],
  ['too few values', 'const [a, b] = [1]\n return x', 'source_destructure_arity', '[a, b]'],
  [
    'arity of a parameter',
    'const f = ([a, b]) => a\n return x.mul(f([1, 2, 3]))',
    'source_destructure_arity',
    '[a, b]',
  ],
  ['not iterable', 'for (const i of 3) { }\n return x', 'source_not_iterable', '3'],
  ['spread of a number', 'return x.mul([...n].length)', 'source_not_iterable', 'n'],
  ['not callable', 'return n(x)', 'source_not_callable', 'n'],
  ['undefined called', 'const o = {}\n return o.f(x)', 'source_not_callable', 'o.f'],
  ['thrown', "if (n > 2) throw new Error('too many')\n return x", 'source_exception', "throw new Error('too many')"],

  ['if on a tensor', 'if (flag) return x\n return y', 'source_tensor_condition', 'flag'],
  ['if on a comparison', 'if (sum(x) > 0) return x\n return y', 'source_tensor_condition', 'sum(x) > 0'],
  [
    'while on a tensor',
    'let z = x\n while (sum(z) < 100) z = add(z, z)\n return z',
    'source_tensor_condition',
    'sum(z) < 100',
  ],
  ['ternary', 'return flag ? x : y', 'source_tensor_condition', 'flag'],
  ['and', 'return flag && x', 'source_tensor_condition', 'flag'],
  ['or', 'return flag || x', 'source_tensor_condition', 'flag'],
  ['not', 'return !flag', 'source_tensor_condition', 'flag'],
  ['switch', 'switch (s) { case 1: return x }\n return y', 'source_tensor_condition', 's'],
  ['callback that decides', 'return [1].filter(() => flag).length ? x : y', 'source_tensor_condition', '() => flag'],
  ['plus', 'return x + y', 'source_tensor_operator', 'x + y'],
  [
    'a formula is one mistake',
    'return (x + y * 2) / n - relu(x)',
    'source_tensor_operator',
    '(x + y * 2) / n - relu(x)',
  ],
  ['minus', 'return -x', 'source_tensor_operator', '-x'],
  ['compound', 'let z = x\n z += y\n return z', 'source_tensor_operator', 'z += y'],
  ['increment', 'let z = x\n z++\n return z', 'source_tensor_operator', 'z++'],
  ['equality', 'return x === y', 'source_tensor_operator', 'x === y'],
  ['index', 'return x[0]', 'source_tensor_operator', 'x[0]'],
  ['string', "return x + 'a'", 'source_tensor_string', "'a'"],
  ['template string', 'const a = `${x}`\n return x', 'source_tensor_string', 'x'],
  ['array times number', 'return x.mul([1, 2] * 2)', 'source_bad_operand', '[1, 2] * 2'],
  ['Math of a tensor', 'return Math.exp(x)', 'source_bad_argument', 'x'],

  ['shapes', 'return add(x, zeros([4]))', 'shape_mismatch', 'add(x, zeros([4]))'],
  ['shapes of a method', 'return x.matmul(y)', 'shape_contraction', 'x.matmul(y)'],
  ['unknown option', 'return softmax(x, { axsi: 1 })', 'option_unknown', 'axsi'],
  ['wrong axis', 'return softmax(x, 5)', 'shape_axis_out_of_range', '5'],
  ['bad argument', "return add(x, 'one')", 'source_bad_argument', "'one'"],
  ['missing argument', 'return matmul(x)', 'source_missing_argument', 'matmul(x)'],
  ['extra argument', 'return relu(x, 1)', 'source_extra_argument', 'relu(x, 1)'],
  ['data-dependent size', 'return zeros([sum(x)])', 'shape_data_dependent', '[sum(x)]'],
  [
    'window too large',
    'return conv2d(zeros([1, 3, 3, 3]), zeros([4, 3, 5, 5]))',
    'shape_window',
    'conv2d(zeros([1, 3, 3, 3]), zeros([4, 3, 5, 5]))',
  ],
  ['later', "return sample('z', x)", 'source_not_yet', "sample('z', x)"],

  ['no return', 'const z = relu(x)', 'source_no_return', '}'],
  ['text as output', "return { x, label: 'a' }", 'model_bad_output', "'a'"],
  ['function as output', 'return { a: [x, relu] }', 'model_bad_output', 'relu'],
  ['recursion', 'const f = (z) => f(relu(z))\n return f(x)', 'source_unbounded_recursion', 'f(relu(z))'],
  [
    'unrolling',
    'let z = x\n for (const i of range(200000)) z = exp(z)\n return z',
    'source_too_much_unrolling',
    'for (const i of range(200000)) z = exp(z)',
  ],
  ['unrolling without ops', 'let i = 0\n while (true) i++\n return x', 'source_too_much_unrolling', 'while (true) i++'],
]

test.each(cases)('%s', async (_, body, code, place) => {
  const { diagnostics, places } = await lowerText(inForward(body))
  expect(diagnostics.map((each) => each.code)).toEqual([code])
  expect(places).toEqual([place])
})

test('a comparison with undefined is static', async () => {
  const { messages } = await lowerText(inForward('return x !== undefined && flag != null ? x : y'))
  expect(messages).toEqual([])
})

test.each([
  ['x + y', 'tj`${x} + ${y}`'],
  ['x * 2 + relu(y)', 'tj`${x} * 2 + ${relu(y)}`'],
  ['-x ** 2', undefined],
  ['(x + y) * 2', 'tj`(${x} + ${y}) * 2`'],
  ['x & y', 'tj`${x} & ${y}`'],
  ['x > y', 'tj`${x} > ${y}`'],
  ['x === y', 'tj`${x} == ${y}`'],
  ['x[1]', 'tj`${x}[1]`'],
])('the rewrite of %s', async (formula, rewrite) => {
  if (rewrite === undefined) return
  const { diagnostics } = await lowerText(inForward(`return ${formula}`))
  expect(diagnostics[0]?.help).toContain(rewrite)
  expect(diagnostics[0]?.fix?.edits.at(-1)?.text).toBe(rewrite)
})

test('a fix imports what it needs, and the fixed text compiles', async () => {
  const text = `import { f32, model } from '@tsjit/dsl'
export const m = model({ inputs: { x: f32(2), y: f32(2) }, forward: ({ x, y }) => x + y * 2 })`
  const { diagnostics } = await lowerText(text)
  const edits = [...(diagnostics[0]?.fix?.edits ?? [])].sort((a, b) => b.span.start - a.span.start)
  const fixed = edits.reduce((all, { span, text: edit }) => all.slice(0, span.start) + edit + all.slice(span.end), text)
  expect(fixed).toContain('import { f32, model, tj }')
  expect((await lowerText(fixed)).messages).toEqual([])
})

test('a condition says what to write', async () => {
  const help = async (body: string): Promise<string | undefined> =>
    (await lowerText(inForward(body))).diagnostics[0]?.help
  expect(await help('return flag ? x : y')).toContain('cond(flag, () => x, () => y)')
  expect(await help('return x > 0 ? x : y')).toContain('where(tj`${x} > 0`, x, y)')
  expect(await help('if (sum(x) > 0) return x\n return y')).toContain(
    'return cond(tj`${sum(x)} > 0`, () => x, () => …)',
  )
  expect(await help('if (flag) { return relu(x) } else { return y }')).toContain(
    'return cond(flag, () => relu(x), () => y)',
  )
  expect(await help('let z = x\n if (flag) z = y\n return z')).toContain('z = cond(flag, () => y, () => z)')
  expect(await help('let z = x\n if (flag) { const t = y\n z = t }\n return z')).toContain(
    'cond(flag, () => …, () => …)',
  )
  expect(await help('let z = x\n while (sum(z) < 9) z = add(z, z)\n return z')).toContain(
    'z = whileLoop(z, (z) => tj`${sum(z)} < 9`, (z) => add(z, z))',
  )
  expect(await help('let z = x\n let k = s\n while (k < 9) { z = add(z, z); k = add(k, 1) }\n return z')).toContain(
    '({ z, k } = whileLoop({ z, k }, ({ z, k }) => tj`${k} < 9`, ({ z, k }) => { z = add(z, z); k = add(k, 1); return { z, k } }))',
  )
  expect(await help('return flag && x')).toContain('tj`${flag} and ${x}`')
})

test('a mistake behind calls of the module shows where it is and how it was reached', async () => {
  const { diagnostics, places } = await lowerText(`${head}
const inner = (x: Tensor) => add(x, zeros([7]))
const middle = (x: Tensor) => relu(inner(x))
export const m = model({ inputs: { x: f32(2) }, forward: ({ x }) => middle(x) })`)
  expect(places).toEqual(['add(x, zeros([7]))'])
  expect(diagnostics[0]?.related.map(({ message }) => message)).toEqual([
    'f32[2] comes from here',
    'f32[7] comes from here',
    'called from here',
    'called from here',
  ])
})

test('a mistake inside a package shows at the call into it', async () => {
  const { diagnostics, places } = await lowerText(`import { f32, model } from '@tsjit/dsl'
import { linear } from '@tsjit/nn'
export const m = model({
  inputs: { x: f32(2, 3) },
  layers: { head: linear(4, 5) },
  forward: ({ x }, { head }) => head(x),
})`)
  expect(diagnostics.map(({ code }) => code)).toEqual(['shape_contraction'])
  expect(places).toEqual(['head(x)'])
  expect(
    diagnostics[0]?.related.some(({ message, span }) => message === 'found here' && span.file.includes('/nn/')),
  ).toBe(true)
})

test('twelve mistakes in one file are twelve diagnostics', async () => {
  const { messages } = await lowerText(`import { f32, model, relu, softmax, add, dim, reluu } from '@tsjit/dsl'
import { missing } from './missing.tsjit'
let factor = 2
const helper = (x: any) => relu(x)
const unused = () => nowhere + 1
export const m = model({
  inputs: { x: f32(2, 3), y: f32(4) },
  forward({ x, y }) {
    const a = add(x, y)
    const b = softmax(x, { axsi: 1 })
    const c = x + y
    if (x) missing(x)
    const [d, e] = [1, 2, 3]
    const f = Math.random()
    const g = relu(a).foo.bar
    d = 5
    return helper(relu(x)).mul(factor).blub
  },
})`)
  expect(messages.map((message) => message.replace(/: .*/, ''))).toEqual([
    '1:47 source_unknown_export',
    '2:25 source_unknown_import',
    '3:1 source_unsupported_module_level',
    '4:17 source_any_type',
    '5:22 source_unknown_name',
    '9:15 shape_mismatch',
    '10:28 option_unknown',
    '11:15 source_tensor_operator',
    '12:9 source_tensor_condition',
    '13:11 source_destructure_arity',
    '14:20 source_nondeterministic',
    '16:5 source_reassigned_const',
    '17:40 source_unknown_property',
  ])
})

// A list of programs that any compiler of array programs meets: those that are decided while compiling.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

const program = (body: string, inputs = 'x: f32(N)', before = ''): string => `
import { add, conv2d, dim, f32, matmul, max, model, mul, optional, range, reshape, softmax, sum, tj, zeros } from '@tsjit/dsl'
const N = dim('N', { max: 64 })
${before}
export const m = model({ inputs: { ${inputs} }, forward({ ${inputs.includes('a:') ? 'a, b' : inputs.includes('m:') ? 'x, m' : 'x'} }) { ${body} } })`

test.each([
  ['for over a literal tuple', 'for (const k of [0, 1, 2, 3, 4] as const) x = tj`${x} * 0.9 + ${k}`; return x'],
  ['a flag of the module', 'if (CAUSAL) { x = tj`${x} * 2` } return x', 'x: f32(N)', 'const CAUSAL = true'],
  ['an optional input', 'if (m !== undefined) { x = mul(x, m) } return x', 'x: f32(N), m: optional(f32(N))'],
  ['a constant of the module', 'return add(x, EPS)', 'x: f32(N)', 'const EPS = 1e-5'],
  ['swap', '[a, b] = [b, a]; return [a, b] as const', 'a: f32(N), b: f32(N)'],
  ['broadcasting', 'return tj`${a} * ${b} + ${a} / ${b} - ${b}`', 'a: f32(7, 1), b: f32(13)'],
  ['a variable local to one branch', 'if (x.rank > 0) { const t = mul(x, 2); x = t } return x'],
  [
    'a variable reassigned through a loop',
    'let y = zeros([x.shape[0]]); for (const i of range(3)) y = add(y, x); return y',
  ],
  ['early return', 'if (x.rank > 1) return x; return mul(x, 2)'],
])('compiles: %s', async (_, body, inputs = 'x: f32(N)', before = '') => {
  expect((await lowerText(program(body, inputs, before))).messages).toEqual([])
})

test.each([
  [
    'pop while iterating',
    'const ns = [1, 2, 3, 4]; let o = 0; for (const n of ns) { o += n; ns.pop() } return add(x, o)',
    'source_mutates_iterated',
    'ns.pop()',
  ],
  [
    'branches of different types',
    'let y; if (sum(x) > 0) y = 1; else y = x; return y',
    'source_tensor_condition',
    'sum(x) > 0',
  ],
  ['a path without return', 'if (sum(x) > 0) { return x }', 'source_tensor_condition', 'sum(x) > 0'],
  [
    'a carry that changes shape',
    'while (sum(x) < 100) x = concat([x, x]); return x',
    'source_tensor_condition',
    'sum(x) < 100',
    "import { concat } from '@tsjit/dsl'",
  ],
  ['destructuring arity', 'const [a, b] = [1, 2, 3] as const; return x', 'source_destructure_arity', '[a, b]'],
  ['a mutable outer variable', 'return mul(x, s)', 'source_unsupported_module_level', 'let s = 2', 'let s = 2'],
  ['host randomness', 'return add(x, Math.random())', 'source_nondeterministic', 'random'],
  ['eval', "return eval('x+1')", 'source_unsupported_syntax', "eval('x+1')"],
  [
    'recursion',
    'const fact = (n) => (sum(n) < 2 ? n : mul(n, fact(n))); return fact(x)',
    'source_tensor_condition',
    'sum(n) < 2',
  ],
  ['a misspelt option', 'return softmax(x, { dimm: 1 })', 'option_unknown', 'dimm'],
  ['a size from data', 'const k = sum(x); return zeros([k])', 'shape_data_dependent', '[k]'],
  ['a string', "return x + 'a'", 'source_tensor_string', "'a'"],
  [
    'a window larger than its input',
    'return conv2d(reshape(zeros([27]), [1, 3, 3, 3]), zeros([4, 3, 5, 5]))',
    'shape_window',
    'conv2d(reshape(zeros([27]), [1, 3, 3, 3]), zeros([4, 3, 5, 5]))',
  ],
])('refuses: %s', async (_, body, code, place, before = '') => {
  const { diagnostics, places } = await lowerText(program(body, 'x: f32(N)', before))
  expect(diagnostics.map((each) => each.code)).toEqual([code])
  expect(places).toEqual([place])
})

// branches: cond and select

import type { Program } from '../program.ts'

/** Programs of this section. */
export const branches: readonly Program[] = [
  {
    name: 'cond on a flag',
    inputs: { x: 'f32(B, 3)', flag: 'bool()' },
    body: '= cond(flag, () => relu(x), () => tj`${x} * 2`)',
  },
  {
    name: 'cond on a sum',
    inputs: { x: 'f32(4)' },
    body: '= cond(tj`sum(${x}) > 0`, () => mul(x, 2), () => neg(x))',
    given: { x: [1, -2, 3, -4] },
    expected: { output: [-1, 2, -3, 4] },
  },
  {
    name: 'cond with the other outcome',
    inputs: { x: 'f32(4)' },
    body: '= cond(tj`sum(${x}) > 0`, () => mul(x, 2), () => neg(x))',
    given: { x: [1, 2, 3, -4] },
    expected: { output: [2, 4, 6, -8] },
  },
  {
    name: 'cond of structures',
    inputs: { x: 'f32(B, 3)', y: 'f32(B, 3)', flag: 'bool()' },
    body: 'const { a, list: [b, c] } = cond(flag, () => ({ a: x, list: [sum(x), argmax(x, 1)] }), () => ({ list: [mean(y), argmin(y, 1)], a: y })); return { a, b, c }',
  },
  {
    name: 'cond of numbers and truth values',
    inputs: { flag: 'bool()', i: 'i32()' },
    body: '= ({ f: cond(flag, () => 1, () => 2.5), i: cond(flag, () => i, () => 3), j: cond(flag, () => 4, () => i), p: cond(flag, () => true, () => false) })',
  },
  {
    name: 'cond passes values through',
    inputs: { x: 'f32(B, 3)', y: 'f32(B, 3)', flag: 'bool()' },
    body: 'const [a, b] = cond(flag, () => [x, y], () => [y, x]); return { a, b }',
  },
  {
    name: 'cond of constants',
    inputs: { flag: 'bool()', n: 'f32(N)' },
    body: '= cond(flag, () => zeros([n.shape[0], 2]), () => full([n.shape[0], 2], 7))',
  },
  {
    name: 'cond with views in its arms',
    inputs: { x: 'f32(4, N)', flag: 'bool()' },
    body: '= cond(flag, () => tj`${x}[1:3].T`, () => tj`${x}[::2].T`)',
  },
  {
    name: 'cond within cond',
    inputs: { x: 'f32(3)', a: 'bool()', b: 'bool()' },
    body: '= cond(a, () => cond(b, () => relu(x), () => exp(x)), () => cond(b, () => x, () => neg(x)))',
  },
  {
    name: 'two conds, one reads the other',
    inputs: { x: 'f32(B, 3)', a: 'bool()', b: 'bool()' },
    body: 'const y = cond(a, () => relu(x), () => x); const z = cond(b, () => tj`${y} @ ${y}.T`, () => tj`${x} @ ${y}.T`); return { y, z }',
  },
  {
    name: 'cond with a reduction and a product in its arms',
    inputs: { x: 'f32(B, 5)', w: 'f32(5, 5)', flag: 'bool()' },
    body: '= cond(flag, () => softmax(matmul(x, w)), () => tj`${x} - mean(${x}, -1, keepDims=True)`)',
  },
  {
    name: 'cond captures what is computed before it',
    inputs: { x: 'f32(B, 5)', flag: 'bool()' },
    body: 'const h = exp(x); const y = cond(flag, () => tj`${h} + 1`, () => h); return { y, s: sum(h) }',
  },
  {
    name: 'what is computed after cond',
    inputs: { x: 'f32(B, 5)', flag: 'bool()' },
    body: 'const y = cond(flag, () => exp(x), () => x); return tj`softmax(${y} * 2) + sum(${y})`',
  },
  {
    name: 'static cond',
    inputs: { x: 'f32(3)' },
    body: '= cond(isTraining(), () => zeros([7]), () => relu(x))',
  },
  {
    name: 'cond on the size',
    inputs: { x: 'f32(B, 3)' },
    body: '= cond(tj`${x.shape[0]} > 2`, () => relu(x), () => neg(x))',
    sizes: [{ B: 1 }, { B: 2 }, { B: 3 }, { B: 9 }],
  },
  {
    name: 'cond on a comparison of sizes',
    inputs: { x: 'f32(B, 3)', y: 'f32(T, 2)' },
    body: 'const [b] = x.shape; const [t] = y.shape; const isLong = b / 2 >= t - 1; return { a: cond(b > 2, () => relu(x), () => neg(x)), b: cond(isLong, () => sum(x), () => sum(y)), c: where(t !== 3, y, 0) }',
    sizes: [
      { B: 1, T: 3 },
      { B: 2, T: 2 },
      { B: 3, T: 5 },
      { B: 9, T: 4 },
    ],
  },
  {
    name: 'cond of integers and bytes',
    inputs: { i: 'i32(N)', u: 'u8(N)', flag: 'bool()' },
    body: 'const [a, b] = cond(flag, () => [tj`${i} // 2`, u], () => [tj`${i} % 3`, tj`${u} + 1`]); return { a, b }',
  },
  {
    name: 'cond in a layer',
    inputs: { x: 'f32(B, 4)', flag: 'bool()' },
    before:
      'const gated = () => layer({ a: nn.linear(4, 3), b: nn.linear(4, 3) }, ({ a, b }, x: Tensor, p: Tensor) => cond(p, () => a(x), () => relu(b(x))))',
    layers: '{ gate: gated() }',
    body: '= $.gate(x, flag)',
  },
  {
    name: 'cond called by a function',
    inputs: { x: 'f32(B, 4)', y: 'f32(B, 4)' },
    before:
      'const pick = (p: Tensor, a: () => Tensor, b: () => Tensor) => cond(p, a, b)\nconst larger = (x: Tensor, y: Tensor) => pick(tj`sum(${x}) > sum(${y})`, () => x, () => y)',
    body: '= larger(x, y)',
  },
  {
    name: 'a variable local to one branch',
    inputs: { x: 'f32(4)' },
    body: '= cond(tj`sum(${x}) > 0`, () => { const t = exp(x); let u = t; u = mul(u, 2); return u }, () => x)',
  },
  {
    name: 'a function defined in an arm',
    inputs: { x: 'f32(4)', flag: 'bool()' },
    body: '= cond(flag, () => { const twice = (f: (v: Tensor) => Tensor, v: Tensor) => f(f(v)); return twice((v) => tj`${v} * 3`, x) }, () => x)',
  },
  {
    name: 'select',
    inputs: { x: 'f32(3)', i: 'i32()' },
    body: '= select(i, [() => x, () => relu(x), () => mul(x, 2), () => exp(x)])',
    given: { x: [-1, 0, 1], i: [2] },
    expected: { output: [-2, 0, 2] },
  },
  {
    name: 'select below its branches',
    inputs: { x: 'f32(3)', i: 'i32()' },
    body: '= select(i, [() => mul(x, 2), () => relu(x), () => neg(x)])',
    given: { x: [-1, 0, 1], i: [-7] },
    expected: { output: [-2, 0, 2] },
  },
  {
    name: 'select beyond its branches',
    inputs: { x: 'f32(3)', i: 'i32()' },
    body: '= ({ many: select(i, [() => x, () => relu(x), () => neg(x)]), two: select(i, [() => x, () => mul(x, 4)]), one: select(i, [() => x]) })',
    given: { x: [-1, 0, 1], i: [7] },
    expected: { many: [1, 0, -1], two: [-4, 0, 4], one: [-1, 0, 1] },
  },
  {
    name: 'select by argmax',
    inputs: { x: 'f32(B, 3)' },
    body: '= select(argmax(sum(x, 0), 0), range(3).map((k) => () => tj`${x}[:, ${k}] * ${k + 1}`))',
  },
  {
    name: 'branches of which one is poison',
    inputs: { x: 'f32(4)', flag: 'bool()' },
    body: '= cond(flag, () => div(x, 0), () => x)',
    given: { x: [1, -1, 0, 2], flag: [false] },
    expected: { output: [1, -1, 0, 2] },
  },
  {
    name: 'where within cond within where',
    inputs: { x: 'f32(B, 4)', c: 'bool(4)', flag: 'bool()' },
    body: '= where(c, cond(flag, () => where(tj`${x} > 0`, x, 0), () => x), neg(x))',
  },
]

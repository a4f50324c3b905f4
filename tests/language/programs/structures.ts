// structures: inputs, outputs, dimensions, layers, weights

import type { Program } from '../program.ts'

/** Programs of this section. */
export const structures: readonly Program[] = [
  {
    name: 'nested inputs',
    inputs: { state: { h: 'f32(B, 4)', c: 'f32(B, 4)' }, xs: ['f32(B, 4)', 'f32(B, 4)', { deep: ['f32(4)'] }] },
    body: 'const { h, c } = state; const [a, b, { deep: [d] }] = xs; return { state: { h: tj`${h} + ${a}`, c: tj`${c} * ${b}` }, list: [tj`${a} * ${d}`, { last: b }] }',
  },
  {
    name: 'nested inputs in parameters',
    inputs: { p: { q: { r: 'f32(N)' } } },
    body: '= (({ q: { r } }) => tj`${r} + 1`)(p)',
  },
  {
    name: 'optional inputs given',
    inputs: { x: 'f32(B, 4)', mask: 'optional(bool(B, 4))', bias: 'optional(f32(4))' },
    body: 'let y = x; if (bias !== undefined) y = add(y, bias); if (mask !== undefined) y = where(mask, y, 0); return y',
  },
  {
    name: 'optional inputs left out',
    inputs: { x: 'f32(B, 4)', mask: 'optional(bool(B, 4))', bias: 'optional(f32(4))' },
    layers: '{ scale: param(4), start: param(4) }',
    body: 'let y = x; y = add(y, bias ?? $.start); if (mask !== undefined) y = where(mask, y, 0); return mul(y, $.scale)',
    absent: [['mask'], ['bias'], ['mask', 'bias'], []],
  },
  {
    name: 'optional structures left out',
    inputs: { x: 'f32(B, 4)', state: { h: 'f32(B, 4)', c: 'optional(f32(B, T))' }, xs: ['f32(4)', 'optional(f32(4))'] },
    body: 'const { h, c } = state; const [a, b] = xs; const sum = tj`${x} + ${h} * ${b === undefined ? a : b}`; return c === undefined ? { sum } : { sum, rest: tj`${c} * 2` }',
    absent: [['state.c'], ['xs.1'], ['state.c', 'xs.1']],
  },
  {
    name: 'no inputs',
    layers: '{ w: param(3, 2) }',
    body: '= ({ double: tj`${$.w} * 2`, n: arange(4) })',
  },
  {
    name: 'input as output',
    inputs: { x: 'f32(B, 3)', i: 'i32(N)', p: 'bool(N)' },
    body: '= ({ x, again: x, i, p, more: [x] })',
  },
  {
    name: 'one result under many names',
    inputs: { x: 'f32(B, 3)' },
    body: 'const y = relu(x); return { a: y, b: y, c: [y, y], d: y.reshape([-1]), e: y.T }',
  },
  {
    name: 'weights as outputs',
    inputs: { x: 'f32(N)' },
    layers: '{ w: param(3, 2), b: buffer(4), fc: nn.linear(2, 3) }',
    body: '= ({ w: $.w, b: $.b, fw: $.fc.weight, t: $.fc.weight.T, x })',
  },
  {
    name: 'constants as outputs',
    inputs: { x: 'f32(N)' },
    body: '= ({ one: ones([2, 2]), two: tensor([1, 2, 3]), n: arange(x.shape[0]), zero: zeros([x.shape[0], 2]), half: full([], 0.5), i: tensor([1, 2], { dtype: "i32" }), p: tensor([true]) })',
  },
  {
    name: 'a view as output',
    inputs: { x: 'f32(B, T, 4)' },
    body: '= ({ a: x.transpose(0, 1), b: tj`${x}[:, 0]`, c: x.reshape([-1, 2]), d: expand(tj`${x}[:1, :1]`, [3, 2, 4]), e: flip(x, 0) })',
  },
  {
    name: 'unused inputs and layers',
    slow: true,
    inputs: { x: 'f32(B, 3)', unused: 'f32(B, 7)', also: 'i32(T)' },
    layers: '{ used: nn.linear(3, 2), not: nn.linear(5, 5) }',
    body: '= $.used(x)',
  },
  {
    name: 'dimensions only of unused inputs',
    inputs: { x: 'f32(B, 3)', n: 'f32(N)' },
    body: '= expand(unsqueeze(x, 0), [n.shape[0], -1, -1])',
  },
  {
    name: 'many outputs',
    slow: true,
    inputs: { x: 'f32(B, 5)' },
    body: '= Object.fromEntries(range(24).map((i) => [`y${i}`, tj`${x} * ${i} + ${i % 3}`]))',
  },
  {
    name: 'many outputs of sums',
    slow: true,
    inputs: { x: 'f32(B, 5)' },
    body: '= range(14).map((i) => tj`sum(${x} ** 2 * ${i + 1}, axis=${i % 2})`)',
  },
  {
    name: 'bounds of dimensions',
    inputs: { x: 'f32(T, B)' },
    dims: { T: '{ min: 2, max: 32, multipleOf: 2 }', B: '{ min: 3, max: 5 }' },
    sizes: [
      { T: 6, B: 4 },
      { T: 2, B: 3 },
      { T: 32, B: 5 },
    ],
    body: 'const [t, b] = x.shape; if (t >= 2 && b > 2) return { a: tj`${x}[:2, :3]`, b: x.reshape([t / 2, 2 * b]), c: x.reshape([2, t / 2, b]).sum(0) }; return { a: x }',
  },
  {
    name: 'unbounded dimensions',
    inputs: { x: 'f32(B, T)' },
    dims: { B: '', T: '{ min: 1 }' },
    sizes: [
      { B: 3, T: 300 },
      { B: 1, T: 1 },
    ],
    body: '= softmax(x)',
  },
  {
    name: 'dimensions of zero',
    slow: true,
    inputs: { x: 'f32(N, 3)', y: 'f32(M, 3)' },
    dims: { N: '{ min: 0, max: 9 }' },
    sizes: [
      { N: 2, M: 2 },
      { N: 0, M: 2 },
    ],
    body: '= ({ a: concat([x, y]), b: sum(x, 0), c: tj`${x} + 1`, d: tj`${x} @ ${y}.T`, e: any(tj`${x} > 0`) })',
  },
  {
    name: 'arithmetic on dimensions',
    inputs: { x: 'f32(B, T)' },
    body: 'const [b, t] = x.shape; const n = b * t; const half = Math.floor(t / 2); const up = Math.ceil(t / 2); return { a: zeros([n + 1]), b: zeros([half, 2]), c: zeros([up]), d: zeros([b * 2 + t - 1]), e: zeros([t % 2, 3]), f: zeros([Math.max(b, 2), Math.min(t, 3)]), g: x.reshape([n]), h: full([t ** 2], n), i: zeros([Math.round(t / 3)]), j: arange(half, t) }',
  },
  {
    name: 'sizes agree across inputs',
    slow: true,
    inputs: { x: 'f32(B, T)', y: 'f32(T, B)', z: 'f32(B, B)' },
    body: '= tj`${x} @ ${y} + ${z}`',
  },
]

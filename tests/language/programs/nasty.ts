// nasty: sizes and shapes that kernels do not like

import type { Program } from '../program.ts'

const odd = [{ N: 67 }, { N: 1 }, { N: 129 }, { N: 3 }]
const wide = { N: '{ max: 4096 }' }

/** Programs of this section. */
export const nasty: readonly Program[] = [
  {
    name: 'odd sizes elementwise',
    inputs: { x: 'f32(N)', y: 'f32(N, N)' },
    dims: wide,
    sizes: odd,
    body: '= ({ a: tj`${x} * 2`, b: tj`${y} + ${x}[:, None]`, c: y.T, d: tj`${y}.T + ${y}`, e: tj`${y}[::-1, ::2]` })',
  },
  {
    name: 'odd sizes of rows',
    slow: true,
    inputs: { y: 'f32(3, N)' },
    dims: wide,
    sizes: odd,
    body: '= ({ a: softmax(y), b: layerNorm(y), c: sum(y, 1), d: sum(y, 0), e: cumsum(y, 1), f: argmax(y, 1), g: sum(y) })',
  },
  {
    name: 'fixed odd sizes',
    slow: true,
    inputs: { x: 'f32(13, 17)', y: 'f32(17, 5)' },
    body: '= ({ a: tj`${x} @ ${y}`, b: softmax(x), c: x.T, d: sum(x, 0), e: x.reshape([17, 13]), f: tj`${x}[1:, 3::4]`, g: concat([x, x], 1) })',
  },
  {
    name: 'large elementwise',
    inputs: { x: 'f32(N)' },
    dims: { N: '{ max: 1000000 }' },
    sizes: [{ N: 100003 }, { N: 1 }],
    body: '= ({ a: relu(x), s: max(x) })',
  },
  {
    name: 'more groups than one axis of a grid',
    inputs: { x: 'f32(N, 2)' },
    dims: { N: '{ max: 100000 }' },
    sizes: [{ N: 70001 }],
    body: '= ({ a: sum(x, 1), b: softmax(x) })',
  },
  {
    name: 'reduction over everything large',
    inputs: { x: 'f32(B, N)' },
    dims: { N: '{ max: 100000 }' },
    sizes: [{ B: 3, N: 33333 }],
    body: '= ({ a: sum(x), b: max(x), c: mean(x), d: argmin(x), e: any(tj`${x} > 1.99999`) })',
    tolerance: 2e-4,
  },
  {
    name: 'rank zero everywhere',
    inputs: { x: 'f32()', i: 'i32()' },
    body: '= ({ a: x, b: exp(x), c: sum(x), d: x.reshape([1]), e: tj`${x} * ${i}`, f: stack([x, x, x]), g: expand(x, [2, 3]), h: argmax(x.reshape([1])), i: where(tj`${x} > 0`, x, 0), j: tj`${x}[None, None]`, k: softmax(x.reshape([1, 1])), l: oneHot(tj`clip(${i}, 0, 3)`, 4) })',
  },
  {
    name: 'rank seven',
    inputs: { x: 'f32(2, 1, B, 2, 1, 3, 2)' },
    body: '= ({ a: permute(x, [6, 5, 4, 3, 2, 1, 0]), b: sum(x, [0, 3, 5]), c: tj`${x} * ${x}[..., :1]`, d: softmax(x, 2), e: tj`${x}[:, 0, ..., None, 1]`, f: concat([x, x], 3), g: flip(x, [2, 5]) })',
  },
  {
    name: 'ones everywhere',
    slow: true,
    inputs: { x: 'f32(1, 1, 1, 1)' },
    body: '= ({ a: softmax(x), b: x.matmul(x), c: conv2d(x, x), d: maxPool2d(x, 1), e: sum(x), f: permute(x, [3, 2, 1, 0]), g: interpolate(x, { scale: 2 }), h: layerNorm(x), i: argmax(x), j: cumsum(x, 0), k: globalAvgPool(x), l: pad(x, [[0, 0], [0, 0], [1, 0], [0, 1]]) })',
  },
  {
    name: 'many inputs',
    slow: true,
    inputs: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x${i}`, 'f32(B, 3)'])),
    body: `= ({ sum: ${Array.from({ length: 20 }, (_, i) => `x${i}`).reduce((a, b) => `add(${a}, ${b})`)}, all: concat([${Array.from({ length: 20 }, (_, i) => `x${i}`)}], 1), top: softmax(stack([${Array.from({ length: 20 }, (_, i) => `x${i}`)}]), 0) })`,
  },
  {
    name: 'many weights',
    inputs: { x: 'f32(B, 3)' },
    layers: '{ w: range(20).map(() => param(3)) }',
    body: '= $.w.reduce((y, w) => tj`${y} * 0.5 + ${w}`, x)',
  },
  {
    name: 'long chains',
    slow: true,
    inputs: { x: 'f32(N)' },
    body: 'let y = x; for (const i of range(200)) y = tj`sin(${y}) + ${i % 3}`; return y',
    tolerance: 1e-4,
  },
  {
    name: 'very long chains',
    slow: true,
    inputs: { x: 'f32(N)' },
    body: 'let y = x; for (const i of range(3000)) y = tj`${y} * 0.5 + ${i % 3}`; return y',
    tolerance: 1e-4,
  },
  {
    name: 'long nested choices',
    inputs: { x: 'f32(N)' },
    body: 'return range(150).reduce((y, i) => where(tj`${x} > ${i / 100}`, i, y), x)',
  },
  {
    name: 'long chains of rows',
    inputs: { x: 'f32(B, 6)' },
    body: 'let y = x; for (const i of range(6)) y = tj`tanh(${y} - mean(${y}, axis=1, keepDims=True)) + ${x}`; return y',
  },
  {
    name: 'long chains of views',
    slow: true,
    inputs: { x: 'f32(B, 6)' },
    body: 'let y = x; for (const i of range(60)) y = roll(tj`${y} + ${i}`, 1, 1); return y',
  },
  {
    name: 'fibonacci of tensors',
    inputs: { x: 'f32(N)' },
    body: 'let a = x; let b = x; for (const _ of range(30)) [a, b] = [b, tj`(${a} + ${b}) / 2`]; return { a, b }',
  },
  {
    name: 'diamonds of rows',
    slow: true,
    inputs: { x: 'f32(B, 6)' },
    body: 'let y = x; for (const _ of range(4)) { const s = softmax(y); const m = mean(y, -1, { keepDims: true }); y = tj`${s} * ${m} + ${y}` } return y',
  },
  {
    name: 'transposed concat of slices',
    inputs: { x: 'f32(B, T, 6)' },
    body: 'const a = tj`${x}[..., ::2]`.transpose(1, 2); const b = tj`${x}[..., 1::2]`.transpose(1, 2); const c = concat([a, flip(b, 1)], 1); return { c, d: c.reshape([x.shape[0], -1]), e: pad(c, [[0, 0], [1, 1], [0, 0]], { mode: "replicate" }).T, f: roll(concat([c, c], 2), 1, 2) }',
  },
  {
    name: 'gather of computed rows',
    slow: true,
    inputs: { x: 'f32(N, 4)', i: 'i32(M)' },
    ranges: { i: [0, 7] },
    body: 'const s = softmax(x); return { a: gather(s, i), b: tj`${gather(tj`${x} * 2 + 1`, i)} @ ${x}.T`, c: sum(gather(square(x), i), 0), d: gather(cumsum(x, 0), i) }',
  },
  {
    name: 'concat of different kinds',
    slow: true,
    inputs: { x: 'f32(B, 3)', i: 'i32(B, 2)' },
    body: '= ({ a: concat([softmax(x), tj`${x} @ ${x}.T`, cast(i, "f32"), zeros([x.shape[0], 1]), sum(x, 1, { keepDims: true })], 1) })',
  },
  {
    name: 'integer reductions',
    slow: true,
    inputs: { i: 'i32(B, T, 3)', u: 'u32(B, 5)' },
    body: '= ({ a: sum(i, 1), b: max(i, -1), c: min(i), d: prod(i, 2), e: mean(i, 0), f: argmin(i, 1), g: cumsum(u, 1), h: max(u), i: min(u, 1), j: sum(u), k: any(i, 0), l: variance(i, 2), m: norm(i, 2), n: cummax(i, 1) })',
  },
  {
    name: 'overflow of integers',
    inputs: { i: 'i32(4)', u: 'u32(4)' },
    given: { i: [2147483647, -2147483648, 65536, -1], u: [4294967295, 0, 65536, 1] },
    body: '= ({ a: tj`${i} + 1`, b: tj`${i} * ${i}`, c: neg(i), d: tj`${u} + 1`, e: tj`${u} - 1`, f: tj`${u} * ${u}`, g: sum(i), h: abs(i), i: tj`${i} // -1`, j: cast(u, "f32"), k: cast(u, "i32"), l: cast(i, "u32"), m: tj`${u} // 7`, n: tj`${u} % 10`, o: tj`${u} > 5`, p: max(u), q: tj`${i} == 2147483647` })',
  },
  {
    name: 'large constants',
    inputs: { x: 'f32(N)', i: 'i32(N)' },
    body: '= ({ a: tj`${x} * 3.4e38`, b: tj`${x} + 1e-45`, c: tj`${i} + 2147483647`, d: tj`${i} == -2147483648`, e: maskedFill(x, tj`${i} > 0`, -3.4028234663852886e38), f: where(tj`${i} > 0`, Infinity, x), g: full([2], NaN), h: full([1], -Infinity), i: tj`minimum(${x}, ${Infinity})`, j: add(x, 16777217), k: mul(i, -2147483648) })',
  },
  {
    name: 'subnormals and zeros',
    inputs: { x: 'f32(4)' },
    given: { x: [0, -0, 1, -1] },
    body: '= ({ a: tj`1 / ${x}`, b: tj`${x} / ${x}`, c: tj`${x} % 1`, d: tj`${x} // 0.3`, e: pow(x, 0), f: atan2(x, x), h: rsqrt(abs(x)), i: tj`${x} ** -1`, j: log1p(x), k: fmod(x, 0) })',
  },
  {
    name: 'scan like recurrences',
    slow: true,
    inputs: { x: 'f32(B, 6, 3)', w: 'f32(3, 3)' },
    body: 'let h = zeros([x.shape[0], 3]); const hs: Tensor[] = []; for (const t of range(6)) { h = tj`tanh(${x}[:, ${t}] + ${h} @ ${w})`; hs.push(h) } return { hs: stack(hs, 1), last: h }',
  },
  {
    name: 'outer sums',
    slow: true,
    inputs: { x: 'f32(N)', y: 'f32(M)' },
    body: '= ({ a: sum(tj`${x}[:, None] * ${y}`, 0), b: max(tj`${x}[:, None] - ${y}[None, :]`, 1), c: softmax(tj`${x}[:, None] * ${y}`, 0), d: mean(tj`(${x}[:, None] > ${y}) * 1.0`) })',
  },
  {
    name: 'product with itself',
    slow: true,
    inputs: { x: 'f32(N, N)' },
    sizes: [{ N: 9 }, { N: 1 }],
    body: '= tj`${x} @ ${x} + ${x}.T @ ${x}`',
  },
  {
    name: 'convolution of computed inputs',
    inputs: { x: 'f32(B, 2, T)', w: 'f32(3, 2, 3)' },
    dims: { T: '{ min: 3, max: 64 }' },
    sizes: [
      { B: 2, T: 7 },
      { B: 1, T: 3 },
    ],
    body: '= softmax(conv1d(pad(relu(x), [[0, 0], [0, 0], [1, 1]], { mode: "reflect" }), tj`${w} * 2`), 1)',
  },
  {
    name: 'strided windows of gathers',
    inputs: { x: 'f32(B, T)', i: 'i32(5)' },
    ranges: { i: [0, 5] },
    dims: { T: '{ min: 5, max: 64 }' },
    sizes: [
      { B: 2, T: 9 },
      { B: 1, T: 5 },
    ],
    body: '= ({ a: window(tj`${x}[:, ${i}]`, 1, 2), b: max(window(cumsum(x, 1), 1, 3), -1), c: tj`${window(x, 1, 4)}[..., ${[3, 0]}]` })',
  },
  {
    name: 'bool outputs of odd sizes',
    inputs: { x: 'f32(N)', y: 'f32(N, 3)' },
    dims: wide,
    sizes: odd,
    body: '= ({ a: tj`${x} > 0`, b: any(tj`${y} > 1`, 1), c: tj`${x}[:, None] < ${y}`, d: isNaN(y), e: cast(x, "bool") })',
  },
  {
    name: 'i8 and u8 reductions',
    slow: true,
    inputs: { a: 'i8(B, 9)', b: 'u8(B, 9)' },
    ranges: { a: [-128, 128], b: [0, 256] },
    body: '= ({ a: sum(a, 1), b: max(a, 1), c: min(b), d: argmax(b, 1), e: mean(b), f: tj`${a} @ ${b}.T`, g: cumsum(a, 1), h: tj`${b} // 3`, i: tj`${a} % 7`, j: concat([a, a], 1), k: gather(b, tensor([3, 1], { dtype: "i32" }), 1), l: cummax(b, 1) })',
  },
  {
    name: 'half precision rows',
    inputs: { x: 'f16(B, 33)' },
    body: '= ({ a: softmax(x), b: layerNorm(x), c: cast(sum(x, 1), "f32"), d: max(x, 1), e: concat([x, x], 1), f: x.T })',
    tolerance: 3e-3,
  },
  {
    name: 'a part of what a kernel reads is written before it',
    inputs: { x: 'f32(3, 2)', v: 'f32(4, 2)', w: 'f32(4, 6)', u: 'f32(4, 4)' },
    body: 'const h = relu(tj`${x} @ ${v}.T`); const r = linear(concat([x, h], -1), w); return { r, n: linear(tj`${r} * ${h}`, u) }',
  },
  {
    name: 'reductions of nothing, and nothing of reductions',
    inputs: { x: 'f32(2, 0, 4)' },
    body: '= ({ a: sum(x, 1), b: max(x, 1), c: prod(x, 1), d: sum(x, 2), e: logSumExp(x, 2), f: tj`${x} + 1`, g: concat([x, x], 0), h: softmax(x) })',
  },
  {
    name: 'half precision constants',
    inputs: { x: 'f16(B, 3)' },
    body: '= ({ a: tj`${x} + ${tensor([0.1, -2.3, 5e-5], { dtype: "f16" })}`, b: tensor([[0.1, 3]], { dtype: "bf16" }), c: gather(tensor([1.1, 2.2], { dtype: "f16" }), tensor([1, 0], { dtype: "i32" })) })',
    tolerance: 2e-3,
  },
]

// templates: the grammar of `tj`

import type { Program } from '../program.ts'

/** Programs of this section. */
export const templates: readonly Program[] = [
  {
    name: 'precedence',
    inputs: { x: 'f32(4)', y: 'f32(4)' },
    given: { x: [1, 2, 3, 4], y: [4, 3, 2, 1] },
    body: '= tj`(-${x} ** 2, 2 ** 3 ** ${x} / 1e9, ${x} + ${y} * 2, (${x} + ${y}) * 2, -${x} * -${y}, ${x} - ${y} - 1, ${x} / ${y} / 2, ${x} < ${y} and ${x} > 1 or ${y} == 1, not ${x} < ${y}, ${x} * ${y} % 3, ${x} // 2 * 2, ${x} ** -1, +${x}, --${x})`',
    expected: { 0: [-1, -4, -9, -16], 7: [false, true, false, true], 9: [1, 0, 0, 1] },
  },
  {
    name: 'lines',
    inputs: { x: 'f32(B, 8)', c: 'f32(B, 2)' },
    body: 'return tj`\n  # an LSTM step\n  i, f, g, o = split(${x}, 4, axis=-1)\n  next = sigmoid(f) * ${c} +\\n sigmoid(i) * tanh(g)\n  sigmoid(o) * tanh(next), next\n`'.replace(
      '+\\n',
      '+',
    ),
  },
  { name: 'rebinding names', inputs: { x: 'f32(N)' }, body: 'return tj`\n y = ${x}\n y = y * 2\n y = y + 1\n y\n`' },
  {
    name: 'brackets continue lines',
    inputs: { x: 'f32(N)', y: 'f32(N)' },
    body: 'return tj`(\n ${x}\n + ${y}\n) * maximum(\n ${x},\n ${y}\n)`',
  },
  { name: 'numbers', inputs: { x: 'f32(N)' }, body: '= tj`${x} * 1e-3 + 0x10 + 1_000 + .5 + 2. + 1E2`' },
  {
    name: 'methods and members',
    inputs: { x: 'f32(B, T, 4)' },
    body: '= tj`${x}.sum(-1), ${x}.reshape([${x.shape[0]}, -1]), ${x}.T.shape[0] + ${x}, ${x}.mean(axis=-1, keep_dims=True), ${x}.transpose(0, 1), ${x}.max().sqrt(), ${x}.size * ${x}, ${x}.permute([2, 0, 1])`'.replace(
      '${x}.max().sqrt()',
      '${x}.max().abs()',
    ),
  },
  {
    name: 'keywords and words',
    inputs: { x: 'f32(B, 6)' },
    body: '= tj`softmax(${x}, axis=0), sum(${x}, axis=1, keepDims=true), sum(${x}, axis=None), clip(${x}, min=-1, max=1), argmax(${x}, axis=-1, keep_dims=False), cumsum(${x}, axis=1, exclusive=True), cast(${x}, "i32"), cast(${x}, dtype="i32")`',
  },
  {
    name: 'lists in templates',
    inputs: { x: 'f32(3)', y: 'f32(B, 3)' },
    body: '= tj`${x} * [1, 2, 3], concat([${x}, ${x}]), ${y} + [[1, 2, 3]], [0.5, 0.25, 2] / ${x} ** 2, where(tensor([True, False, True]), ${y}, 0), ${y} @ [1, 0, 2]`',
  },
  {
    name: 'functions as values',
    inputs: { x: 'f32(B, 4)' },
    before:
      'const double = (x: Tensor) => tj`${x} * 2`\nfunction norm2(x: Tensor, eps: number): Tensor { return tj`${x} / sqrt(sum(${x} ** 2, axis=-1, keepDims=True) + ${eps})` }',
    body: '= tj`${double}(${x}) + ${norm2}(${x}, 1e-6) + ${(y: Tensor) => relu(y)}(${x})`',
  },
  {
    name: 'layers in templates',
    inputs: { x: 'f32(B, 4)' },
    layers: '{ fc: nn.linear(4, 4), norm: nn.layerNorm(4) }',
    body: '= tj`${x} + ${$.fc}(relu(${$.norm}(${x})))`',
  },
  {
    name: 'nested templates',
    inputs: { x: 'f32(B, 4)' },
    body: '= tj`${tj`${x} + 1`} * ${tj`${x} - 1`} + ${[1, 2].map((i) => tj`${x} * ${i}`)[1]}`',
  },
  {
    name: 'tuples',
    inputs: { x: 'f32(B, 4)' },
    body: 'const [a, b] = tj`${x} + 1, ${x} * 2`; const [c] = tj`${x},`; const parts = tj`split(${x}, 2, axis=1)`; return { a, b, c, d: parts[0], rest: tj`(${a}, (${b}, ${c}))` }',
  },
  {
    name: 'static values',
    inputs: { x: 'f32(B, T)' },
    before: 'const cfg = { eps: 1e-5, sizes: [1, 2, 3], on: true, name: "tanh" }',
    body: 'const [b, t] = x.shape; return tj`${x} * ${cfg.sizes[1]} + ${cfg.eps} + ${t} * ${b} / 2 + ${Math.sqrt(2)}, ${x}[:, :${t} - 0], ${x} + ${t // comment\n} ** 2, ${cfg.sizes}[1:][0] + ${x}, where(${cfg.on}, ${x}, 0)`',
  },
  {
    name: 'comparisons',
    inputs: { x: 'f32(N)', i: 'i32(N)' },
    body: '= tj`${x} == ${x}, ${x} != 0, ${x} <= 0, ${x} >= 0, ${i} == 2, ${i} < ${x}, (${x} > -1) & (${x} < 1), ~(${x} > 0) | (${i} > 2), ${i} >= 1.5, not (${x} > 0 and ${i} > 0)`',
  },
  {
    name: 'snake case operations',
    inputs: { x: 'f32(B, 4)' },
    body: '= tj`leaky_relu(${x}), log_softmax(${x}, axis=-1), log_sum_exp(${x}, axis=1), zeros_like(${x}), count_nonzero(${x}), hard_sigmoid(${x}), ${x}.log_softmax(-1)`',
  },
  {
    name: 'matrix power of products',
    slow: true,
    inputs: { a: 'f32(3, 3)' },
    body: '= tj`${a} @ ${a} @ ${a}.T * 0.5 + eye(3), ${a}.T.T - ${a}, -${a} @ ${a}, (${a} + 1) @ (${a} - 1)`',
  },
  {
    name: 'indexing results',
    slow: true,
    inputs: { x: 'f32(B, 6)', w: 'f32(6, 6)' },
    body: '= tj`(${x} @ ${w})[:, 1:3], softmax(${x})[0], ${x}[:, 2:][:, 0], split(${x}, 3, axis=1)[-1], (${x} * 2)[..., None].shape[2] + ${x}, sum(${x}, axis=0)[::-1]`',
  },
  {
    name: 'unicode names and comments',
    inputs: { x: 'f32(N)' },
    body: 'return tj`\n  μ = mean(${x})  # the mean\n  σ2 = mean((${x} - μ) ** 2)\n  (${x} - μ) / sqrt(σ2 + 1e-5)\n`',
  },
  {
    name: 'gathers by computed indices',
    inputs: { x: 'f32(B, 5)', w: 'f32(5, 3)' },
    body: '= tj`${w}[argmax(${x}, axis=-1)], ${w}[cast(clip(${x}, 0, 4), "i32")], ${x}[:, argmax(${w}, axis=0)]`',
  },
  {
    name: 'constant formulas',
    inputs: { x: 'f32(N)' },
    body: 'const k = tj`7 // 2 + 2 ** 3 % 5`; return tj`${x} * ${k} + (-7 // 2) + (-7 % 3) + 1 // 0.25`',
  },
]

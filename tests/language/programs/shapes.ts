// shapes: rearranging, slicing, joining, indexing, creating

import type { Program } from '../program.ts'

/** Programs of this section. */
export const shapes: readonly Program[] = [
  {
    name: 'reshapes',
    inputs: { x: 'f32(B, T, 6)' },
    body: 'const [b, t] = x.shape; return { a: x.reshape([b * t, 6]), b: x.reshape([b, -1]), c: reshape(x, [b, t, 2, 3]), d: x.reshape([-1]), e: flatten(x, 1), f: x.flatten(), g: unflatten(x, -1, [3, -1]), h: x.flatten(0, 1), i: x.reshape([b, t * 2, 3]), j: flatten(x, { start: 1, end: 2 }) }',
  },
  {
    name: 'permutes',
    inputs: { x: 'f32(B, T, 3, 2)' },
    body: '= ({ a: permute(x, [0, 2, 1, 3]), b: x.transpose(), c: x.transpose(0, 2), d: moveAxis(x, 1, -1), e: x.T, f: tj`${x}.T`, g: tj`${x}.mT`, h: x.permute([-1, 0, 1, 2]), i: tj`permute(${x}, (3, 2, 1, 0))` })',
  },
  {
    name: 'sizes of one',
    inputs: { x: 'f32(B, 1, T, 1)' },
    body: '= ({ a: squeeze(x, 1), b: x.squeeze([1, 3]), c: squeeze(x, { axis: -1 }), d: unsqueeze(x, 0), e: x.unsqueeze([0, 2]), f: expandDims(x, -1), g: expand(x, [-1, 4, -1, 2]), h: broadcastTo(x, [2, x.shape[0], 1, x.shape[2], 3]) })',
  },
  { name: 'squeeze all', inputs: { x: 'f32(1, 3, 1)' }, body: '= x.squeeze()' },
  {
    name: 'slices of functions',
    inputs: { x: 'f32(B, T, 8)' },
    sizes: [
      { B: 3, T: 5 },
      { B: 2, T: 3 },
    ],
    dims: { B: '{ min: 2, max: 9 }', T: '{ min: 3, max: 9 }' },
    body: '= ({ a: slice(x, 1, 2), b: slice(x, [0, 1], [2, 3]), c: x.slice({ start: 1, axes: 2 }), d: slice(x, 2, 7, { axes: [2], step: 2 }), e: slice(x, { start: -1, stop: -4, step: -1, axes: -1 }), f: x.slice({ stop: -1, axes: [1] }) })',
  },
  {
    name: 'template slices',
    slow: true,
    inputs: { x: 'f32(B, T, 6)' },
    dims: { T: '{ min: 3, max: 30 }' },
    sizes: [
      { B: 3, T: 5 },
      { B: 1, T: 3 },
    ],
    body: '= ({ a: tj`${x}[:, 1:, ::-1, None, ...]`, b: tj`${x}[0]`, c: tj`${x}[-1]`, d: tj`${x}[..., 0]`, e: tj`${x}[..., -1, :]`, f: tj`${x}[:, :-1]`, g: tj`${x}[:, ::2]`, h: tj`${x}[:, 1::2, 1:5:3]`, i: tj`${x}[None]`, j: tj`${x}[:, None, :, None]`, k: tj`${x}[:, -2:]`, l: tj`${x}[..., ::-2]`, m: tj`${x}[..., 4:1:-1]`, n: tj`${x}[:, 0, 1]`, o: tj`${x}[..., None]`, p: tj`${x}[:, :100]`, q: tj`${x}[::-1, ::-1]` })',
  },
  {
    name: 'slices by dimensions',
    inputs: { x: 'f32(B, T, 4)', table: 'f32(32, 4)' },
    dims: { T: '{ max: 32 }' },
    body: 'const [, t] = x.shape; return { a: tj`${x} + ${table}[:${t}]`, b: tj`${x}[:, ${Math.floor(t / 2)}:]`, c: tj`${table}[32 - ${t}:]`, d: tj`${x}[:, ${t - 1}]`, e: slice(table, 0, t), f: tj`${x}[:, :(${t} + 1) // 2]` }',
  },
  {
    name: 'gathers in templates',
    inputs: { x: 'f32(7, 5)', i: 'i32(N)', j: 'i32(B, T)', y: 'f32(B, 7, 3)' },
    ranges: { i: [0, 7], j: [0, 5] },
    body: '= ({ a: tj`${x}[${i}]`, b: tj`${x}[:, ${j}]`, c: tj`${x}[${[0, 2, -1]}]`, d: tj`${y}[:, ${i}]`, e: tj`${y}[..., ${[2, 0]}]`, f: tj`${x}[${i}, 1:3]`, g: tj`${x}[${[3, 1]}, ::2]`, h: tj`${x}[[0, 1], [2, 3]]`, k: tj`${y}[:, ${i}, None]` })',
  },
  {
    name: 'two index tensors',
    inputs: { x: 'f32(7, 5, 2)', i: 'i32(N)', j: 'i32(N)' },
    ranges: { i: [0, 7], j: [0, 5] },
    body: '= ({ a: tj`${x}[${i}, ${j}]`, b: tj`${x}[${i}, ${j}, 0]`, c: tj`${x}[${i}, :, ${[0, 1, 0, 1, 0, 1, 0].slice(0, 1)}]` })',
  },
  {
    name: 'gathers',
    inputs: { x: 'f32(B, 6, 3)', i: 'i32(N)', k: 'i32(B, 2, 3)', l: 'i32(B, 6, T)' },
    ranges: { i: [0, 6], k: [0, 6], l: [0, 3] },
    body: '= ({ a: gather(x, i, 1), b: gatherElements(x, k, 1), c: takeAlongAxis(x, l), d: x.gather(i, { axis: 1 }), e: takeAlongAxis(x, l, -1) })',
  },
  {
    name: 'gathers are clamped',
    inputs: { x: 'f32(3)', i: 'i32(5)' },
    given: { x: [10, 20, 30], i: [-5, -1, 0, 2, 9] },
    body: '= ({ a: gather(x, i), b: tj`${x}[${i}]` })',
    expected: { a: [10, 10, 10, 30, 30] },
  },
  {
    name: 'scatters',
    slow: true,
    inputs: { x: 'f32(6, 3)', i: 'i32(N)', s: 'f32(N, 3)', e: 'i32(2, 3)', t: 'f32(2, 3)' },
    ranges: { i: [0, 6], e: [0, 6] },
    body: '= ({ a: scatterAdd(x, i, s, 0), b: scatter(x, i, s), c: scatterAdd(x, e, t, 0), d: scatter(x, e, t, { axis: 0 }), e: zeros([6, 3]).scatterAdd(i, s), f: scatterAdd(zeros([6]), i, ones([x.shape[0] * 0 + i.shape[0]])) })',
  },
  {
    name: 'scatter with equal indices',
    inputs: { i: 'i32(4)', s: 'f32(4)' },
    given: { i: [1, 1, 0, 1], s: [1, 2, 3, 4] },
    body: '= ({ last: scatter(zeros([3]), i, s), sum: scatterAdd(zeros([3]), i, s) })',
    expected: { last: [3, 4, 0], sum: [3, 7, 0] },
  },
  {
    name: 'scatter along the last axis',
    inputs: { x: 'f32(B, 5)', i: 'i32(B, 3)', s: 'f32(B, 3)' },
    ranges: { i: [0, 5] },
    body: '= ({ a: scatter(x, i, s, 1), b: scatterAdd(x, i, s, -1), c: scatterAdd(cast(x, "i32"), i, cast(s, "i32"), 1) })',
  },
  {
    name: 'joins',
    inputs: { x: 'f32(B, 3)', y: 'f32(T, 3)', z: 'f32(B, 2)' },
    body: '= ({ a: concat([x, y]), b: concat([x, z], 1), c: concat([z, x, z], { axis: -1 }), d: stack([x, x]), e: stack([x, x, x], -1), f: tj`concat([${x}, ${z}], axis=1)`, g: tj`stack((${x}, ${x} * 2), 1)`, h: concat([x]), i: concat([concat([x, y]), y]) })',
  },
  {
    name: 'many parts',
    slow: true,
    inputs: { x: 'f32(B, 2)' },
    body: '= concat(range(40).map((i) => tj`${x} * ${i}`), 1)',
  },
  {
    name: 'many stacked sums',
    slow: true,
    inputs: { x: 'f32(B, 4)' },
    body: '= stack(range(20).map((i) => tj`sum(${x} * ${i}, axis=1)`), 1)',
  },
  {
    name: 'splits',
    inputs: { x: 'f32(B, 6)' },
    body: 'const [a, b, c] = split(x, 3, 1); const [d, e] = split(x, [2, 4], -1); const parts = chunk(x, 4, 1); const rows = unstack(x, 1); return { a, b, c, d, e, f: parts, g: rows, h: tj`split(${x}, 2, axis=1)[1]`, i: tj`\n p, q = split(${x}, 2, axis=-1)\n p * q` }',
  },
  {
    name: 'splits of dimensions',
    inputs: { x: 'f32(B, N)' },
    dims: { N: '{ max: 64, multipleOf: 4 }' },
    sizes: [
      { B: 3, N: 8 },
      { B: 1, N: 4 },
    ],
    body: 'const [a, b] = split(x, 2, 1); const [c, , d, _d] = split(x, 4, -1); const n = x.shape[1]; return [a, b, tj`${c} * ${d}`, x.reshape([x.shape[0], n / 4, 4]), x.reshape([x.shape[0], 4, n / 4]).transpose(), ...split(x, [n / 2, n / 2], 1)]',
  },
  {
    name: 'pads',
    inputs: { x: 'f32(B, 4)' },
    body: '= ({ a: pad(x, [[0, 0], [1, 2]]), b: pad(x, [[1, 0], [2, 2]], { value: -1 }), c: pad(x, [[0, 0], [2, 3]], { mode: "reflect" }), d: pad(x, [[0, 0], [2, 2]], { mode: "replicate" }), e: pad(x, [[0, 0], [3, 1]], { mode: "circular" }), f: tj`pad(${x}, [[0, 0], [1, 1]], mode="edge")`, g: x.pad([[0, 0], [-1, -1]]), h: pad(x, [[0, 0], [1, 1]], { mode: "wrap" }), i: pad(cast(x, "i32"), [[1, 1], [0, 0]], { value: 7 }), j: pad(tj`${x} > 0`, [[0, 1], [0, 0]]) })',
  },
  {
    name: 'pads of dimensions',
    inputs: { x: 'f32(B, T)' },
    dims: { T: '{ min: 3, max: 64 }' },
    sizes: [
      { B: 3, T: 7 },
      { B: 1, T: 3 },
    ],
    body: 'const [, t] = x.shape; return { a: pad(x, [[0, 0], [2, 2]], { mode: "reflect" }), b: pad(x, [[0, 0], [0, t]]), c: pad(x, [[0, 0], [t - 1, 0]]), d: pad(x, [[0, 0], [0, 64 - t]]) }',
  },
  {
    name: 'repeats',
    inputs: { x: 'f32(B, 3)' },
    body: '= ({ a: tile(x, [2, 3]), b: repeat(x, 2, 1), c: repeat(x, 3, 0), d: tile(x, [2, 1, 1]), e: x.repeat(2), f: flip(x, 1), g: flip(x), h: roll(x, 1, 1), i: roll(x, -1, 1), j: x.roll(2), k: roll(x, [1, 2], [0, 1]), l: x.flip([0, 1]), m: tj`repeat(${x}, 2, axis=-1)`, n: roll(x, 7, 1) })',
  },
  {
    name: 'triangles',
    inputs: { x: 'f32(B, T, T)' },
    body: '= ({ a: tril(x), b: triu(x), c: tril(x, 1), d: triu(x, { diagonal: 1 }), e: tril(x, -1), f: diagonal(x), g: trace(x), h: tj`triu(${x}, diagonal=-1)` })',
  },
  {
    name: 'windows',
    inputs: { x: 'f32(B, 2, 9)' },
    body: '= ({ a: window(x, 2, 3), b: window(x, -1, 3, { stride: 2 }), c: window(x, 2, 2, { dilation: 3 }), d: x.window(2, 4, { stride: 4 }) })',
  },
  {
    name: 'image columns',
    inputs: { x: 'f32(B, 2, H, W)' },
    sizes: [
      { B: 2, H: 6, W: 5 },
      { B: 1, H: 3, W: 3 },
    ],
    dims: { H: '{ min: 3, max: 64 }', W: '{ min: 3, max: 64 }' },
    body: '= ({ a: unfold(x, 3), b: unfold(x, [2, 3], { stride: [1, 2], padding: 1 }), c: unfold(x, 2, { dilation: 2 }) })',
  },
  {
    name: 'pixel shuffles',
    inputs: { x: 'f32(B, 8, H, 3)', y: 'f32(B, 2, H*2, 6)' },
    body: '= ({ a: pixelShuffle(x, 2), b: pixelUnshuffle(y, 2) })',
  },
  {
    name: 'constants',
    inputs: { unused: 'f32()' },
    body: '= ({ a: tensor([[1, 2], [3, 4]]), b: zeros([2, 2]), c: ones([3], { dtype: "i32" }), d: full([2], 7), e: arange(5), f: arange(2, 9, 3), g: arange(0, 1, 0.25), h: linspace(0, 1, 5), i: eye(3), j: eye(2, 3), k: tensor([true, false]), l: tensor(3), m: tensor([1, 2], { dtype: "i32" }), n: arange(3, { dtype: "f32" }), o: full([2], true), p: full([2], 1.5), q: arange(5, 0, -2), r: tensor([[1.5]]), s: eye(2, { dtype: "i32" }), t: linspace(1, 0, 1) })',
    expected: { e: [0, 1, 2, 3, 4], f: [2, 5, 8], h: [0, 0.25, 0.5, 0.75, 1], q: [5, 3, 1] },
  },
  {
    name: 'constants of dimensions',
    inputs: { x: 'f32(B, T)' },
    body: 'const [b, t] = x.shape; return { a: arange(t), b: zeros([b, 2]), c: onesLike(x), d: zerosLike(x), e: fullLike(x, 3), f: eye(t), g: arange(1, t + 1), h: linspace(-1, 1, t), i: full([t, b], 0.5), j: tj`arange(${t})[None, :] <= arange(${t})[:, None]`, k: arange(0, t * 2, 2), l: eye(t, b), m: tj`zeros([${b}, ${t * 2}]) + 1`, n: onesLike(x, { dtype: "i32" }), o: tril(ones([t, t])), p: arange(t).cast("f32") }',
  },
  {
    name: 'one hot',
    slow: true,
    inputs: { i: 'i32(B, 3)' },
    ranges: { i: [0, 5] },
    body: '= ({ a: oneHot(i, 5), b: oneHot(i, 5, { dtype: "i32" }), c: tj`one_hot(${i}, 5) @ arange(5, dtype="f32")` })',
  },
  {
    name: 'embedding function',
    inputs: { i: 'i32(B, T)', w: 'f32(7, 4)' },
    ranges: { i: [0, 7] },
    body: '= ({ a: embedding(i, w), b: tj`${w}[${i}]`, c: i.embedding(w) })',
  },
  {
    name: 'index operation',
    inputs: { x: 'f32(B, 5, 4)' },
    body: '= ({ a: index(x, [0]), b: x.index(["...", 1]), c: index(x, [{ start: 0 }, { start: 1, stop: 4, step: 2 }]), d: index(x, [null, "...", { step: -1 }]) })',
  },
  {
    name: 'dimension arithmetic in inputs',
    inputs: { x: 'f32(B*2, T+1)', y: 'f32(B, 3)', z: 'f32(T)' },
    body: '= ({ a: x.reshape([y.shape[0], 2, z.shape[0] + 1]), b: tj`${x}[:, 1:] + ${z}`, c: concat([y, y]).sum(1), d: tj`${x}[::2, :1] * ${y}` })',
  },
  {
    name: 'half of a dimension',
    inputs: { x: 'f32(B, T)', y: 'f32(B, T/2)' },
    dims: { T: '{ max: 64, multipleOf: 2 }' },
    sizes: [
      { B: 3, T: 6 },
      { B: 1, T: 2 },
    ],
    body: '= ({ a: tj`${x}[:, ::2] + ${y}`, b: tj`${x}[:, 1::2] * ${y}`, c: repeat(y, 2, 1).add(x), d: x.reshape([x.shape[0], -1, 2]).mean(-1).sub(y) })',
  },
  {
    name: 'interleave even and odd',
    inputs: { x: 'f32(B, T, 8)' },
    body: 'const a = tj`${x}[..., ::2]`; const b = tj`${x}[..., 1::2]`; return stack([neg(b), a], -1).reshape(x.shape)',
  },
]

// products: matrices, einsum, convolutions, pooling, images

import type { Program } from '../program.ts'

const small = [
  { B: 2, H: 6, W: 5 },
  { B: 1, H: 4, W: 4 },
]
const four = { H: '{ min: 4, max: 64 }', W: '{ min: 4, max: 64 }' }

/** Programs of this section. */
export const products: readonly Program[] = [
  {
    name: 'matrix products',
    slow: true,
    inputs: { x: 'f32(B, T, 4)', y: 'f32(B, 4, 3)', w: 'f32(4, 3)', v: 'f32(4)', z: 'f32(B, 2, 1, T, 4)' },
    body: '= ({ a: matmul(x, y), b: tj`${x} @ ${w}`, c: tj`${x} @ ${v}`, d: tj`${v} @ ${w}`, e: tj`${v} @ ${v}`, f: x.matmul(x.T), g: dot(v, v), h: outer(v, v), i: tj`${x} @ ${x}.T / 2 - 1`, j: matmul(v, y), k: linear(x, w.T), l: tj`${z} @ ${w}`, m: z.matmul(z.mT) })',
  },
  {
    name: 'odd matrix sizes',
    slow: true,
    inputs: { a: 'f32(M, N)', b: 'f32(N, S)' },
    dims: { M: '{ max: 99 }', N: '{ max: 99 }', S: '{ max: 99 }' },
    sizes: [
      { M: 33, N: 17, S: 65 },
      { M: 1, N: 1, S: 1 },
      { M: 1, N: 31, S: 7 },
      { M: 5, N: 64, S: 1 },
    ],
    body: '= tj`${a} @ ${b}`',
  },
  {
    name: 'gram matrix with epilogue',
    slow: true,
    inputs: { x: 'f32(N, M)' },
    sizes: [
      { N: 19, M: 35 },
      { N: 1, M: 1 },
    ],
    body: '= ({ g: tj`relu(${x}.T @ ${x} / ${x.shape[0]} - 0.1)`, s: softmax(tj`${x} @ ${x}.T`) })',
  },
  {
    name: 'einsum',
    slow: true,
    inputs: { q: 'f32(B, 2, T, 4)', k: 'f32(B, 2, S, 4)', m: 'f32(5, 5)', v: 'f32(5)', r: 'f32(B, 5)' },
    body: "= ({ a: einsum('b h q d, b h k d -> b h q k', q, k), b: einsum('ii', m), c: einsum('ii->i', m), d: einsum('ij->ji', m), e: einsum('ij,j', m, v), f: einsum('i,j->ij', v, v), g: einsum('ij->', m), h: einsum('...i,ij->...j', r, m), i: einsum('bi,ij,bj->b', r, m, r), j: tj`einsum('i,i->', ${v}, ${v})`, k: einsum('b h t d -> b t (h d)'.includes('(') ? 'bhtd->bthd' : '', q), l: einsum('bhqd,bhkd,bhqd->bhk', q, k, q), m: einsum('ij,ij->i', m, m), n: einsum('ij->j', m), o: einsum('b h q d -> h', q), p: einsum('ij,jk,kl->il', m, m, m) })",
  },
  {
    name: 'einsum of ellipses',
    slow: true,
    inputs: { x: 'f32(B, T, 3, 4)', y: 'f32(T, 4, 2)' },
    body: "= ({ a: einsum('... i j, ... j k -> ... i k', x, y), b: einsum('...ij->...ji', x), c: einsum('b...->b', x), d: einsum('i...->...', x) })",
  },
  {
    name: 'bilinear and distances',
    slow: true,
    inputs: { x: 'f32(N, 3)', y: 'f32(M, 3)' },
    body: '= ({ cos: tj`normalize(${x}) @ normalize(${y}).T`, d: tj`sum((${x}[:, None] - ${y}[None]) ** 2, axis=-1)`, e: tj`sqrt(sum(${x} ** 2, -1)[:, None] - 2 * ${x} @ ${y}.T + sum(${y} ** 2, -1) + 1e-3)`, nearest: argmin(tj`sum(abs(${x}[:, None] - ${y}), axis=-1)`, 1) })',
    tolerance: 1e-4,
  },
  {
    name: 'integer products',
    slow: true,
    inputs: { a: 'i32(N, 4)', b: 'i32(4, 3)' },
    body: "= ({ a: tj`${a} @ ${b}`, b: einsum('ij,jk->k', a, b) })",
  },
  {
    name: 'convolutions of one axis',
    slow: true,
    inputs: { x: 'f32(B, 4, T)', w: 'f32(6, 4, 3)', g: 'f32(4, 1, 3)', b: 'f32(6)' },
    dims: { T: '{ min: 5, max: 64 }' },
    sizes: [
      { B: 2, T: 9 },
      { B: 1, T: 5 },
    ],
    body: '= ({ a: conv1d(x, w), b: conv1d(x, w, b, { padding: 1 }), c: conv1d(x, w, { stride: 2 }), d: conv1d(x, g, { groups: 4, padding: 2, dilation: 2 }), e: x.conv1d(w, b, { padding: "same" }), f: tj`conv1d(${x}, ${w}, ${b}, stride=2, padding=1)`, g: conv1d(pad(x, [[0, 0], [0, 0], [2, 0]]), w), h: conv1d(x, w, b, { padding: [[2, 0]] }) })',
  },
  {
    name: 'convolutions of images',
    slow: true,
    inputs: {
      x: 'f32(B, 2, H, W)',
      w: 'f32(4, 2, 3, 3)',
      d: 'f32(2, 1, 3, 3)',
      g: 'f32(4, 1, 2, 2)',
      p: 'f32(5, 2, 1, 1)',
      b: 'f32(4)',
    },
    dims: four,
    sizes: small,
    body: '= ({ a: conv2d(x, w, b, { padding: 1 }), b: conv2d(x, w, { stride: 2, padding: [1, 0] }), c: conv2d(x, d, { groups: 2, padding: 1 }), d: conv2d(x, g, b, { groups: 2 }), e: conv2d(x, p), f: conv2d(x, d, { groups: 2, dilation: 2, padding: 2 }), g: relu(conv2d(x, w, b, { stride: [1, 2] })), h: tj`conv2d(${x}, ${w}, padding="same")`, i: conv2d(x, w, b, { padding: [[0, 1], [1, 0]], stride: 2 }), j: conv2d(x, w, b, { padding: "same", stride: 2 }), k: conv2d(x, w, { padding: "valid" }) })',
    tolerance: 2e-5,
  },
  {
    name: 'convolutions of volumes',
    slow: true,
    inputs: { x: 'f32(B, 2, 4, 5, 4)', w: 'f32(3, 2, 2, 3, 3)', t: 'f32(2, 3, 2, 2, 2)' },
    body: '= ({ a: conv3d(x, w, { padding: 1 }), b: conv3d(x, w, { stride: [1, 2, 1] }), c: convTranspose3d(x, t, { stride: 2 }), d: maxPool3d(x, 2), e: avgPool3d(x, [1, 2, 2]) })',
  },
  {
    name: 'transposed convolutions',
    slow: true,
    inputs: {
      x: 'f32(B, 4, H, W)',
      w: 'f32(4, 3, 3, 3)',
      g: 'f32(4, 2, 2, 2)',
      b: 'f32(3)',
      y: 'f32(B, 2, H)',
      v: 'f32(2, 3, 4)',
    },
    sizes: [
      { B: 2, H: 4, W: 3 },
      { B: 1, H: 1, W: 1 },
    ],
    body: '= ({ a: convTranspose2d(x, w), b: convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1 }), c: convTranspose2d(x, g, { stride: 2, groups: 2 }), d: convTranspose2d(x, w, b, { dilation: 2 }), e: convTranspose1d(y, v, { stride: 2, padding: 1 }), f: convTranspose2d(x, w, { stride: [2, 1], padding: [1, 0] }) })',
  },
  {
    name: 'pooling',
    slow: true,
    inputs: { x: 'f32(B, 2, H, W)' },
    dims: four,
    sizes: small,
    body: '= ({ a: maxPool2d(x, 2), b: maxPool2d(x, 3, { stride: 2, padding: 1 }), c: avgPool2d(x, 2), d: avgPool2d(x, 3, { stride: 1, padding: 1 }), e: avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }), f: maxPool2d(x, [1, 2]), g: maxPool2d(x, 2, { ceilMode: true }), h: globalAvgPool(x), i: globalMaxPool(x), j: maxPool2d(x, 2, { dilation: 2, stride: 1 }), k: x.maxPool2d(2, { stride: 1 }), l: avgPool2d(x, 3, { stride: 2, ceilMode: true }), m: tj`max_pool2d(${x}, 2, stride=1)`, n: mean(x, [2, 3]) })',
  },
  {
    name: 'pooling of one axis',
    inputs: { x: 'f32(B, 3, T)' },
    dims: { T: '{ min: 4, max: 64 }' },
    sizes: [
      { B: 2, T: 9 },
      { B: 1, T: 4 },
    ],
    body: '= ({ a: maxPool1d(x, 2), b: avgPool1d(x, 3, { stride: 1 }), c: maxPool1d(x, 3, { stride: 2, padding: 1 }), d: avgPool1d(x, 2, { ceilMode: true }) })',
  },
  {
    name: 'adaptive pooling',
    inputs: { x: 'f32(B, 2, 7, 5)', y: 'f32(B, 2, 10)' },
    body: '= ({ a: adaptiveAvgPool2d(x, 1), b: adaptiveAvgPool2d(x, [3, 2]), c: adaptiveMaxPool2d(x, [2, 3]), d: adaptiveAvgPool1d(y, 4), e: adaptiveAvgPool1d(y, 5) })',
  },
  {
    name: 'adaptive pooling of dimensions',
    inputs: { x: 'f32(B, 2, H, W)' },
    sizes: [
      { B: 2, H: 6, W: 5 },
      { B: 1, H: 1, W: 3 },
    ],
    body: '= adaptiveAvgPool2d(x, 1)',
  },
  {
    name: 'resizing',
    inputs: { x: 'f32(B, 2, H, W)' },
    sizes: [
      { B: 2, H: 4, W: 5 },
      { B: 1, H: 1, W: 1 },
    ],
    body: '= ({ a: interpolate(x, { scale: 2 }), b: interpolate(x, { scale: 2, mode: "bilinear" }), c: interpolate(x, { size: [7, 3], mode: "bilinear", alignCorners: true }), d: interpolate(x, { size: [3, 8] }), e: tj`interpolate(${x}, scale=[2, 3])`, f: interpolate(x, { scale: 1.5, mode: "bilinear" }), g: interpolate(x, { size: [2 * x.shape[2], x.shape[3]], mode: "bilinear" }) })',
  },
  {
    name: 'resizing of one axis',
    inputs: { x: 'f32(B, 2, T)' },
    body: '= ({ a: interpolate(x, { scale: 3, mode: "linear" }), b: interpolate(x, { size: 4 }) })',
  },
  {
    name: 'shrinking',
    inputs: { x: 'f32(B, 1, 8, 6)' },
    body: '= ({ a: interpolate(x, { scale: 0.5 }), b: interpolate(x, { size: [3, 4], mode: "bilinear" }), c: interpolate(x, { scale: [0.5, 0.25], mode: "nearest" }) })',
  },
  {
    name: 'image preprocessing',
    inputs: { image: 'u8(B, H, W, 3)' },
    ranges: { image: [0, 256] },
    before: 'const MEAN = [0.485, 0.456, 0.406]\nconst STD = [0.229, 0.224, 0.225]',
    body: 'const x = tj`${image} / 255`; const n = tj`(${x} - ${MEAN}) / ${STD}`; return { chw: n.permute([0, 3, 1, 2]), gray: tj`${x} @ ${tensor([0.299, 0.587, 0.114])}`, flipped: flip(n, 2), bgr: tj`${x}[..., ::-1]` }',
  },
  {
    name: 'sobel edges',
    slow: true,
    inputs: { x: 'f32(B, 1, H, W)' },
    dims: four,
    sizes: small,
    body: 'const k = tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape([1, 1, 3, 3]); const w = concat([k, k.T]); const g = conv2d(pad(x, [[0, 0], [0, 0], [1, 1], [1, 1]], { mode: "replicate" }), w); return sqrt(sum(square(g), 1) .add(1e-6))',
  },
  {
    name: 'gaussian blur per channel',
    slow: true,
    inputs: { x: 'f32(B, 3, H, W)' },
    dims: four,
    sizes: small,
    before:
      'const kernel = (n: number, sigma: number): number[] => { const raw = range(n).map((i) => Math.exp(-((i - (n - 1) / 2) ** 2) / (2 * sigma ** 2))); const total = raw.reduce((a, b) => a + b, 0); return raw.map((v) => v / total) }',
    body: 'const k = tensor(kernel(3, 1)); const w = expand(outer(k, k).reshape([1, 1, 3, 3]), [3, 1, 3, 3]); return conv2d(x, w, { padding: 1, groups: 3 })',
  },
  {
    name: 'audio frames',
    slow: true,
    inputs: { x: 'f32(B, T)' },
    dims: { T: '{ min: 16, max: 256 }' },
    sizes: [
      { B: 2, T: 37 },
      { B: 1, T: 16 },
    ],
    body: 'const size = 8; const frames = window(x, 1, size, { stride: 4 }); const hann = tj`0.5 - 0.5 * cos(2 * ${Math.PI} * ${arange(size)} / ${size})`; const basis = tj`2 * ${Math.PI} / ${size} * ${arange(size)}[:, None] * ${arange(size / 2 + 1)}`; const re = tj`(${frames} * ${hann}) @ cos(${basis})`; const im = tj`(${frames} * ${hann}) @ sin(${basis})`; return { power: tj`${re} ** 2 + ${im} ** 2`, log: tj`log(maximum(${re} ** 2 + ${im} ** 2, 1e-10))`, energy: mean(square(frames), -1), zero: tj`mean(cast(${frames}[..., 1:] * ${frames}[..., :-1] < 0, "f32"), axis=-1)` }',
    tolerance: 1e-4,
  },
  {
    name: 'u net block',
    slow: true,
    inputs: { x: 'f32(B, 2, H, W)' },
    dims: { H: '{ max: 64, multipleOf: 4 }', W: '{ max: 64, multipleOf: 4 }' },
    sizes: [
      { B: 2, H: 8, W: 4 },
      { B: 1, H: 4, W: 4 },
    ],
    layers:
      '{ down1: nn.conv2d(2, 3, 3, { padding: 1 }), down2: nn.conv2d(3, 4, 3, { padding: 1 }), mid: nn.conv2d(4, 4, 3, { padding: 1 }), up2: nn.convTranspose2d(4, 4, 2, { stride: 2 }), c2: nn.conv2d(8, 3, 3, { padding: 1 }), c1: nn.conv2d(6, 2, 1) }',
    body: 'const a = relu($.down1(x)); const b = relu($.down2(maxPool2d(a, 2))); const m = relu($.mid(maxPool2d(b, 2))); const u = relu($.c2(concat([$.up2(m), b], 1))); return $.c1(concat([interpolate(u, { scale: 2 }), a], 1))',
    tolerance: 3e-5,
  },
  {
    name: 'squeeze and excitation',
    slow: true,
    inputs: { x: 'f32(B, 4, H, W)' },
    layers: '{ a: nn.linear(4, 2), b: nn.linear(2, 4) }',
    body: 'const s = mean(x, [2, 3]); const g = sigmoid($.b(relu($.a(s)))); return tj`${x} * ${g}[:, :, None, None]`',
  },
]

// operators: what networks of other formats bring, at sizes that are known at the call

import type { Program } from '../program.ts'

const small = { N: '{ min: 3, max: 40 }' }
const sizes = [{ N: 7 }, { N: 33 }, { N: 3 }]

/** Programs of this section. */
export const operators: readonly Program[] = [
  {
    name: 'sorting',
    inputs: { x: 'f32(2, N)', i: 'i32(N)' },
    dims: small,
    sizes,
    body: '= ({ a: sort(x), b: argsort(x, { descending: true }), c: topK(x, 3), d: topK(i, 2, { largest: false }), e: sort(x, 0), f: sort(i) })',
  },
  {
    name: 'sorting long axes',
    slow: true,
    inputs: { x: 'f32(2, 300)', i: 'i32(N, 260)' },
    dims: small,
    sizes: [{ N: 3 }],
    body: '= ({ a: sort(x), b: topK(x, 5), c: argsort(i, { descending: true }) })',
  },
  {
    name: 'sorting with NaN and equal elements',
    inputs: { x: 'f32(6)' },
    given: { x: [2, Number.NaN, -Infinity, 2, 0, -1] },
    body: '= ({ a: sort(x), b: argsort(x), c: topK(x, 2), d: sort(x, { descending: true }) })',
    expected: { b: [2, 5, 4, 0, 3, 1], 'c.1': [1, 0] },
  },
  {
    name: 'results of bounded size',
    inputs: { x: 'i32(N)' },
    dims: small,
    sizes,
    ranges: { x: [-1, 3] },
    body: '= ({ a: nonzero(x, { size: 5 }), b: unique(x, { size: 4 }), c: unique(x, { size: 4, sorted: false }) })',
  },
  {
    name: 'boxes that do not overlap',
    inputs: { boxes: 'f32(2, 6, 4)', scores: 'f32(2, 3, 6)' },
    body: '= nonMaxSuppression(boxes, scores, { size: 9, perClass: 2, iouThreshold: 0.3, scoreThreshold: -1 })',
  },
  {
    name: 'scatters with reductions',
    inputs: { x: 'f32(N, 3)', i: 'i32(4, 3)', s: 'f32(4, 3)', at: 'i32(5, 2)', v: 'f32(5)' },
    dims: small,
    sizes,
    ranges: { i: [0, 3], at: [0, 3] },
    body: '= ({ a: scatter(x, i, s, { reduce: "add" }), b: scatter(x, i, s, { reduce: "mul" }), c: scatter(x, i, s, { reduce: "max" }), d: scatter(x, i, s, 0), e: scatterND(x, at, v), f: scatterND(x, at, v, { reduce: "min" }), g: gatherND(x, at) })',
  },
  {
    name: 'gatherND in a batch',
    inputs: { x: 'f32(B, N, 2)', at: 'i32(B, 3, 1)' },
    dims: small,
    sizes: sizes.map((size) => ({ ...size, B: 2 })),
    ranges: { at: [0, 3] },
    body: '= gatherND(x, at, { batchDims: 1 })',
  },
  {
    name: 'resizing to sizes that are known at the call',
    slow: true,
    inputs: { x: 'f32(1, 2, N, 4)' },
    dims: small,
    sizes,
    body: 'const n = x.shape[2]; return { a: resize(x, { size: [2 * n, 3], mode: "linear" }), b: resize(x, { size: [n, 5], mode: "cubic", coordinates: "align_corners" }), c: resize(x, { scale: 2, mode: "nearest", coordinates: "asymmetric", rounding: "floor" }), d: resize(x, { scale: 0.5, mode: "linear", antialias: true }) }',
    tolerance: 3e-5,
  },
  {
    name: 'sampling at positions',
    slow: true,
    inputs: { x: 'f32(B, 2, H, W)', grid: 'f32(B, 3, 2, 2)' },
    body: '= ({ a: gridSample(x, grid), b: gridSample(x, grid, { mode: "cubic", paddingMode: "reflection" }), c: gridSample(x, grid, { mode: "nearest", paddingMode: "border", alignCorners: true }), d: affineGrid(tensor([[[1, 0.5, 0], [0, 1, 0.25]]]), [1, 2, 3, 4]) })',
    ranges: { grid: [-1.2, 1.2] },
    tolerance: 3e-5,
  },
  {
    name: 'regions and deformed windows',
    slow: true,
    inputs: { x: 'f32(2, 2, 6, 6)', w: 'f32(3, 2, 2, 2)', offset: 'f32(2, 8, 5, 5)' },
    body: '= ({ a: deformConv2d(x, w, offset), b: roiAlign(x, tensor([[0, 0, 4, 3], [1, 2, 5, 5]]), tensor([1, 0], { dtype: "i32" }), { size: [2, 2] }) })',
    tolerance: 3e-5,
  },
  {
    name: 'quantisation',
    inputs: { x: 'f32(N, 4)', s: 'f32(4)', z: 'u8(4)', q: 'i8(N, 4)', b: 'f32(1, 2)' },
    dims: small,
    sizes,
    ranges: { s: [0.1, 1] },
    body: '= ({ a: quantizeLinear(x, s, z), b: dequantizeLinear(q, s), c: quantizeLinear(x, tensor(0.1), { dtype: "i8", bits: 4 }), d: dequantizeLinear(q, b) })',
  },
  {
    name: 'signals',
    slow: true,
    inputs: { x: 'f32(B, 16, 1)', z: 'f32(B, 6, 2)' },
    body: '= ({ a: dft(x), b: dft(z, { inverse: true }), c: dft(x, { onesided: true, length: 12 }), d: stft(x, 3, { length: 5, window: hannWindow(5) }), e: dft(dft(x, { onesided: true }), { onesided: true, inverse: true }) })',
    tolerance: 3e-5,
  },
  {
    name: 'pools that look at whole windows',
    slow: true,
    inputs: { x: 'f32(B, 2, N, 5)' },
    dims: small,
    sizes: sizes.map((size) => ({ ...size, B: 2 })),
    body: '= ({ a: maxPoolWithIndices(x, [2, 2], { padding: 1 }), b: lpPool(x, [2, 3], { stride: 1, order: 3 }), c: avgPool2d(x, 2, { stride: 1, dilation: 2 }), d: fold(unfold(x, 2), [x.shape[2], 5], 2) })',
    tolerance: 3e-5,
  },
  {
    name: 'bits and determinants',
    inputs: { x: 'f32(N)', m: 'f32(N, 3, 3)', u: 'u8(N)', i: 'i32(N)' },
    dims: small,
    sizes,
    body: '= ({ a: bitCast(x, "i32"), b: bitCast(bitCast(x, "u32"), "f32"), c: bitCast(u, "i8"), d: det(m), e: truncDiv(i, 3), f: pad(x, [[2, 3]], { mode: "symmetric" }), g: bitCast(i, "u32") })',
    tolerance: 3e-5,
  },
]

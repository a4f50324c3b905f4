// affine: a hand-written program, y = relu(x * w + b) summed along rows, in two kernels over a symbolic batch
import type { DefinitionData, WebgpuProgramData } from '@tsjit/host'

const scaled = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> h: array<f32>;
@group(0) @binding(4) var<uniform> dims: array<vec4<i32>, 1>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (i32(id.x) >= dims[0].x * 3) { return; }
  let column = id.x % 3u;
  h[id.x] = max(x[id.x] * w[column] + b[column], 0.0);
}`

const summed = `
@group(0) @binding(0) var<storage, read_write> h: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> s: array<f32>;
@group(0) @binding(3) var<uniform> dims: array<vec4<i32>, 1>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (i32(id.x) >= dims[0].x) { return; }
  let row = id.x * 3u;
  s[id.x] = h[row] + h[row + 1u] + h[row + 2u] + f32(dims[0].y);
  for (var i = 0u; i < 3u; i++) { y[row + i] = h[row + i]; }
}`

/** The program: x f32[B, 3] → hidden f32[B, 3], stats.0 f32[B] (row sums plus 10, a scalar of the launch). */
export const affineProgram: WebgpuProgramData = {
  dims: [['B', 0, 4096, 1]],
  inputs: [['x', 'f32', ['B', 3]]],
  outputs: [
    ['hidden', 'f32', ['B', 3]],
    ['stats.0', 'f32', ['B']],
  ],
  solve: ([x = []]) => [x[0] ?? 0],
  shapes: (b = 0) => [[b, 3], [b, 3], [b]],
  kernels: [
    { code: scaled, access: 'rrrw', uniform: true },
    { code: summed, access: 'www', uniform: true },
  ],
  arena: (b = 0) => [b * 12, 0, 1],
  launch(launch, b = 0) {
    launch(0, ['i0', 'w0', 'w1', 't0'], Math.ceil((b * 3) / 64))
    launch(1, ['t0', 'o0', 'o1'], Math.ceil(b / 64), 1, 1, [10])
  },
}

/** The definition's data. */
export const affine: DefinitionData<WebgpuProgramData> = {
  contract: 1,
  name: 'affine',
  weights: [
    ['w', 'f32', [3], ['uniform', -1, 1], 'param'],
    ['b', 'f32', [3], 0, 'param'],
  ],
  constants: [],
  programs: { eval: affineProgram },
}

/** What the program computes. */
export function affineOf(
  x: readonly number[],
  w: readonly number[],
  b: readonly number[],
): { hidden: number[]; sums: number[] } {
  const hidden = x.map((value, i) => Math.fround(Math.max(0, Math.fround(Math.fround(value * w[i % 3]!) + b[i % 3]!))))
  const sums = Array.from(
    { length: x.length / 3 },
    (_, row) => hidden[row * 3]! + hidden[row * 3 + 1]! + hidden[row * 3 + 2]! + 10,
  )
  return { hidden, sums }
}

// affine: the affine program of the tests in WGSL
import type { DefinitionData, WebgpuProgramData } from '@tsjit/host'
import { affineData, affineLaunches } from '../../../../tests/support/affine.ts'

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

/** The program. */
export const affineProgram: WebgpuProgramData = {
  ...affineLaunches,
  kernels: [
    { code: scaled, access: 'rrrw', uniform: true },
    { code: summed, access: 'www', uniform: true },
  ],
}

/** The definition's data. */
export const affine: DefinitionData<WebgpuProgramData> = affineData(affineProgram)

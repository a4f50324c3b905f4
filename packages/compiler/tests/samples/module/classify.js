import { program } from '@tsjit/runtime-webgpu'

const __tsjit_0 = {
  code: `@group(0) @binding(0) var<storage, read> p0: array<f32>;
@group(0) @binding(1) var<storage, read> p1: array<f32>;
@group(0) @binding(2) var<storage, read> p2: array<f32>;
@group(0) @binding(3) var<storage, read_write> p3: array<f32>;
@group(0) @binding(4) var<uniform> u: array<vec4<i32>, 1>;
var<workgroup> a0: array<vec4f, 128>;
var<workgroup> a1: array<vec4f, 128>;
var<workgroup> a2: array<f32, 1024>;
fn tj_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}
fn tj_max(x: f32, y: f32) -> f32 {
  return select(select(max(x, y), y, tj_is_nan(y)), x, tj_is_nan(x));
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let g0 = i32(group.x);
  let B = u[0].x;
  let l0 = i32(lane.x);
  let tn = g0 & 3;
  let tm = (g0 >> 2u) % ((B + 31) >> 5u);
  let ln = l0 & 7;
  let lm = l0 >> 3u;
  var c0: vec4f = vec4f(0.0);
  var c1: vec4f = vec4f(0.0);
  var c2: vec4f = vec4f(0.0);
  var c3: vec4f = vec4f(0.0);
  for (var k0 = 0; k0 < 49; k0++) {
    for (var k1 = 0; k1 < 2; k1++) {
      let k2 = 16 * k0 + (l0 & 15);
      let k3 = (l0 >> 4u) + 4 * k1;
      let n0 = 4 * k3 + 32 * tm;
      var t0: f32 = 0.0;
      if (n0 < B) {
        let v0 = p0[k2 + 784 * n0];
        t0 = v0;
      }
      var t1: f32 = 0.0;
      if ((n0 + 1) < B) {
        let v1 = p0[k2 + 784 * (n0 + 1)];
        t1 = v1;
      }
      var t2: f32 = 0.0;
      if ((n0 + 2) < B) {
        let v2 = p0[k2 + 784 * (n0 + 2)];
        t2 = v2;
      }
      var t3: f32 = 0.0;
      if ((n0 + 3) < B) {
        let v3 = p0[k2 + 784 * (n0 + 3)];
        t3 = v3;
      }
      a0[8 * k2 + k3 - 128 * k0] = vec4f(t0, t1, t2, t3);
    }
    for (var k4 = 0; k4 < 2; k4++) {
      let k5 = 16 * k0 + (l0 & 15);
      let k6 = (l0 >> 4u) + 4 * k4;
      let n4 = 4 * k6 + 32 * tn;
      let v4 = p1[k5 + 784 * n4];
      let v5 = p1[k5 + 784 * (n4 + 1)];
      let v6 = p1[k5 + 784 * (n4 + 2)];
      let v7 = p1[k5 + 784 * (n4 + 3)];
      a1[8 * k5 + k6 - 128 * k0] = vec4f(v4, v5, v6, v7);
    }
    workgroupBarrier();
    for (var k7 = 0; k7 < 16; k7++) {
      let v8 = a0[8 * k7 + lm];
      let v9 = a1[8 * k7 + ln];
      c0 = vec4f(v8.x) * v9 + c0;
      c1 = vec4f(v8.y) * v9 + c1;
      c2 = vec4f(v8.z) * v9 + c2;
      c3 = vec4f(v8.w) * v9 + c3;
    }
    workgroupBarrier();
  }
  let v = 128 * lm + 4 * ln;
  a2[v] = c0.x;
  a2[v + 1] = c0.y;
  a2[v + 2] = c0.z;
  a2[v + 3] = c0.w;
  a2[v + 32] = c1.x;
  a2[v + 33] = c1.y;
  a2[v + 34] = c1.z;
  a2[v + 35] = c1.w;
  a2[v + 64] = c2.x;
  a2[v + 65] = c2.y;
  a2[v + 66] = c2.z;
  a2[v + 67] = c2.w;
  a2[v + 96] = c3.x;
  a2[v + 97] = c3.y;
  a2[v + 98] = c3.z;
  a2[v + 99] = c3.w;
  workgroupBarrier();
  for (var k8 = 0; k8 < 16; k8++) {
    let n8 = (l0 >> 5u) + 2 * k8 + 32 * tm;
    let n9 = (l0 & 31) + 32 * tn;
    if ((n8 < B) & (n9 < 128)) {
      let v10 = a2[64 * k8 + l0];
      let v11 = p2[n9];
      p3[128 * n8 + n9] = tj_max(v10 + v11, 0.0);
    }
  }
}
`,
  access: 'rrrw',
  uniform: true,
}

const __tsjit_1 = {
  code: `@group(0) @binding(0) var<storage, read_write> p0: array<f32>;
@group(0) @binding(1) var<storage, read> p1: array<f32>;
@group(0) @binding(2) var<storage, read> p2: array<f32>;
@group(0) @binding(3) var<storage, read_write> p3: array<f32>;
var<workgroup> a0: array<f32, 10>;
var<workgroup> a1: array<f32, 32>;
var<workgroup> a2: array<f32, 32>;
var<private> tj_zero: u32 = 0u;
fn tj_inf() -> f32 {
  return bitcast<f32>(tj_zero | 0x7f800000u);
}
fn tj_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}
fn tj_max(x: f32, y: f32) -> f32 {
  return select(select(max(x, y), y, tj_is_nan(y)), x, tj_is_nan(x));
}
fn tj_exp2i(x: i32) -> f32 {
  return bitcast<f32>((x + 127) << 23u);
}
fn tj_exp(x: f32) -> f32 {
  let n = round(clamp(x * 1.442695, -151.0, 129.0));
  let k = i32(n);
  let r = fma(f32(k), 0.00021219444, fma(n, -0.693359375, x));
  let h = k >> 1u;
  return exp(r) * tj_exp2i(h) * tj_exp2i(k - h);
}
@compute @workgroup_size(32, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let g0 = i32(group.x);
  let l0 = i32(lane.x);
  let v = l0 < 10;
  if (v) {
    var r0: f32 = 0.0;
    for (var k1 = 0; k1 < 128; k1++) {
      let v0 = p0[128 * g0 + k1];
      let v1 = p1[128 * l0 + k1];
      r0 = v0 * v1 + r0;
    }
    a0[l0] = r0;
  }
  workgroupBarrier();
  var r1: f32 = (-tj_inf());
  if (v) {
    let v2 = a0[l0];
    let v3 = p2[l0];
    let v4 = v2 + v3;
    r1 = tj_max(r1, v4);
  }
  a1[l0] = r1;
  workgroupBarrier();
  let v_1 = l0 < 16;
  if (v_1) {
    a1[l0] = tj_max(a1[l0], a1[l0 + 16]);
  }
  workgroupBarrier();
  let v_2 = l0 < 8;
  if (v_2) {
    a1[l0] = tj_max(a1[l0], a1[l0 + 8]);
  }
  workgroupBarrier();
  let v_3 = l0 < 4;
  if (v_3) {
    a1[l0] = tj_max(a1[l0], a1[l0 + 4]);
  }
  workgroupBarrier();
  let v_4 = l0 < 2;
  if (v_4) {
    a1[l0] = tj_max(a1[l0], a1[l0 + 2]);
  }
  workgroupBarrier();
  let v_5 = l0 < 1;
  if (v_5) {
    a1[l0] = tj_max(a1[l0], a1[l0 + 1]);
  }
  workgroupBarrier();
  let v5 = a1[0];
  var r2: f32 = 0.0;
  if (v) {
    let v6 = a0[l0];
    let v7 = p2[l0];
    let v8 = v6 + v7;
    let v9 = tj_exp(v8 - v5);
    r2 = r2 + v9;
  }
  a2[l0] = r2;
  workgroupBarrier();
  if (v_1) {
    a2[l0] = a2[l0] + a2[l0 + 16];
  }
  workgroupBarrier();
  if (v_2) {
    a2[l0] = a2[l0] + a2[l0 + 8];
  }
  workgroupBarrier();
  if (v_3) {
    a2[l0] = a2[l0] + a2[l0 + 4];
  }
  workgroupBarrier();
  if (v_4) {
    a2[l0] = a2[l0] + a2[l0 + 2];
  }
  workgroupBarrier();
  if (v_5) {
    a2[l0] = a2[l0] + a2[l0 + 1];
  }
  workgroupBarrier();
  let v10 = a2[0];
  if (v) {
    let v11 = a0[l0];
    let v12 = p2[l0];
    let v13 = v11 + v12;
    let v14 = tj_exp(v13 - v5);
    p3[l0 + 10 * g0] = v14 / v10;
  }
}
`,
  access: 'wrrw',
}

export const classify = /*#__PURE__*/ program({
  contract: 1,
  name: 'classify',
  weights: [
    ['fc1.weight', 'f32', [128, 784], 0, 'param'],
    ['fc1.bias', 'f32', [128], 0, 'param'],
    ['fc2.weight', 'f32', [10, 128], 0, 'param'],
    ['fc2.bias', 'f32', [10], 0, 'param'],
  ],
  constants: [],
  programs: {
    eval: {
      dims: [['B', 1, 256, 1]],
      inputs: [['x', 'f32', ['B', 784]]],
      outputs: [['probs', 'f32', ['B', 10]]],
      solve: (s) => [s[0][0]],
      shapes: (B) => [[B, 784], [B, 10]],
      arena: (B) => [512 * B, 0, 1],
      kernels: [__tsjit_0, __tsjit_1],
      launch: (l, B) => {
        l(0, ['i0', 'w0', 'w1', 't0'], 4 * ((B + 31) >> 5))
        l(1, ['t0', 'w2', 'w3', 'o0'], B)
      },
    },
  },
  eager: () => import('./classify.tsjit?eager').then((m) => m.classify),
})

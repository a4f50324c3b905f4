alias tj_stored = f32;
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<tj_stored>>;
@group(0) @binding(3) var<storage, read_write> big: array<vec4u>;
@group(0) @binding(4) var<uniform> u: array<vec4<i32>, 1>;
fn tj_copy_sign(x: f32, y: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(y) & 0x80000000u));
}
fn tj_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
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
fn tj_tanh(x: f32) -> f32 {
  let a = abs(x);
  if (a < 0.625) {
    let z = x * x;
    let p = -0.33333282 + z * (0.13331442 + z * (-0.053739715 + z * (0.020639088 - z * 0.0057049887)));
    return tj_copy_sign(a + a * (z * p), x);
  }
  if (a > 10.0) { return select(tj_copy_sign(1.0, x), x, tj_is_nan(x)); }
  return tj_copy_sign(1.0 - 2.0 / (tj_exp(a + a) + 1.0), x);
}
fn tj_tanh_v4(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(tj_tanh(x.x), tj_tanh(x.y), tj_tanh(x.z), tj_tanh(x.w));
}
var<private> tj_zero: u32 = 0u;
fn tj_inf() -> f32 {
  return bitcast<f32>(tj_zero | 0x7f800000u);
}
fn tj_half(x: f32) -> f32 {
  let b = bitcast<u32>(x);
  let a = b & 0x7fffffffu;
  if (a > 0x7f800000u) { return x; }
  if (a >= 0x477ff000u) { return tj_copy_sign(tj_inf(), x); }
  if (a < 0x38800000u) { return tj_copy_sign(round(abs(x) * 16777216.0) * 5.9604645e-8, x); }
  return bitcast<f32>((b + 0xfffu + ((b >> 13u) & 1u)) & 0xffffe000u);
}
fn tj_half_v4(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(tj_half(x.x), tj_half(x.y), tj_half(x.z), tj_half(x.w));
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let g0 = i32(group.x);
  let l0 = i32(lane.x);
  let s0 = u[0].x;
  let v = 64 * g0 + l0;
  let v_1 = x[v];
  let v_2 = 256 * g0 + 4 * l0 + 4 * s0;
  y[v] = vec4<tj_stored>(tj_half_v4(v_1 * vec4f(z[s0]) + tj_tanh_v4(vec4f(z[v_2], z[v_2 + 1], z[v_2 + 2], z[v_2 + 3]))));
  big[v] = select(vec4u(0u), vec4u(1u), (v_1 > vec4f(0.5)));
}

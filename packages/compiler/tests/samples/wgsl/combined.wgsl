@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> negative: array<u32>;
var<workgroup> tops: array<f32, 64>;
var<workgroup> signs: array<bool, 64>;
fn tj_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}
fn tj_max(x: f32, y: f32) -> f32 {
  return select(select(max(x, y), y, tj_is_nan(y)), x, tj_is_nan(x));
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let g0 = i32(group.x);
  let l0 = i32(lane.x);
  let v = 64 * g0 + l0;
  let v_1 = x[v];
  tops[l0] = v_1;
  workgroupBarrier();
  let v_2 = l0 < 32;
  if (v_2) {
    tops[l0] = tj_max(tops[l0], tops[l0 + 32]);
  }
  workgroupBarrier();
  let v_3 = l0 < 16;
  if (v_3) {
    tops[l0] = tj_max(tops[l0], tops[l0 + 16]);
  }
  workgroupBarrier();
  let v_4 = l0 < 8;
  if (v_4) {
    tops[l0] = tj_max(tops[l0], tops[l0 + 8]);
  }
  workgroupBarrier();
  let v_5 = l0 < 4;
  if (v_5) {
    tops[l0] = tj_max(tops[l0], tops[l0 + 4]);
  }
  workgroupBarrier();
  let v_6 = l0 < 2;
  if (v_6) {
    tops[l0] = tj_max(tops[l0], tops[l0 + 2]);
  }
  workgroupBarrier();
  let v_7 = l0 < 1;
  if (v_7) {
    tops[l0] = tj_max(tops[l0], tops[l0 + 1]);
  }
  workgroupBarrier();
  let top = tops[0];
  signs[l0] = v_1 < 0.0;
  workgroupBarrier();
  if (v_2) {
    signs[l0] = signs[l0] | signs[l0 + 32];
  }
  workgroupBarrier();
  if (v_3) {
    signs[l0] = signs[l0] | signs[l0 + 16];
  }
  workgroupBarrier();
  if (v_4) {
    signs[l0] = signs[l0] | signs[l0 + 8];
  }
  workgroupBarrier();
  if (v_5) {
    signs[l0] = signs[l0] | signs[l0 + 4];
  }
  workgroupBarrier();
  if (v_6) {
    signs[l0] = signs[l0] | signs[l0 + 2];
  }
  workgroupBarrier();
  if (v_7) {
    signs[l0] = signs[l0] | signs[l0 + 1];
  }
  workgroupBarrier();
  let sign_1 = signs[0];
  y[v] = v_1 - top;
  negative[v] = select(0u, 1u, sign_1);
}

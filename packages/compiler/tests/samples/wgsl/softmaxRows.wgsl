@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> part: array<f32, 64>;
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
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let l0 = i32(lane.x);
  let g0 = i32(group.x);
  var top: f32 = -3.4028234663852886e+38;
  for (var k = 0; k < 2; k++) {
    let a = select(-3.4028234663852886e+38, x[100 * g0 + 64 * k + l0], ((64 * k + l0) < 100));
    top = tj_max(top, a);
  }
  part[l0] = top;
  workgroupBarrier();
  let v = l0 < 32;
  if (v) {
    let other32 = part[l0 + 32];
    part[l0] = tj_max(part[l0], other32);
  }
  workgroupBarrier();
  let v_1 = l0 < 16;
  if (v_1) {
    let other16 = part[l0 + 16];
    part[l0] = tj_max(part[l0], other16);
  }
  workgroupBarrier();
  let v_2 = l0 < 8;
  if (v_2) {
    let other8 = part[l0 + 8];
    part[l0] = tj_max(part[l0], other8);
  }
  workgroupBarrier();
  let v_3 = l0 < 4;
  if (v_3) {
    let other4 = part[l0 + 4];
    part[l0] = tj_max(part[l0], other4);
  }
  workgroupBarrier();
  let v_4 = l0 < 2;
  if (v_4) {
    let other2 = part[l0 + 2];
    part[l0] = tj_max(part[l0], other2);
  }
  workgroupBarrier();
  let v_5 = l0 < 1;
  if (v_5) {
    let other1 = part[l0 + 1];
    part[l0] = tj_max(part[l0], other1);
  }
  workgroupBarrier();
  let peak = part[0];
  workgroupBarrier();
  var total: f32 = 0.0;
  for (var m = 0; m < 2; m++) {
    total = total + select(0.0, tj_exp(x[100 * g0 + l0 + 64 * m] - peak), ((l0 + 64 * m) < 100));
  }
  part[l0] = total;
  workgroupBarrier();
  if (v) {
    let other322 = part[l0 + 32];
    part[l0] = part[l0] + other322;
  }
  workgroupBarrier();
  if (v_1) {
    let other162 = part[l0 + 16];
    part[l0] = part[l0] + other162;
  }
  workgroupBarrier();
  if (v_2) {
    let other82 = part[l0 + 8];
    part[l0] = part[l0] + other82;
  }
  workgroupBarrier();
  if (v_3) {
    let other42 = part[l0 + 4];
    part[l0] = part[l0] + other42;
  }
  workgroupBarrier();
  if (v_4) {
    let other22 = part[l0 + 2];
    part[l0] = part[l0] + other22;
  }
  workgroupBarrier();
  if (v_5) {
    let other12 = part[l0 + 1];
    part[l0] = part[l0] + other12;
  }
  workgroupBarrier();
  let sum = part[0];
  if (l0 < 100) {
    let v_6 = 100 * g0 + l0;
    y[v_6] = tj_exp(x[v_6] - peak) / sum;
  }
  if ((l0 + 64) < 100) {
    let v_7 = 100 * g0 + l0;
    y[v_7 + 64] = tj_exp(x[v_7 + 64] - peak) / sum;
  }
}

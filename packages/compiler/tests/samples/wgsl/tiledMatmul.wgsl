@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> u: array<vec4<i32>, 1>;
var<workgroup> A: array<f32, 512>;
var<workgroup> W: array<f32, 512>;
fn tj_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}
fn tj_max(x: f32, y: f32) -> f32 {
  return select(select(max(x, y), y, tj_is_nan(y)), x, tj_is_nan(x));
}
@compute @workgroup_size(8, 8, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let l1 = i32(lane.y);
  let g0 = i32(group.x);
  let B = u[0].x;
  let l0 = i32(lane.x);
  let g1 = i32(group.y);
  var c: array<f32, 16>;
  for (var k0 = 0; k0 < 6; k0++) {
    let v = l1 >> 1u;
    let v_1 = v + 32 * g0;
    let v_2 = 96 * v + 3072 * g0 + 16 * k0 + l0 + 8 * (l1 & 1);
    let v_3 = l0 + 8 * l1;
    A[v_3] = select(0.0, x[v_2], (v_1 < B));
    let v_4 = 64 * (l1 >> 2u) + 32 * g1 + 1024 * k0 + l0 + 8 * (l1 & 3);
    W[v_3] = w[v_4];
    A[v_3 + 64] = select(0.0, x[v_2 + 384], ((v_1 + 4) < B));
    W[v_3 + 64] = w[v_4 + 128];
    A[v_3 + 128] = select(0.0, x[v_2 + 768], ((v_1 + 8) < B));
    W[v_3 + 128] = w[v_4 + 256];
    A[v_3 + 192] = select(0.0, x[v_2 + 1152], ((v_1 + 12) < B));
    W[v_3 + 192] = w[v_4 + 384];
    A[v_3 + 256] = select(0.0, x[v_2 + 1536], ((v_1 + 16) < B));
    W[v_3 + 256] = w[v_4 + 512];
    A[v_3 + 320] = select(0.0, x[v_2 + 1920], ((v_1 + 20) < B));
    W[v_3 + 320] = w[v_4 + 640];
    A[v_3 + 384] = select(0.0, x[v_2 + 2304], ((v_1 + 24) < B));
    W[v_3 + 384] = w[v_4 + 768];
    A[v_3 + 448] = select(0.0, x[v_2 + 2688], ((v_1 + 28) < B));
    W[v_3 + 448] = w[v_4 + 896];
    workgroupBarrier();
    for (var k = 0; k < 16; k++) {
      let v_5 = k + 64 * l1;
      let v_6 = A[v_5];
      let v_7 = 32 * k + 4 * l0;
      let v_8 = W[v_7];
      c[0] = v_6 * v_8 + c[0];
      let v_9 = W[v_7 + 1];
      c[1] = v_6 * v_9 + c[1];
      let v_10 = W[v_7 + 2];
      c[2] = v_6 * v_10 + c[2];
      let v_11 = W[v_7 + 3];
      c[3] = v_6 * v_11 + c[3];
      let v_12 = A[v_5 + 16];
      c[4] = v_12 * v_8 + c[4];
      c[5] = v_12 * v_9 + c[5];
      c[6] = v_12 * v_10 + c[6];
      c[7] = v_12 * v_11 + c[7];
      let v_13 = A[v_5 + 32];
      c[8] = v_13 * v_8 + c[8];
      c[9] = v_13 * v_9 + c[9];
      c[10] = v_13 * v_10 + c[10];
      c[11] = v_13 * v_11 + c[11];
      let v_14 = A[v_5 + 48];
      c[12] = v_14 * v_8 + c[12];
      c[13] = v_14 * v_9 + c[13];
      c[14] = v_14 * v_10 + c[14];
      c[15] = v_14 * v_11 + c[15];
    }
    workgroupBarrier();
  }
  let v_15 = 32 * g0 + 4 * l1;
  let v_16 = v_15 < B;
  if (v_16) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1] = tj_max(c[0] + b[32 * g1 + 4 * l0], 0.0);
  }
  if (v_16) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 1] = tj_max(c[1] + b[32 * g1 + 4 * l0 + 1], 0.0);
  }
  if (v_16) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 2] = tj_max(c[2] + b[32 * g1 + 4 * l0 + 2], 0.0);
  }
  if (v_16) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 3] = tj_max(c[3] + b[32 * g1 + 4 * l0 + 3], 0.0);
  }
  let v_17 = (v_15 + 1) < B;
  if (v_17) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 64] = tj_max(c[4] + b[32 * g1 + 4 * l0], 0.0);
  }
  if (v_17) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 65] = tj_max(c[5] + b[32 * g1 + 4 * l0 + 1], 0.0);
  }
  if (v_17) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 66] = tj_max(c[6] + b[32 * g1 + 4 * l0 + 2], 0.0);
  }
  if (v_17) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 67] = tj_max(c[7] + b[32 * g1 + 4 * l0 + 3], 0.0);
  }
  let v_18 = (v_15 + 2) < B;
  if (v_18) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 128] = tj_max(c[8] + b[32 * g1 + 4 * l0], 0.0);
  }
  if (v_18) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 129] = tj_max(c[9] + b[32 * g1 + 4 * l0 + 1], 0.0);
  }
  if (v_18) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 130] = tj_max(c[10] + b[32 * g1 + 4 * l0 + 2], 0.0);
  }
  if (v_18) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 131] = tj_max(c[11] + b[32 * g1 + 4 * l0 + 3], 0.0);
  }
  let v_19 = (v_15 + 3) < B;
  if (v_19) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 192] = tj_max(c[12] + b[32 * g1 + 4 * l0], 0.0);
  }
  if (v_19) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 193] = tj_max(c[13] + b[32 * g1 + 4 * l0 + 1], 0.0);
  }
  if (v_19) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 194] = tj_max(c[14] + b[32 * g1 + 4 * l0 + 2], 0.0);
  }
  if (v_19) {
    y[2048 * g0 + 32 * g1 + 4 * l0 + 256 * l1 + 195] = tj_max(c[15] + b[32 * g1 + 4 * l0 + 3], 0.0);
  }
}

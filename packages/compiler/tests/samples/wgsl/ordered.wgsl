@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(local_invocation_id) lane: vec3<u32>) {
  let l0 = i32(lane.x);
  let before = y[l0];
  y[l0] = before + 1.0;
  let v = y[l0];
  y[l0] = v * v;
  var a: f32 = 1.0;
  var c: f32 = 2.0;
  let old = a;
  a = c;
  c = old;
  for (var i = 0; i < 3; i++) {
    a = a + c;
  }
  y[l0] = y[l0] + before + a;
}

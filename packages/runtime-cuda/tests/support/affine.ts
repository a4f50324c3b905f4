// affine: a hand-written program, y = relu(x * w + b) summed along rows, in two kernels over a symbolic batch
import type { CudaDefinitionData, CudaProgramData } from '@tsjit/host'

// The number of the thread in the whole launch, and what every kernel begins with.
const head = `.reg .pred %p<4>;
.reg .b32 %r<12>;
.reg .f32 %f<8>;
.reg .b64 %d<12>;
mov.u32 %r0, %ctaid.x;
mov.u32 %r1, %tid.x;
mad.lo.u32 %r2, %r0, 64, %r1;`

const ptx = `.version 7.1
.target sm_80
.address_size 64
.visible .entry scaled(.param .u64 x, .param .u64 w, .param .u64 b, .param .u64 h, .param .align 4 .b8 uniforms[4])
.reqntid 64, 1, 1
{
${head}
ld.param.u32 %r3, [uniforms];
mul.lo.u32 %r4, %r3, 3;
setp.ge.u32 %p0, %r2, %r4;
@%p0 bra DONE;
rem.u32 %r5, %r2, 3;
ld.param.u64 %d0, [x];
ld.param.u64 %d1, [w];
ld.param.u64 %d2, [b];
ld.param.u64 %d3, [h];
mad.wide.u32 %d4, %r2, 4, %d0;
mad.wide.u32 %d5, %r5, 4, %d1;
mad.wide.u32 %d6, %r5, 4, %d2;
mad.wide.u32 %d7, %r2, 4, %d3;
ld.global.f32 %f0, [%d4];
ld.global.f32 %f1, [%d5];
ld.global.f32 %f2, [%d6];
mul.rn.f32 %f3, %f0, %f1;
add.rn.f32 %f4, %f3, %f2;
max.f32 %f5, %f4, 0f00000000;
st.global.f32 [%d7], %f5;
DONE:
ret;
}
.visible .entry summed(.param .u64 h, .param .u64 y, .param .u64 s, .param .align 4 .b8 uniforms[8])
.reqntid 64, 1, 1
{
${head}
ld.param.u32 %r3, [uniforms];
ld.param.s32 %r6, [uniforms+4];
setp.ge.u32 %p0, %r2, %r3;
@%p0 bra DONE;
ld.param.u64 %d0, [h];
ld.param.u64 %d1, [y];
ld.param.u64 %d2, [s];
mad.wide.u32 %d3, %r2, 12, %d0;
mad.wide.u32 %d4, %r2, 12, %d1;
mad.wide.u32 %d5, %r2, 4, %d2;
ld.global.f32 %f0, [%d3];
ld.global.f32 %f1, [%d3+4];
ld.global.f32 %f2, [%d3+8];
st.global.f32 [%d4], %f0;
st.global.f32 [%d4+4], %f1;
st.global.f32 [%d4+8], %f2;
add.rn.f32 %f3, %f0, %f1;
add.rn.f32 %f3, %f3, %f2;
cvt.rn.f32.s32 %f4, %r6;
add.rn.f32 %f3, %f3, %f4;
st.global.f32 [%d5], %f3;
DONE:
ret;
}
.visible .entry wild(.param .u64 y)
{
.reg .b32 %r<2>;
.reg .b64 %d<2>;
ld.param.u64 %d0, [y];
mov.u32 %r0, 1;
st.global.u32 [%d0+1073741824], %r0;
ret;
}
`

/** The program: x f32[B, 3] → hidden f32[B, 3], stats.0 f32[B] (row sums plus 10, a scalar of the launch). */
export const affineProgram: CudaProgramData = {
  dims: [['B', 0, 4096, 1]],
  inputs: [['x', 'f32', ['B', 3]]],
  outputs: [
    ['hidden', 'f32', ['B', 3]],
    ['stats.0', 'f32', ['B']],
  ],
  solve: ([x = []]) => [x[0] ?? 0],
  shapes: (b = 0) => [[b, 3], [b, 3], [b]],
  kernels: [
    { entry: 'scaled', block: [64, 1, 1], buffers: 4, uniform: true },
    { entry: 'summed', block: [64, 1, 1], buffers: 3, uniform: true },
    { entry: 'wild', block: [1, 1, 1], buffers: 1 },
  ],
  arena: (b = 0) => [b * 12, 0, 1],
  launch(launch, b = 0) {
    launch(0, ['i0', 'w0', 'w1', 't0'], Math.ceil((b * 3) / 64))
    launch(1, ['t0', 'o0', 'o1'], Math.ceil(b / 64), 1, 1, [10])
  },
}

/** The definition's data. */
export const affine: CudaDefinitionData = {
  contract: 1,
  name: 'affine',
  weights: [
    ['w', 'f32', [3], ['uniform', -1, 1], 'param'],
    ['b', 'f32', [3], 0, 'param'],
  ],
  constants: [],
  programs: { eval: affineProgram },
  module: { ptx },
}

/** The same with a kernel that writes where nothing is. */
export const faulty: CudaDefinitionData = {
  ...affine,
  name: 'faulty',
  programs: { eval: { ...affineProgram, launch: (launch) => launch(2, ['o0'], 1) } },
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

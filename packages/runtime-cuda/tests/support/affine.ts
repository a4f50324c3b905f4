// affine: the affine program of the tests in PTX
import type { CudaDefinitionData, CudaKernelData, CudaProgramData } from '@tsjit/host'
import { affineData, affineLaunches } from '../../../../tests/support/affine.ts'

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

const kernels: readonly CudaKernelData[] = [
  { entry: 'scaled', block: [64, 1, 1], buffers: 4, uniform: true },
  { entry: 'summed', block: [64, 1, 1], buffers: 3, uniform: true },
]

/** The program. */
export const affineProgram: CudaProgramData = { ...affineLaunches, kernels }

/** The definition's data. */
export const affine: CudaDefinitionData = { ...affineData(affineProgram), module: { ptx } }

const wild: CudaKernelData = { entry: 'wild', block: [1, 1, 1], buffers: 1 }

/** The same with a kernel that writes where nothing is. */
export const faulty: CudaDefinitionData = {
  ...affine,
  name: 'faulty',
  programs: { eval: { ...affineProgram, kernels: [wild], launch: (launch) => launch(0, ['o0'], 1) } },
}

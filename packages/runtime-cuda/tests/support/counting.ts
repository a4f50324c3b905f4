// counting: a hand-written program with a loop that only the device can end: n = 1, 2, … until it is not below x
import type { CudaDefinitionData } from '@tsjit/host'

const ptx = `.version 7.1
.target sm_80
.address_size 64
.visible .entry start(.param .u64 n)
{
.reg .b64 %d0;
ld.param.u64 %d0, [n];
st.global.u32 [%d0], 0;
ret;
}
.visible .entry turn(.param .u64 n, .param .u64 x, .param .u64 goes)
{
.reg .pred %p0;
.reg .b32 %r<4>;
.reg .b64 %d<3>;
ld.param.u64 %d0, [n];
ld.param.u64 %d1, [x];
ld.param.u64 %d2, [goes];
ld.global.u32 %r0, [%d0];
add.u32 %r1, %r0, 1;
st.global.u32 [%d0], %r1;
ld.global.u32 %r2, [%d1];
setp.lt.s32 %p0, %r1, %r2;
selp.u32 %r3, 1, 0, %p0;
st.global.u8 [%d2], %r3;
ret;
}
`

/** x i32[] → n i32[], the larger of x and 1. */
export const counting: CudaDefinitionData = {
  contract: 1,
  name: 'counting',
  weights: [],
  constants: [],
  programs: {
    eval: {
      dims: [],
      inputs: [['x', 'i32', []]],
      outputs: [['n', 'i32', []]],
      solve: () => [],
      shapes: () => [[], []],
      kernels: [
        { entry: 'start', block: [1, 1, 1], buffers: 1 },
        { entry: 'turn', block: [1, 1, 1], buffers: 3 },
      ],
      arena: () => [4, 0, 1],
      launch(launch) {
        launch(0, ['o0'], 1)
        launch(-1, ['t0'], 0)
        launch(1, ['o0', 'i0', 't0'], 1)
        launch(-2, [], 0)
      },
    },
  },
  module: { ptx },
}

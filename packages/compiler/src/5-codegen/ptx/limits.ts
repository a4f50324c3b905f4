// limits: what CUDA grants on every device of compute capability 8.0 and later

import type { TargetLimits } from '../../ir/kernel/limits.ts'

/** The limits of a kernel with static shared memory. Indices are 32-bit, so a buffer is smaller than 2 GiB. */
export const ptxLimits: TargetLimits = {
  lanes: 1024,
  lanesPerAxis: [1024, 1024, 64],
  groupBytes: 49_152,
  params: 64,
  // along y and z; x takes 2^31 - 1
  groupsPerAxis: 65_535,
  // two blocks on each of 16 multiprocessors: kernels that wait are printed so that two fit
  groupsAtOnce: 32,
  bufferBytes: 2_147_483_647,
}

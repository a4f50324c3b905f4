// limits: what CUDA grants on every device of compute capability 8.0 and later

import type { TargetLimits } from '../../ir/kernel/limits.ts'

/** Bytes of shared memory that a kernel may have without being asked; more of it is dynamic, which a launch says. */
export const STATIC_SHARED = 49_152

/** The limits of a kernel. Indices are 32-bit, so a buffer is smaller than 2 GiB. */
export const ptxLimits: TargetLimits = {
  lanes: 1024,
  lanesPerAxis: [1024, 1024, 64],
  // what a block may ask for on a device of compute capability 8.6, 8.9 or 12.0; others have more
  groupBytes: 101_376,
  params: 64,
  // along y and z; x takes 2^31 - 1
  groupsPerAxis: 65_535,
  // two blocks on each of 16 multiprocessors: kernels that wait are printed so that two fit
  groupsAtOnce: 32,
  bufferBytes: 2_147_483_647,
}

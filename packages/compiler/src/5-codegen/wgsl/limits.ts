// limits: what WebGPU grants on every device
//
// The defaults of the specification: a kernel within them runs wherever there is WebGPU.

import type { TargetLimits } from '../../ir/kernel/limits.ts'

/** The limits of a WebGPU device that was asked for nothing special. */
export const wgslLimits: TargetLimits = {
  lanes: 256,
  lanesPerAxis: [256, 256, 64],
  groupBytes: 16_384,
  params: 8,
  groupsPerAxis: 65_535,
  groupsAtOnce: 1,
  bufferBytes: 134_217_728,
}

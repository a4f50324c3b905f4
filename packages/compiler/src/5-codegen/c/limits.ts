// limits: what C allows one kernel

import type { TargetLimits } from '../../ir/kernel/limits.ts'

/** One lane a group; indices that kernels name are 32 bits wide, whatever the machine. */
export const cLimits: TargetLimits = {
  lanes: 1,
  lanesPerAxis: [1, 1, 1],
  groupBytes: 1 << 20,
  params: 120,
  groupsAtOnce: 1,
  groupsPerAxis: 2 ** 31 - 1,
  bufferBytes: 2 ** 31 - 1,
}

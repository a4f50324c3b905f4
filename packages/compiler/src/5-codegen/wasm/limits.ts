// limits: what WebAssembly allows one kernel

import type { TargetLimits } from '../../ir/kernel/limits.ts'

/** One lane a group; parameters are those of a function, buffers lie in a memory of at most 4 GiB. */
export const wasmLimits: TargetLimits = {
  lanes: 1,
  lanesPerAxis: [1, 1, 1],
  groupBytes: 1 << 20,
  params: 500,
  groupsAtOnce: 1,
  groupsPerAxis: 2 ** 31 - 1,
  bufferBytes: 2 ** 31 - 1,
}

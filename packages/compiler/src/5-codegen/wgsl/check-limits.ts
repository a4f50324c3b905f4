// check-limits: kernel -> nothing, or an internal error
//
// Scheduling gets the limits as options and must keep to them; this is where a breach is noticed.

import { invariant } from '../../base/invariant.ts'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import { bytesOfGroupArray } from '../../ir/kernel/scalar-type.ts'
import { wgslLimits } from './limits.ts'

/** Throws `internal: …` where a kernel is more than WebGPU allows. */
export function checkLimits(kernel: Kernel): void {
  const lanes = kernel.lanes.reduce((a, b) => a * b, 1)
  const broken = (what: string, is: number, limit: number): string =>
    `kernel ${kernel.name} has ${is} ${what}, and WebGPU allows ${limit}`
  invariant(lanes <= wgslLimits.lanes, broken('lanes', lanes, wgslLimits.lanes))
  kernel.lanes.forEach((count, axis) => {
    const limit = wgslLimits.lanesPerAxis[axis] ?? 1
    invariant(count >= 1 && count <= limit, broken(`lanes along axis ${axis}`, count, limit))
  })
  const bytes = kernel.arrays.reduce((total, array) => total + bytesOfGroupArray(array), 0)
  invariant(bytes <= wgslLimits.groupBytes, broken('bytes of group memory', bytes, wgslLimits.groupBytes))
  invariant(kernel.params.length <= wgslLimits.params, broken('buffers', kernel.params.length, wgslLimits.params))
}

// check-limits: kernel -> nothing, or an internal error
//
// Scheduling gets the limits as options and must keep to them; this is where a breach is noticed.

import { invariant } from '../base/invariant.ts'
import type { Kernel } from '../ir/kernel/kernel.ts'
import type { TargetLimits } from '../ir/kernel/limits.ts'
import { bytesOfGroup } from '../ir/kernel/scalar-type.ts'

/** Throws `internal: …` where a kernel is more than a target allows. */
export function checkLimits(kernel: Kernel, limits: TargetLimits, target: string): void {
  const lanes = kernel.lanes.reduce((a, b) => a * b, 1)
  const check = (what: string, is: number, limit: number): void =>
    invariant(is <= limit, `kernel ${kernel.name} has ${is} ${what}, and ${target} allows ${limit}`)
  check('lanes', lanes, limits.lanes)
  kernel.lanes.forEach((count, axis) => {
    invariant(count >= 1, `kernel ${kernel.name} has ${count} lanes along axis ${axis}`)
    check(`lanes along axis ${axis}`, count, limits.lanesPerAxis[axis] ?? 1)
  })
  check('bytes of group memory', bytesOfGroup(kernel), limits.groupBytes)
  check('buffers', kernel.params.length, limits.params)
}

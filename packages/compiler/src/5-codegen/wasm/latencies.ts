// latencies: an instruction -> about how many cycles pass until its result can be used

import type { Instruction } from './straight-loop.ts'
import { headOf } from './wat-tree.ts'

/** Vectors that are computed in one cycle. */
export const UNITS = 2

/** Cycles, the first that fits; what is not listed takes one. */
const LATENCIES: readonly (readonly [pattern: RegExp, cycles: number])[] = [
  [/\.sqrt$/, 15],
  [/\.div/, 11],
  [/\.load/, 5],
  [/^f.*\.(?:add|sub|mul|relaxed_n?madd|convert|floor|ceil|trunc|nearest)|trunc_sat|relaxed_trunc/, 4],
  [/^i32x4\.mul|^i\d\d\.mul/, 4],
  [/extract_lane|replace_lane|splat|shuffle|swizzle/, 3],
]

/** Returns the cycles until the result of an instruction can be used. */
export function latencyOf({ tree }: Instruction): number {
  const head = headOf(tree)
  return LATENCIES.find(([pattern]) => pattern.test(head))?.[1] ?? 1
}

/** Whether an instruction leaves a vector in a register. */
export function isVector({ result }: Instruction): boolean {
  return result?.type === 'v128'
}

// gaps: what the language declares it has not, by rule and never by case
//
// A rule excuses a case that does not pass; one that passes all the same counts as passed. Whatever no rule speaks of
// is a failure, an operator that the table lacks included.

import type { Case, CaseTensor } from './case.ts'
import { numberOf } from './dtypes.ts'
import type { TargetName } from './targets.ts'

/** Something that the language has not. */
export interface GapRule {
  /** Suite and operator, or `*`. */
  readonly of: string
  readonly reason: string
  readonly where?: (test: Case, target: TargetName) => boolean
}

/** All rules. The first that applies gives the reason. */
export const gapRules: readonly GapRule[] = [
  {
    of: '*',
    reason: '64-bit integers are held in 32 bits; those beyond are refused where data enters',
    where: ({ inputs, outputs }) => [...inputs, ...outputs].some((tensor) => tensor !== null && isBeyond32Bits(tensor)),
  },
  {
    of: 'onnx.BitCast',
    reason: 'the bits of 64-bit types, and those of f16 as an integer, are not what the language holds',
    where: ({ inputs, outputs }) =>
      [...inputs, ...outputs].some((tensor) => tensor !== null && /64$|^b?float16$/.test(tensor.dtype)),
  },
  {
    of: 'onnx.graph',
    reason: 'Gradient is no operator: grad(fn) is resolved at build',
    where: ({ graph }) => graph?.nodes.some(({ op }) => op === 'Gradient') ?? false,
  },
]

/** Returns why a case may fail on a target, or undefined. */
export function gapOf(test: Case, target: TargetName): string | undefined {
  const names = [`${test.suite}.${test.op}`, '*']
  return gapRules.find(({ of, where }) => names.includes(of) && (where?.(test, target) ?? true))?.reason
}

function isBeyond32Bits({ dtype, data }: CaseTensor): boolean {
  const range = { int64: [-(2 ** 31), 2 ** 31 - 1], uint64: [0, 2 ** 32 - 1], uint32: [0, 2 ** 32 - 1] }[dtype]
  const [low, high] = range ?? []
  if (low === undefined || high === undefined) return false
  return data.some((value) => numberOf(value) < low || numberOf(value) > high)
}

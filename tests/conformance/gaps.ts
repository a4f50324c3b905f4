// gaps: what the language declares it has not, by rule and never by case
//
// A rule excuses a case that does not pass; one that passes all the same counts as passed.

import type { Case } from './case.ts'
import type { TargetName } from './targets.ts'

interface Rule {
  /** Suite and operator, or `*`. */
  readonly of: string
  readonly reason: string
  readonly where?: (test: Case, target: TargetName) => boolean
}

const rules: readonly Rule[] = []

/** Returns why a case may fail on a target, or undefined. */
export function gapOf(test: Case, target: TargetName): string | undefined {
  const names = [`${test.suite}.${test.op}`, '*']
  return rules.find(({ of, where }) => names.includes(of) && (where?.(test, target) ?? true))?.reason
}

// sample: a part of the public cases that stands for all of them
//
// The first case of every operator, and every so many of the rest: the same on every run.

import type { Case } from './case.ts'

/** Returns about one case in `every`, and one of each operator at least. */
export function sampleOf(cases: readonly Case[], every: number): readonly Case[] {
  const seen = new Set<string>()
  return cases.filter((test, i) => {
    const name = `${test.suite}.${test.op}`
    const isFirst = !seen.has(name)
    seen.add(name)
    return isFirst || i % every === 0
  })
}

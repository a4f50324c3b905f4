// sample: a part of the public cases that stands for all of them
//
// The first case of every operator, and every so many of the rest: the same on every run. Operators of WebNN are written
// with the same operations as those of ONNX, so that a target that compiles slowly may leave their first cases out.

import type { Case } from './case.ts'

/** Which part of the cases to take. */
export interface Sample {
  /** One case in so many. */
  readonly every: number
  /** Suites of which every operator has a case. */
  readonly suites: readonly Case['suite'][]
}

/** Returns about one case in `every`, and one of each operator of the suites at least. */
export function sampleOf(cases: readonly Case[], { every, suites }: Sample): readonly Case[] {
  const seen = new Set<string>()
  return cases.filter((test, i) => {
    const name = `${test.suite}.${test.op}`
    const isFirst = !seen.has(name) && suites.includes(test.suite)
    seen.add(name)
    return isFirst || i % every === 0
  })
}

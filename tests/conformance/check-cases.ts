// check-cases: what tests expect of a run

import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { type Case, readCases } from './case.ts'
import { gapOf } from './gaps.ts'
import { readOperators } from './operator-table.ts'
import { type Result, runCase } from './run-cases.ts'
import { type Sample, sampleOf } from './sample.ts'
import { type TargetName, openTarget } from './targets.ts'

const folder = fileURLToPath(new URL('cases', import.meta.url))

/** Runs the public cases on a target: all of them, or a sample where `TSJIT_FULL` is not set. */
export async function checkCases(targetName: TargetName, sample: Sample): Promise<void> {
  const all = await readCases(folder)
  const cases = process.env['TSJIT_FULL'] === '1' ? all : sampleOf(all, sample)
  const table = await readOperators()
  const target = await openTarget(targetName)
  const results: Result[] = []
  try {
    for (const [i, test] of cases.entries()) results.push(await runCase(test, i, target, targetName, table))
  } finally {
    target.close()
  }
  const failed = results.filter(({ status }) => status === 'fail')
  expect(failed.map(({ suite, op, name, detail }) => `${suite}.${op} ${name}: ${detail}`)).toEqual([])
  // what no rule excuses has passed
  expect(results.filter(({ status }) => status === 'pass').length).toBeGreaterThanOrEqual(
    cases.length - excused(cases, targetName),
  )
}

function excused(cases: readonly Case[], target: TargetName): number {
  return cases.filter((test) => gapOf(test, target) !== undefined).length
}

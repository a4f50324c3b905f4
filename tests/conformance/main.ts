// main: the whole run, from the command line; see scripts/conformance.mjs

import { writeFile } from 'node:fs/promises'
import { type Case, readCases } from './case.ts'
import { readOperators } from './operator-table.ts'
import { type Result, type TimedResult, runCase } from './run-cases.ts'
import { standingOf, tableOf } from './table.ts'
import { type TargetName, openTarget } from './targets.ts'

export { targetNames } from './targets.ts'

/** What to run. */
export interface RunOptions {
  /** A folder in the neutral format. */
  readonly cases: string
  readonly targets: readonly TargetName[]
  /** Only this operator, by the name of its file. */
  readonly op?: string | undefined
  /** Only cases whose name contains this. */
  readonly name?: string | undefined
  /** Where to write the results to. */
  readonly json?: string | undefined
  /** Where to write how many cases of each operator pass on each target. */
  readonly standing?: string | undefined
  /** How many of the slowest cases to name. */
  readonly slowest?: number | undefined
  readonly write: (text: string) => void
}

/** Runs cases and prints the table. Returns the results. */
export async function main(options: RunOptions): Promise<readonly Result[]> {
  const { write } = options
  const all = await readCases(options.cases, options.op)
  const chosen = all.filter(({ name }) => options.name === undefined || name.includes(options.name))
  const results: TimedResult[] = []
  for (const target of options.targets) {
    const start = Date.now()
    results.push(...(await runAll(chosen, target)))
    write(`${target}: ${chosen.length} cases in ${((Date.now() - start) / 1000).toFixed(1)} s\n`)
  }
  for (const { suite, op, name, target, status, detail } of results)
    if (status === 'fail') write(`FAIL ${target} ${suite}.${op} ${name}: ${firstLine(detail)}\n`)
  if (options.slowest !== undefined) write(slowestOf(results, options.slowest))
  write(tableOf(results, options.targets))
  if (options.standing !== undefined) await writeFile(options.standing, standingOf(results))
  if (options.json !== undefined) {
    const rows = results.map(({ suite, op, name, target, status, detail }) => ({
      suite,
      op,
      name,
      target,
      status,
      detail,
    }))
    await writeFile(options.json, `${JSON.stringify(rows, null, 1)}\n`)
  }
  return results
}

async function runAll(cases: readonly Case[], targetName: TargetName): Promise<readonly TimedResult[]> {
  const table = await readOperators()
  const target = await openTarget(targetName)
  const results: TimedResult[] = []
  try {
    for (const [i, test] of cases.entries()) results.push(await runCase(test, i, target, targetName, table))
  } finally {
    target.close()
  }
  return results
}

function slowestOf(results: readonly TimedResult[], count: number): string {
  return results
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, count)
    .map(
      ({ target, suite, op, name, milliseconds }) =>
        `${(milliseconds / 1000).toFixed(1)} s ${target} ${suite}.${op} ${name}\n`,
    )
    .join('')
}

function firstLine(text: string): string {
  return text.split('\n').slice(0, 3).join(' | ')
}

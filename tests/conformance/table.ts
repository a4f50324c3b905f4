// table: results -> operator × target, with passes, failures and declared gaps

import type { Result } from './run-cases.ts'
import type { TargetName } from './targets.ts'

/** Returns one line an operator and the sums, as a table in text. */
export function tableOf(results: readonly Result[], targets: readonly TargetName[]): string {
  const names = [...new Set(results.map(({ suite, op }) => `${suite}.${op}`))]
  const rows = names.map((name) => [
    name,
    ...targets.map((target) => counts(results.filter((r) => r.target === target && `${r.suite}.${r.op}` === name))),
  ])
  const total = ['all', ...targets.map((target) => summary(results.filter((r) => r.target === target)))]
  const head = ['operator', ...targets]
  const reasons = gapReasons(results)
  const table = aligned([head, ...rows, total])
  return `${[table, ...(reasons.length === 0 ? [] : ['gaps:', ...reasons])].join('\n')}\n`
}

/** Returns how many cases of each operator there are, and how many pass on each target, as JSON: a line an operator. */
export function standingOf(results: readonly Result[]): string {
  const names = [...new Set(results.map(({ suite, op }) => `${suite}.${op}`))]
  const lines = names.map((name) => {
    const own = results.filter(({ suite, op }) => `${suite}.${op}` === name)
    const targets = [...new Set(own.map(({ target }) => target))]
    const cases = new Set(own.map((result) => result.name)).size
    const passes = targets.map((target) => [
      target,
      count(
        own.filter((r) => r.target === target),
        'pass',
      ),
    ])
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ cases, ...Object.fromEntries(passes) })}`
  })
  return `{\n${lines.join(',\n')}\n}\n`
}

function count(results: readonly Result[], status: Result['status']): number {
  return results.filter((result) => result.status === status).length
}

function counts(results: readonly Result[]): string {
  const [pass, fail, gap] = [count(results, 'pass'), count(results, 'fail'), count(results, 'gap')]
  return [`${pass}`, ...(fail > 0 ? [`${fail} FAIL`] : []), ...(gap > 0 ? [`${gap} gap`] : [])].join(' ')
}

function summary(results: readonly Result[]): string {
  const share = results.length === 0 ? 0 : (100 * count(results, 'pass')) / results.length
  return `${counts(results)} of ${results.length} (${share.toFixed(1)} %)`
}

function gapReasons(results: readonly Result[]): readonly string[] {
  const gaps = results.filter(({ status }) => status === 'gap')
  const keys = [...new Set(gaps.map(({ suite, op, target, detail }) => `  ${target} ${suite}.${op}: ${detail}`))]
  return keys.map(
    (key) => `${key} (${gaps.filter((g) => `  ${g.target} ${g.suite}.${g.op}: ${g.detail}` === key).length})`,
  )
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

// run-cases: cases on one target -> a result for each

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HostTensor } from '@tsjit/host'
import type { Case } from './case.ts'
import { difference } from './compare.ts'
import { inputValue } from './dtypes.ts'
import { gapOf } from './gaps.ts'
import type { OperatorTable } from './operator-table.ts'
import { type Target, type TargetName, folder } from './targets.ts'
import { writeProgram } from './write-program.ts'

/** What became of a case on a target. */
export interface Result {
  readonly suite: string
  readonly op: string
  readonly name: string
  readonly target: TargetName
  readonly status: 'pass' | 'fail' | 'gap'
  readonly detail: string
}

/** A result and how long it took. */
export interface TimedResult extends Result {
  readonly milliseconds: number
}

/** Runs a case. Whatever goes wrong is its result. */
export async function runCase(
  test: Case,
  index: number,
  target: Target,
  targetName: TargetName,
  table: OperatorTable,
): Promise<TimedResult> {
  const { suite, op, name } = test
  const start = performance.now()
  const found = await problemOf(test, index, target, targetName, table)
  const about = { suite, op, name, target: targetName, milliseconds: performance.now() - start }
  if (found === undefined) return { ...about, status: 'pass', detail: '' }
  const reason = gapOf(test, targetName)
  return reason === undefined
    ? { ...about, status: 'fail', detail: found }
    : { ...about, status: 'gap', detail: reason }
}

async function problemOf(
  test: Case,
  index: number,
  target: Target,
  targetName: TargetName,
  table: OperatorTable,
): Promise<string | undefined> {
  try {
    const { text, inputs } = writeProgram(test, table)
    const file = join(folder, targetName, `${index}-${process.pid}.tsjit`)
    await writeFile(file, text)
    const values = Object.fromEntries(inputs.map(([name, tensor]) => [name, inputValue(tensor)]))
    const model = await target.load(file)
    try {
      const outputs = (await model.run(values as never)) as Readonly<Record<string, HostTensor>>
      for (const [i, expected] of test.outputs.entries()) {
        if (expected === null) continue
        const got = outputs[`o${i}`]
        if (got === undefined) return `${expected.name} is missing`
        const data = await numbersOf(got)
        const wrong = difference(expected, { dtype: got.dtype, shape: [...got.shape], data }, test.tolerance)
        if (wrong !== undefined) return wrong
      }
      return undefined
    } finally {
      model.dispose()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function numbersOf(tensor: HostTensor): Promise<readonly number[]> {
  // the array of a half-width float holds bits
  if (tensor.dtype === 'f16' || tensor.dtype === 'bf16') {
    const nested: unknown = tensor.shape.includes(0) ? [] : await tensor.toArray()
    return Array.isArray(nested) ? nested.flat(Number.POSITIVE_INFINITY).map(Number) : [Number(nested)]
  }
  return Array.from(await tensor.data(), Number)
}

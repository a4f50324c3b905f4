// operator-table: which function of operators/<suite>/*.tsjit computes an operator
//
// The functions are found by reading the files, so that an operator is added in one place. A function takes inputs as
// tensors; those that it needs as numbers stand in a comment before it: `/** static: axes, shape */`.

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Gap } from './dtypes.ts'

/** A function that computes an operator. */
export interface Operator {
  readonly name: string
  readonly file: string
  readonly statics: readonly string[]
}

/** The operators of all suites. */
export interface OperatorTable {
  /** Returns the function of an operator. Throws Gap where there is none. */
  find(suite: string, op: string): Operator
  /** Returns the function that computes an operator on numbers known at build, where there is one. */
  onNumbers(suite: string, op: string): Operator | undefined
  /** Returns whether an operator takes an input as numbers. */
  isStatic(suite: string, op: string, input: string): boolean
}

const folder = fileURLToPath(new URL('operators', import.meta.url))

/** Reads the operators of all suites. */
export async function readOperators(): Promise<OperatorTable> {
  const found = new Map<string, Operator>()
  const onNumbers = new Map<string, Operator>()
  for (const suite of ['onnx', 'webnn'])
    for (const file of await readdir(join(folder, suite))) {
      if (!file.endsWith('.tsjit')) continue
      const path = join(folder, suite, file)
      for (const operator of operatorsIn(await readFile(path, 'utf8'), path))
        (file === 'static.tsjit' ? onNumbers : found).set(`${suite}.${operator.name}`, operator)
    }
  const get = (suite: string, op: string): Operator | undefined =>
    found.get(`${suite}.${op}`) ?? found.get(`${suite}.${op}_`)
  return {
    find: (suite, op) => {
      const operator = get(suite, op)
      if (operator === undefined) throw new Gap(`no operator ${op}`)
      return operator
    },
    onNumbers: (suite, op) => onNumbers.get(`${suite}.${op}`),
    isStatic: (suite, op, input) => get(suite, op)?.statics.includes(input) ?? false,
  }
}

function operatorsIn(text: string, file: string): readonly Operator[] {
  const pattern = /(?:\/\*\* static: ([^*]*) \*\/\s*)?^export const (\w+)/gm
  return [...text.matchAll(pattern)].map(([, statics, name = '']) => ({
    name,
    file,
    statics: statics?.split(',').map((word) => word.trim()) ?? [],
  }))
}

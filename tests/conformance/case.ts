// case: the neutral format of a conformance case, and how a folder of them is read
//
// cases/README.md describes the format. Any folder with the same layout runs the same way.

import { readFile, readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A number, or one that JSON has no number for: 'NaN', '-Infinity', a decimal of 64 bits. */
export type Datum = number | string

/** A tensor with its elements, row-major. */
export interface CaseTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: readonly Datum[]
  /** The suite gives the value at build time. */
  readonly constant?: boolean
}

/** Where a node takes an operand from. */
export interface NodeInput {
  readonly name: string
  readonly value: string
}

/** One operator of a graph. */
export interface CaseNode {
  readonly op: string
  readonly domain?: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly inputs: readonly (NodeInput | null)[]
  readonly outputs: readonly string[]
}

/** The type of a value of a graph. */
export interface CaseValue {
  readonly name: string
  readonly dtype: string
  readonly shape?: readonly number[]
}

/** A model of several operators, or the body of one that repeats. */
export interface CaseGraph {
  readonly inputs: readonly CaseValue[]
  readonly outputs: readonly CaseValue[]
  readonly initializers: readonly CaseTensor[]
  readonly nodes: readonly CaseNode[]
}

/** How near a result must be. */
export interface Tolerance {
  readonly rtol?: number
  readonly atol?: number
  readonly ulp?: number
}

/** One case of a suite. */
export interface Case {
  readonly name: string
  readonly suite: 'onnx' | 'webnn'
  readonly op: string
  readonly domain?: string
  readonly opset?: number
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly inputs: readonly (CaseTensor | null)[]
  readonly outputs: readonly (CaseTensor | null)[]
  readonly graph?: CaseGraph
  readonly tolerance: Tolerance
}

/** Returns all cases of a folder, in the order of its files; of one operator where its name is given. */
export async function readCases(folder: string, op?: string): Promise<readonly Case[]> {
  const cases: Case[] = []
  for (const suite of ['onnx', 'webnn'] as const) {
    const place = join(folder, suite)
    if (!existsSync(place)) continue
    for (const file of (await readdir(place)).sort())
      if (file.endsWith('.json') && (op === undefined || file === `${op}.json`))
        cases.push(...(JSON.parse(await readFile(join(place, file), 'utf8')) as readonly Case[]))
  }
  return cases
}

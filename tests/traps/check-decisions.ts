// check-decisions: many calls of one instance, each of which decides otherwise than the one before

import { fileURLToPath } from 'node:url'
import type { HostTensor } from '@tsjit/host'
import { expect } from 'vitest'
import type { CodegenTarget } from '@tsjit/compiler'
import { importCompiled } from '../support/import-compiled.ts'

interface Inputs {
  readonly x: readonly number[]
  readonly flag: boolean
  readonly n: number
  readonly limit: number
}

const calls: readonly Inputs[] = [
  { x: [1, 2, 3], flag: true, n: 3, limit: 20 },
  { x: [1, 2, 3], flag: false, n: 3, limit: 20 },
  { x: [4, 5, 6], flag: false, n: 0, limit: 1 },
  { x: [7], flag: true, n: 1, limit: 1000 },
  { x: [1, 2, 3], flag: true, n: -2, limit: 0 },
  { x: [1, 2, 3], flag: true, n: 3, limit: 20 },
]

/** Expects each call, one after another and then all at once, to give what its own inputs say. */
export async function checkDecisions(target: CodegenTarget): Promise<void> {
  const { m } = await importCompiled(fileURLToPath(new URL('decide.tsjit', import.meta.url)), target)
  const net = await m!.load()
  const results = calls.map((call) => net.run({ ...call, x: Float32Array.from(call.x) }))
  for (const [i, call] of calls.entries()) {
    const alone = await net.run({ ...call, x: Float32Array.from(call.x) })
    for (const result of [alone, await results[i]]) {
      const outputs = Object.entries(result as Readonly<Record<string, HostTensor>>)
      const found = await Promise.all(outputs.map(async ([name, tensor]) => [name, await tensor.toArray()] as const))
      expect(Object.fromEntries(found), JSON.stringify(call)).toEqual(meaning(call))
    }
  }
  net.dispose()
}

function meaning({ x, flag, n, limit }: Inputs): Readonly<Record<string, unknown>> {
  let doubled = 1
  while (doubled < limit) doubled *= 2
  return {
    branch: x.map((each) => (flag ? each + 1 : each * 10)),
    count: Array.from({ length: Math.max(0, n) }, (_, i) => i + 1).reduce((a, b) => a + b, 0),
    doubled,
    total: x.map((_, i) => x.slice(i + 1).reduce((a, b) => a + b, 0)),
    padded: [0, ...x, 0],
  }
}

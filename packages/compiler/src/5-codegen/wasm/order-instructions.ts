// order-instructions: instructions of a loop -> an order in which few wait for others
//
// A processor looks some hundred instructions ahead. Where results wait for each other longer than that, as in a
// polynomial of exp, it has nothing to do although the next vector could be computed meanwhile. What is ready goes first,
// as many a cycle as units for vectors, in the order in which it was written.

import type { Instruction } from './straight-loop.ts'
import { headOf } from './wat-tree.ts'

/** Vectors that are computed in one cycle. */
const UNITS = 2

/** Cycles until a result can be used, the first that fits; what is not listed takes one. */
const LATENCIES: readonly (readonly [pattern: RegExp, cycles: number])[] = [
  [/\.sqrt$/, 15],
  [/\.div/, 11],
  [/\.load/, 5],
  [/^f.*\.(?:add|sub|mul|relaxed_n?madd|convert|floor|ceil|trunc|nearest)|trunc_sat|relaxed_trunc/, 4],
  [/^i32x4\.mul|^i\d\d\.mul/, 4],
  [/extract_lane|replace_lane|splat|shuffle|swizzle/, 3],
]

/** Returns the cycles from the first instruction to the last result, if nothing had to wait but for operands. */
export function depthOf(instructions: readonly Instruction[]): number {
  const ends = new Map<Instruction, number>()
  for (const each of instructions)
    ends.set(each, Math.max(0, ...each.needs.map((need) => ends.get(need) ?? 0)) + latencyOf(each))
  return Math.max(0, ...ends.values())
}

/** Returns the instructions in an order in which few wait. Loads and stores stay in order where one is a store. */
export function orderInstructions(instructions: readonly Instruction[]): readonly Instruction[] {
  const ready = new Map<Instruction, number>()
  const after = orderOfMemory(instructions)
  const ordered: Instruction[] = []
  let left = instructions
  for (let cycle = 0, used = 0; left.length > 0;) {
    const startOf = (each: Instruction): number =>
      Math.max(
        ...after(each).map((other) => (ready.has(other) ? 0 : Infinity)),
        ...each.needs.map((need) => ready.get(need) ?? Infinity),
        0,
      )
    const next = left.find((each) => startOf(each) <= cycle)
    if (next === undefined || used === UNITS) {
      cycle = next === undefined ? Math.max(cycle + 1, Math.min(...left.map(startOf))) : cycle + 1
      used = 0
      continue
    }
    if (next.result?.type === 'v128') used++
    ready.set(next, cycle + latencyOf(next))
    ordered.push(next)
    left = left.filter((each) => each !== next)
  }
  return ordered
}

function latencyOf({ tree }: Instruction): number {
  const head = headOf(tree)
  return LATENCIES.find(([pattern]) => pattern.test(head))?.[1] ?? 1
}

/** Returns what says which accesses of memory have to come before another. */
function orderOfMemory(instructions: readonly Instruction[]): (each: Instruction) => readonly Instruction[] {
  const before = new Map<Instruction, readonly Instruction[]>()
  let stores: readonly Instruction[] = []
  let loads: Instruction[] = []
  for (const each of instructions) {
    const head = headOf(each.tree)
    if (head.includes('.load')) {
      before.set(each, stores)
      loads.push(each)
    } else if (head.includes('.store')) {
      before.set(each, [...stores, ...loads])
      stores = [each]
      loads = []
    }
  }
  return (each) => before.get(each) ?? []
}

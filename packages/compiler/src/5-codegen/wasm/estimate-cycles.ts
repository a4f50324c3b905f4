// estimate-cycles: instructions of a loop in some order -> about how many cycles a turn takes

import { UNITS, isVector, latencyOf } from './latencies.ts'
import type { Instruction } from './straight-loop.ts'
import { headOf, listsOf } from './wat-tree.ts'

/** Instructions that a processor has in sight: it starts those whose operands are there. */
const WINDOW = 128

/** Registers for vectors, less the one that engines keep for themselves. */
const REGISTERS = 15

/**
 * Cycles for a result that is stored, or loaded again, for want of a register: engines choose worse than is counted here.
 * Measured on loops of an LSTM, of softmax and of a chain of elementwise operations, in V8 on an AMD EPYC.
 */
const SPILL = 3

/** Returns about how many cycles one of many turns takes. */
export function estimateCycles(instructions: readonly Instruction[]): number {
  return cyclesOf(instructions, 3) - cyclesOf(instructions, 2) + SPILL * countSpills(instructions)
}

/** The cycles of some turns where registers never run out. */
function cyclesOf(instructions: readonly Instruction[], turns: number): number {
  const started = new Map<number, number>()
  /** When everything up to an instruction is done: what is further ahead than the window starts only then. */
  const done: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const ends = new Map<Instruction, number>()
    for (const each of instructions) {
      const inSight = done[done.length - WINDOW] ?? 0
      let cycle = Math.max(inSight, ...each.needs.map((need) => ends.get(need) ?? 0))
      if (isVector(each)) {
        while ((started.get(cycle) ?? 0) >= UNITS) cycle++
        started.set(cycle, (started.get(cycle) ?? 0) + 1)
      }
      const end = cycle + latencyOf(each)
      ends.set(each, end)
      const last = Math.max(done.at(-1) ?? 0, end)
      // operands that are constants are instructions of their own
      const constants = listsOf(each.tree).filter((operand) => headOf(operand) === 'v128.load').length
      for (let i = 0; i <= constants; i++) done.push(last)
    }
  }
  return done.at(-1) ?? 0
}

/** How often a vector is stored or loaded again if always the one is given up whose next use is furthest. */
function countSpills(instructions: readonly Instruction[]): number {
  const uses = new Map<Instruction, number[]>()
  for (const [at, { needs }] of instructions.entries()) {
    for (const need of new Set(needs)) uses.set(need, [...(uses.get(need) ?? []), at])
  }
  const held = new Set<Instruction>()
  const stored = new Set<Instruction>()
  let spills = 0
  for (const [at, each] of instructions.entries()) {
    const nextUse = (of: Instruction): number => uses.get(of)?.find((use) => use >= at) ?? Infinity
    for (const need of each.needs) if (stored.has(need) && !held.has(need)) spills++
    for (const value of [...each.needs, each]) if (isVector(value)) held.add(value)
    for (const value of held) if ((uses.get(value)?.at(-1) ?? -1) <= at) held.delete(value)
    while (held.size > REGISTERS) {
      const [first, ...rest] = held
      if (first === undefined) break
      const furthest = rest.reduce((a, b) => (nextUse(b) > nextUse(a) ? b : a), first)
      held.delete(furthest)
      if (!stored.has(furthest)) spills++
      stored.add(furthest)
    }
  }
  return spills
}

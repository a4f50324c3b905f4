// order-groups: groups -> launch order
//
// Writers before readers; among the ready ones the earliest in the program, which keeps lifetimes short because the
// program's order is its author's.

import { invariant } from '../base/invariant.ts'
import type { Partition } from './partition.ts'
import type { Group } from './partition-state.ts'

/** Returns the groups of a partition in an order in which every buffer is written before it is read. */
export function orderGroups(parts: Partition): readonly Group[] {
  const position = (group: Group): number => Math.min(...group.stores.map((s) => s.value.id))
  const waiting = [...parts.groups].filter((g) => g.stores.length > 0).sort((a, b) => position(a) - position(b))
  const needs = new Map(
    waiting.map((group) => [
      group,
      new Set([...group.reads].flatMap((value) => parts.storers.get(value) ?? []).filter((g) => g !== group)),
    ]),
  )
  const ordered: Group[] = []
  const done = new Set<Group>()
  while (ordered.length < waiting.length) {
    const next = waiting.find((g) => !done.has(g) && [...(needs.get(g) ?? [])].every((n) => done.has(n)))
    invariant(next !== undefined, 'kernels do not wait for one another in a circle')
    ordered.push(next)
    done.add(next)
  }
  return ordered
}

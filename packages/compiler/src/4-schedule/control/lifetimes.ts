// lifetimes: steps -> from which launch to which each buffer is in use
//
// A buffer that a loop touches, and that somebody outside touches too, is in use through all of its turns.

import type { Value } from '../../ir/graph/graph.ts'
import type { PlanConstant } from '../../ir/plan/plan.ts'
import type { FormedStep } from './formed-step.ts'

/** When a buffer is in use, in positions of launches, both inclusive. */
export interface Lifetime {
  readonly owner: Value
  readonly first: number
  readonly last: number
  /** What it holds, where it is known at build. */
  readonly literal: PlanConstant | undefined
}

/** Returns the lifetimes of all buffers that steps name, in order of first use. */
export function lifetimesOf(steps: readonly FormedStep[], ownerOf: (value: Value) => Value): readonly Lifetime[] {
  const lives = new Map<Value, { first: number; last: number; literal: PlanConstant | undefined }>()
  let position = 0
  const touch = (value: Value, first: number, last: number, literal?: PlanConstant): void => {
    const owner = ownerOf(value)
    const life = lives.get(owner)
    if (life === undefined) lives.set(owner, { first, last, literal })
    else {
      life.first = Math.min(life.first, first)
      life.last = Math.max(life.last, last)
    }
  }
  const walk = (step: FormedStep): void => {
    if (step.kind === 'launch') {
      const { params, producers } = step.formed.context
      for (const value of params.keys()) {
        const producer = producers.get(value)
        touch(value, position, position, producer?.kind === 'literal' ? producer.params : undefined)
      }
      position += 1
      return
    }
    if (step.kind === 'loop') step.start.forEach(walk)
    const start = position
    if (step.kind === 'branch') step.arms.forEach((arm) => arm.forEach(walk))
    else if (step.kind === 'repeat') step.body.forEach(walk)
    else {
      step.test?.steps.forEach(walk)
      step.body.forEach(walk)
    }
    const end = Math.max(start, position - 1)
    if (step.kind === 'branch') touch(step.index, start, end)
    else {
      loops.push([start, end])
      if (step.kind === 'repeat') return touch(step.flag, start, end)
      if (step.test !== undefined) touch(step.test.result, start, end)
      if (step.turns !== undefined) touch(step.turns, start, end)
    }
  }
  // inner loops end before those around them
  const loops: (readonly [start: number, end: number])[] = []
  steps.forEach(walk)
  for (const [start, end] of loops)
    for (const life of lives.values()) {
      const isInside = life.first >= start && life.last <= end
      if (isInside || life.last < start || life.first > end) continue
      life.first = Math.min(life.first, start)
      life.last = Math.max(life.last, end)
    }
  return [...lives].map(([owner, life]) => ({ owner, ...life }))
}

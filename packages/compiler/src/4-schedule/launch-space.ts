// launch-space: how many groups, and which one this is
//
// A launch is one line of groups. Where it may be longer than a target's limit for one dimension it folds into a second
// one, and the last row may have groups without work.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../ir/kernel/kernel.ts'
import { indexExpr, testIndex } from './kernel-context.ts'
import { atMost } from './partition-state.ts'

/** Groups in one dimension that every target allows. */
const GROUPS_LIMIT = 65_535

/** A line of `count` groups. */
export interface LaunchSpace {
  readonly groups: readonly [Dim, Dim, Dim]
  /** This group: 0 .. count-1, as an index symbol named `q`. */
  readonly index: Dim
  /** Wraps a body so that it runs for groups that exist. */
  wrap(body: readonly Stmt[]): readonly Stmt[]
}

/** Returns the launch of `count` groups. */
export function launchSpace(count: Dim): LaunchSpace {
  const fits = atMost(count) <= GROUPS_LIMIT
  const g0 = dims.symbol('g0', { min: 0, below: fits ? count : GROUPS_LIMIT })
  if (fits) return { groups: [count, 1, 1], index: g0, wrap: (body) => body }
  const raw = dims.add(dims.mul(dims.symbol('g1', { min: 0 }), GROUPS_LIMIT), g0)
  const index = dims.symbol('q', { min: 0, below: count })
  const value: Expr = indexExpr(raw)
  return {
    groups: [dims.min(count, GROUPS_LIMIT), dims.ceilDiv(count, GROUPS_LIMIT), 1],
    index,
    wrap: (body) => [
      { kind: 'let', name: 'q', value },
      { kind: 'if', condition: testIndex(index, '<', count), then: body, otherwise: [] },
    ],
  }
}

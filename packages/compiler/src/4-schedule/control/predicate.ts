// predicate: a kernel -> one that does nothing unless a flag is set
//
// What a GPU has been told to launch runs: a branch that is not taken is kernels that return at once.

import type { Value } from '../../ir/graph/graph.ts'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { apply, constant, groupArray, paramFor, scalarOf } from '../kernel-context.ts'
import type { FormedGroup } from '../schedule-segment.ts'

/** Returns a kernel that runs where the scalar bool in the buffer `flag` is true. */
export function predicated({ group, context, formed }: FormedGroup, flag: Value): FormedGroup {
  const own = { ...context, params: new Map(context.params), arrays: [...context.arrays] }
  const param = paramFor(own, flag, 'read')
  const array = groupArray(own, 'i32', 1, 1)
  const name = context.namer.name('u')
  const load: Expr = { kind: 'load', type: scalarOf(flag.type.dtype), width: 1, param, index: 0 }
  const local: Expr = { kind: 'local', type: 'i32', width: 1, name }
  const condition = apply('ne', 'bool', local, constant('i32', 0))
  const body = [
    { kind: 'agree', name, array, value: { kind: 'cast', type: 'i32', width: 1, arg: load } } as const,
    { kind: 'if', condition, then: formed.body, otherwise: [] } as const,
  ]
  return { group, context: own, formed: { ...formed, body } }
}

// form-resident: steps with control flow -> one kernel
//
// One group of lanes runs all of it, turn by turn, or on targets where groups can wait for one another several: what each
// part stores is seen by the next after a barrier, and what decides is read by one lane of each group and agreed upon by all.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Value } from '../../ir/graph/graph.ts'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import type { Crew } from './form-part.ts'
import { alternate, countTurns, type Halves } from './alternate.ts'
import { type FormedStep, launchesOf } from './formed-step.ts'
import {
  type KernelContext,
  allOf,
  apply,
  constant,
  createKernelContext,
  groupArray,
  indexExpr,
  paramFor,
  scalarOf,
} from '../kernel-context.ts'
import type { Group } from '../partition-state.ts'
import { stageInvariant } from './stage-invariant.ts'
import type { FormedGroup } from '../schedule-segment.ts'
import type { Namer } from '../space.ts'

/** What is shared with what is around. */
export interface ResidentOptions {
  readonly namer: Namer
  readonly crew: Crew
  /** Elements of group memory for what every turn reads again; 0: none. */
  readonly room: number
  ownerOf(value: Value): Value
  /** Returns a value that no op has made. */
  fresh(type: Value['type']): Value
}

/** Returns the kernel that runs `steps`, whose parts were formed for this crew with names of one namer. */
export function formResident(
  steps: readonly FormedStep[],
  { namer, crew, ownerOf, fresh, room }: ResidentOptions,
): FormedGroup {
  const { lanes, groups } = crew
  const parts = launchesOf(steps).map(({ formed }) => formed)
  const group = mergeGroups(parts, groups)
  const producers = new Map(parts.flatMap(({ context }) => [...context.producers]))
  const context = createKernelContext(group, producers, ownerOf, namer)
  const agreed = groupArray(context, 'i32', 1, 1)
  const state: ResidentState = { context, ownerOf, fresh, agreed, groups, times: 1, halves: new Map() }
  const turns = emitSteps(steps, state, { read: new Set(), written: new Set() })
  const body = room === 0 ? turns : stageInvariant(turns, { context, crew, room })
  return { group, context, formed: { lanes: [lanes, 1, 1], groups: [groups, 1, 1], body } }
}

interface ResidentState {
  readonly context: KernelContext
  ownerOf(value: Value): Value
  fresh(type: Value['type']): Value
  /** The array by which lanes agree on what decides. */
  readonly agreed: string
  readonly groups: number
  /** How often the steps at hand run. */
  readonly times: Dim
  /** Where in another buffer the buffers are that alternate. */
  readonly halves: Halves
}

/** Buffers that were read or written since the last barrier. */
interface Pending {
  readonly read: Set<Value>
  readonly written: Set<Value>
}

function mergeGroups(parts: readonly FormedGroup[], groups: number): Group {
  const [first] = parts
  if (first === undefined) return internalError('control flow without kernels')
  return {
    ...first.group,
    members: new Set(parts.flatMap(({ group }) => [...group.members])),
    reads: new Set(parts.flatMap(({ group }) => [...group.reads])),
    reasons: new Set([`control flow runs inside ${groups === 1 ? 'one group' : `${groups} groups`} of lanes`]),
    refused: parts.flatMap(({ group }) => group.refused),
  }
}

function flush(pending: Pending, { groups }: ResidentState): readonly Stmt[] {
  if (pending.read.size + pending.written.size === 0) return []
  pending.read.clear()
  pending.written.clear()
  return [{ kind: 'barrier', memory: groups === 1 ? 'buffers' : 'grid' }]
}

function emitSteps(steps: readonly FormedStep[], state: ResidentState, pending: Pending): readonly Stmt[] {
  return steps.flatMap((step): readonly Stmt[] => {
    if (step.kind === 'launch') return emitPart(step.formed, state, pending)
    if (step.kind === 'repeat') return internalError('the host repeats nothing inside a kernel')
    return step.kind === 'branch' ? emitBranch(step, state, pending) : emitLoop(step, state, pending)
  })
}

function emitPart({ context: own, formed }: FormedGroup, state: ResidentState, pending: Pending): readonly Stmt[] {
  const { context, ownerOf, times, halves } = state
  const names = new Map<string, string>()
  const offsets = new Map<string, Dim>()
  const uses = [...own.params].map(([value, { name, reads, writes }]) => {
    const owner = ownerOf(value)
    const { pair = owner, offset = 0 } = halves.get(owner) ?? {}
    if (reads) names.set(name, paramFor(context, pair, 'read'))
    if (writes) names.set(name, paramFor(context, pair, 'write'))
    offsets.set(name, offset)
    return { owner, reads, writes }
  })
  const waits = uses.some(({ owner, writes }) => pending.written.has(owner) || (writes && pending.read.has(owner)))
  const before = waits ? flush(pending, state) : []
  for (const { owner, reads, writes } of uses) {
    if (reads) pending.read.add(owner)
    if (writes) pending.written.add(owner)
  }
  context.arrays.push(...own.arrays)
  context.flops = dims.add(context.flops, dims.mul(own.flops, times))
  const access = (index: Dim, name: string): Dim => dims.add(index, offsets.get(name) ?? 0)
  return [...before, ...mapKernel(formed.body, { access, param: (name) => names.get(name) ?? name })]
}

/** The scalar of a buffer as a local that is the same for all lanes. */
function agree(value: Value, state: ResidentState, pending: Pending): readonly [stmts: readonly Stmt[], local: Dim] {
  const { context, ownerOf, agreed, groups, halves } = state
  const owner = ownerOf(value)
  const type = scalarOf(owner.type.dtype)
  const { pair = owner, offset = 0 } = halves.get(owner) ?? {}
  const param = paramFor(context, pair, 'read')
  const before = pending.written.has(owner) ? flush(pending, state) : []
  // agreeing is a barrier of the group: only other groups may still be reading
  if (groups > 1) pending.read.add(owner)
  const load: Expr = { kind: 'load', type, width: 1, param, index: offset }
  const name = context.namer.name('u')
  const value32: Expr = type === 'i32' ? load : { kind: 'cast', type: 'i32', width: 1, arg: load }
  return [
    [...before, { kind: 'agree', name, array: agreed, value: value32 }],
    // below: nothing is known of it, it may be negative
    dims.symbol(name, { min: -(2 ** 31) }),
  ]
}

function emitBranch(
  { index, arms }: Extract<FormedStep, { readonly kind: 'branch' }>,
  state: ResidentState,
  pending: Pending,
): readonly Stmt[] {
  const [before, chosen] = agree(index, state, pending)
  const bodies = arms.map((arm) => {
    const own: Pending = { read: new Set(pending.read), written: new Set(pending.written) }
    return [...emitSteps(arm, state, own), ...flush(own, state)]
  })
  pending.read.clear()
  pending.written.clear()
  if (index.type.dtype === 'bool') {
    const [then = [], otherwise = []] = bodies
    const condition = apply('ne', 'bool', indexExpr(chosen), constant('i32', 0))
    return [...before, { kind: 'if', condition, then, otherwise }]
  }
  const [last = [], ...others] = [...bodies].reverse()
  const choose = others.reduce<readonly Stmt[]>((otherwise, then, i) => {
    const condition = apply('le', 'bool', indexExpr(chosen), constant('i32', arms.length - 2 - i))
    return [{ kind: 'if', condition, then, otherwise }]
  }, last)
  return [...before, ...choose]
}

function emitLoop(
  step: Extract<FormedStep, { readonly kind: 'loop' }>,
  state: ResidentState,
  pending: Pending,
): readonly Stmt[] {
  const { counter, from = 0, reckoned, count, maximum, test, body } = step
  const { namer } = state.context
  const name = namer.name('turn')
  const isOnce = typeof counter === 'number'
  const symbol = isOnce ? 0 : dims.symbol(name, { min: 0 })
  const carries = alternate(step, state)
  const head: Stmt[] = [...emitSteps(step.start, { ...state, halves: carries.first }, pending)]
  head.push(...emitSteps(carries.before, { ...state, halves: carries.filled }, pending))
  const limits: Expr[] = [
    ...(count === undefined ? [] : [indexExpr(count)]),
    ...(maximum === undefined ? [] : [constant('i32', maximum)]),
  ]
  head.push(...flush(pending, state))
  const times = dims.mul(state.times, reckoned ?? count ?? 1)
  const inner: ResidentState = { ...state, times, halves: carries.at(symbol) }
  const tests: Stmt[] = []
  const conditions: Expr[] = []
  if (test !== undefined) {
    tests.push(...emitSteps(test.steps, inner, pending))
    const [stmts, truth] = agree(test.result, inner, pending)
    tests.push(...stmts)
    conditions.push(apply('ne', 'bool', indexExpr(truth), constant('i32', 0)))
  }
  const turn = [...emitSteps(body, inner, pending), ...flush(pending, state)]
  const rename = (stmts: readonly Stmt[]): readonly Stmt[] => {
    const names = new Map(dims.symbolsOf(counter).map((own) => [own.name, dims.add(from, symbol)]))
    return mapKernel(stmts, { dim: (index) => dims.substitute(index, names) })
  }
  const after = (turns: Dim): readonly Stmt[] =>
    emitSteps(carries.after, { ...state, halves: carries.left(turns) }, pending)
  if (test === undefined && count !== undefined && maximum === undefined) {
    // a counter that is a number counts one turn
    if (isOnce) return [...head, ...turn, ...after(1)]
    return [...head, { kind: 'for', name, count, unroll: false, body: rename(turn) }, ...after(count)]
  }
  const isOn = limits.map((limit) => apply('lt', 'bool', indexExpr(symbol), limit))
  const condition = allOf([...isOn, ...conditions]) ?? constant('bool', 1)
  const loop = { kind: 'while', name, test: rename(tests), condition, body: rename(turn) } as const
  if (carries.after.length === 0) return [...head, loop]
  const counted = countTurns(loop, namer)
  return [...head, ...counted.stmts, ...after(counted.turns)]
}

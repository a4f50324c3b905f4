// alternate: carries in two halves of one buffer
//
// A turn reads one half and writes the other, the next turn the other way round: nothing is copied, and nobody waits for
// a copy. What the loop begins with is in the first half; what it leaves goes to the buffer that others read, if some do.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'
import type { Value } from '../../ir/graph/graph.ts'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { constant, indexExpr } from '../kernel-context.ts'
import type { Namer } from '../space.ts'
import { type FormedStep, launchesOf } from './formed-step.ts'

/** Where in another buffer the buffers are that alternate. */
export type Halves = ReadonlyMap<Value, { readonly pair: Value; readonly offset: Dim }>

/** What is needed to know of what is around. */
interface Around {
  readonly halves: Halves
  ownerOf(value: Value): Value
  fresh(type: Value['type']): Value
}

/** The carries of a loop that alternate. */
export interface AlternatingCarries {
  /** While the loop's own start is written: what it writes is in the first half. */
  readonly first: Halves
  /** Fills first halves from the buffers of carries that something else began. */
  readonly before: readonly FormedStep[]
  readonly filled: Halves
  /** In a turn. */
  at(turn: Dim): Halves
  /** Fills the buffers of carries that are read when the loop is over. */
  readonly after: readonly FormedStep[]
  /** After as many turns. */
  left(turns: Dim): Halves
}

/** Returns where a loop's alternating carries are, and when. */
export function alternate(
  { alternating, start }: Extract<FormedStep, { readonly kind: 'loop' }>,
  { halves, ownerOf, fresh }: Around,
): AlternatingCarries {
  const begun = new Set(
    launchesOf(start).flatMap(({ formed: { context } }) =>
      [...context.params].filter(([, { writes }]) => writes).map(([value]) => ownerOf(value)),
    ),
  )
  const carries = alternating.map((carry) => {
    const { dtype, shape } = carry.owner.type
    // vectors of four begin at multiples of four
    const half = dims.mul(dims.ceilDiv(dims.product(shape), 4), 4)
    const pair = fresh({ dtype, shape: [dims.mul(half, 2)] })
    return { ...carry, owner: ownerOf(carry.owner), next: ownerOf(carry.next), pair, half }
  })
  const isBegun = ({ owner }: { readonly owner: Value }): boolean => begun.has(owner)
  const others = carries.filter((carry) => !isBegun(carry))
  const places = (
    of: typeof carries,
    place: (carry: (typeof carries)[number]) => readonly (readonly [value: Value, offset: Dim])[],
  ): Halves =>
    new Map([
      ...halves,
      ...of.flatMap((carry) => place(carry).map(([value, offset]) => [value, { pair: carry.pair, offset }] as const)),
    ])
  const second = (turn: Dim, half: Dim): Dim => dims.mul(dims.mod(turn, 2), half)
  return {
    first: places(carries.filter(isBegun), ({ owner }) => [[owner, 0]]),
    before: others.flatMap(({ before }) => before),
    filled: places(others, ({ next }) => [[next, 0]]),
    at: (turn) =>
      places(carries, ({ owner, next, half }) => [
        [owner, second(turn, half)],
        [next, dims.sub(half, second(turn, half))],
      ]),
    after: carries.filter(({ isRead }) => isRead).flatMap(({ after }) => after),
    left: (turns) => places(carries, ({ next, half }) => [[next, second(turns, half)]]),
  }
}

/** Returns a loop that says how many turns it has had. */
export function countTurns(
  loop: Extract<Stmt, { readonly kind: 'while' }>,
  namer: Namer,
): { readonly stmts: readonly Stmt[]; readonly turns: Dim } {
  const [counted, name] = [namer.name('turns'), namer.name('turns')]
  const next = indexExpr(dims.add(dims.symbol(loop.name, { min: 0 }), 1))
  invariant(loop.body.length > 0, 'a turn does something')
  return {
    stmts: [
      { kind: 'var', name: counted, type: 'i32', width: 1, init: constant('i32', 0) },
      { ...loop, body: [...loop.body, { kind: 'set', name: counted, value: next }] },
      { kind: 'let', name, value: { kind: 'local', type: 'i32', width: 1, name: counted } },
    ],
    turns: dims.symbol(name, { min: 0 }),
  }
}

// random-flow: programs with branches and loops inside one another, from random choices
//
// Loops of every kind (a size, a dimension, a number on the device, a test) over carries of every dtype, which are
// changed, swapped, kept, or replaced by what lies outside; what they give is used, given out, or left.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { optimize } from '../../src/3-optimize/optimize.ts'
import type { Graph, Value } from '../../src/ir/graph/graph.ts'
import { GraphBuilder } from './graph-builder.ts'
import { type Choose, rank } from './random-moves.ts'
import {
  ASSUMED,
  type Counter,
  type Scope,
  bounded,
  cast,
  isExact,
  isSameType,
  isScalar,
  oneOf,
  pick,
  sizeOf,
  valueOf,
  valueStep,
} from './random-values.ts'

/** The most loops and branches inside one another. */
const DEPTH = 3

/** The most turns of the innermost loop, all loops around it included. */
const TURNS = 40

/** Returns a program as it is recorded, or as the optimizer leaves it. */
export function randomProgram(choose: Choose, length: number): Graph {
  const isOptimized = choose(2) === 1
  const graph = randomFlow(choose, length)
  return isOptimized ? optimize(graph) : graph
}

/** Returns a program of about `length` steps, not counting those in regions. */
export function randomFlow(choose: Choose, length: number): Graph {
  const g = new GraphBuilder()
  const first = choose(2) === 0 ? dims.symbol('N', { min: 1, max: 16 }) : 4
  const floats = [g.input('x', [first, 6]), g.input('y', [first, 6]), g.weight('w', [6, 5])]
  const others = [
    g.input('i', [first, 3], 'i32'),
    g.input('u', [4], 'u32'),
    g.input('b', [3], 'bool'),
    g.input('k', [], 'i32'),
    g.input('p', [], 'bool'),
  ]
  const values = [...others, ...floats]
  const scope: Scope = { g, choose, values, exact: new Set(floats), counters: [], turns: 1 }
  const empty = block(scope, length, 0)
  const last = values.at(-1) ?? g.constant(0, [])
  const outputs: Record<string, Value> = { last }
  const count = choose(4)
  for (let i = 0; i < count; i++) outputs[`o${i}`] = pick(scope) ?? last
  if (empty !== undefined) outputs['empty'] = empty
  return g.graph(outputs)
}

/** Makes steps; returns a stack without rows, where there is one. */
function block(scope: Scope, length: number, depth: number): Value | undefined {
  let empty: Value | undefined
  for (let i = 0; i < length; i++) {
    // control flow is the higher choice: what fails shrinks to programs with less of it
    const kind = depth < DEPTH ? scope.choose(depth === 0 ? 5 : 8) : 0
    if (kind === 4) branchStep(scope, depth)
    else if (kind === 3) empty = loopStep(scope, depth) ?? empty
    else valueStep(scope)
  }
  return empty
}

function within(scope: Scope, more: Partial<Scope> = {}): Scope {
  return { ...scope, values: [...scope.values], ...more }
}

/** A scalar that decides. */
function decision(scope: Scope, dtype: 'bool' | 'i32'): Value {
  const { g, choose } = scope
  const found = choose(3) === 0 ? undefined : pick(scope, isScalar(dtype))
  if (found !== undefined) return found
  const x = pick(scope, (v) => isExact(scope, v) && rank(v) > 0 && sizeOf(v.type) > 0)
  if (x === undefined) return g.constant(1, [], dtype)
  const starts = x.type.shape.map(() => 0)
  const one = g.emit('slice', [x], { starts, steps: starts.map(() => 1), sizes: starts.map(() => 1) })
  return cast(scope, g.emit('reshape', [keep(scope, x, one)], { shape: [] }), dtype)
}

function keep(scope: Scope, source: Value, made: Value): Value {
  if (isExact(scope, source)) scope.exact.add(made)
  return made
}

function branchStep(scope: Scope, depth: number): void {
  const { g, choose } = scope
  const index = decision(scope, oneOf(choose, ['bool', 'i32']))
  const arms = index.type.dtype === 'bool' ? 2 : 1 + choose(4)
  const types = Array.from({ length: 1 + choose(3) }, () => pick(scope)?.type ?? { dtype: 'f32' as const, shape: [] })
  const results = g.branch(
    index,
    Array.from({ length: arms }, () => () => {
      const inner = within(scope)
      block(inner, choose(4), depth + 1)
      return types.map((type) => valueOf(inner, type, choose(2) === 0))
    }),
  )
  scope.values.push(...results)
}

interface Turns {
  readonly count: Dim | Value | undefined
  readonly maximum?: number
  readonly below: Dim | undefined
  /** How many, at most. */
  readonly most: number
}

function turnsOf(scope: Scope): Turns {
  const { g, choose, turns } = scope
  const room = Math.max(1, Math.floor(TURNS / turns))
  const small = Math.min(choose(5), room)
  switch (choose(4)) {
    case 0:
      return { count: small, below: small === 0 ? undefined : small, most: small }
    case 1: {
      const [n] = g.inputs[0]?.value.type.shape ?? []
      if (n === undefined || ASSUMED > room) return { count: 1, below: 1, most: 1 }
      return { count: n, below: n, most: ASSUMED }
    }
    case 2: {
      const number = decision(scope, 'i32')
      const below = g.emit('mod', [number, g.constant(Math.min(4, room + 1), [], 'i32')], {})
      const count = choose(3) === 0 ? g.emit('sub', [below, g.constant(1, [], 'i32')], {}) : below
      return { count, below: undefined, most: 3 }
    }
    default:
      return { count: undefined, maximum: small, below: undefined, most: small }
  }
}

/** Returns a stack without rows, where the loop makes one. */
function loopStep(scope: Scope, depth: number): Value | undefined {
  const { g, choose } = scope
  const turns = turnsOf(scope)
  const isSized = turns.count !== undefined && !isValue(turns.count)
  const limit = turns.count === undefined && choose(2) === 0 ? decision(scope, 'i32') : undefined
  const init = Array.from({ length: choose(5) }, () => pick(scope)).filter((v) => v !== undefined)
  if (limit !== undefined) init.push(g.constant(choose(2), [], 'i32'))
  const stacked = isSized ? choose(3) : 0
  if (init.length + stacked === 0) return undefined
  const inside = (carry: readonly Value[], counters: readonly Counter[]): Scope =>
    within(scope, { values: [...scope.values, ...carry], counters, turns: scope.turns * Math.max(1, turns.most) })
  const results = g.loop({
    init,
    count: turns.count,
    ...(turns.maximum === undefined ? {} : { maximum: turns.maximum }),
    isReversed: isSized && choose(2) === 0,
    test:
      turns.count === undefined
        ? (carry) => {
            const inner = inside(carry, scope.counters)
            block(inner, choose(3), DEPTH)
            const last = carry.at(-1)
            return limit === undefined || last === undefined ? decision(inner, 'bool') : g.emit('lt', [last, limit], {})
          }
        : undefined,
    body: (carry, index) => {
      const inner = inside(carry, [...scope.counters, { index, below: turns.below }])
      block(inner, 1 + choose(4), depth + 1)
      const next = carry.map((param) => nextOf(inner, param))
      const last = carry.at(-1)
      if (limit !== undefined && last !== undefined)
        next[next.length - 1] = g.emit('add', [last, g.constant(1, [], 'i32')], {})
      const rows = Array.from({ length: stacked }, () => pick(inner, (v) => rank(v) <= 2) ?? g.constant(1, []))
      return [...next, ...rows]
    },
  })
  const stacks = results.slice(init.length)
  scope.values.push(...results.slice(0, init.length))
  if (turns.most === 0) return stacks[0]
  scope.values.push(...stacks.filter(({ type }) => sizeOf(type) * scope.turns <= 600))
  return undefined
}

function isValue(count: Dim | Value): count is Value {
  return typeof count === 'object' && 'id' in count
}

/** What a carry becomes: anything of its type, itself and the others included, or something new. */
function nextOf(scope: Scope, param: Value): Value {
  const { g, choose } = scope
  switch (choose(6)) {
    case 0:
      return param
    case 1:
    case 2:
      return valueOf(scope, param.type, true)
    default: {
      const found = pick(scope, (v) => v !== param && isSameType(v.type, param.type)) ?? valueOf(scope, param.type)
      return param.type.dtype === 'f32' && choose(2) === 0 ? bounded(g, found) : found
    }
  }
}

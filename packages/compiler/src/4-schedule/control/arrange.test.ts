import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { arrange } from './arrange.ts'

const local = (name: string): Expr => ({ kind: 'local', type: 'f32', width: 1, name })
const load = (param: string, index: dims.Dim): Expr => ({ kind: 'load', type: 'f32', width: 1, param, index })
const add = (a: Expr, b: Expr): Expr => ({ kind: 'apply', type: 'f32', width: 1, op: 'add', args: [a, b] })
const zero: Expr = { kind: 'const', type: 'f32', width: 1, value: 0 }

/** name = the sum of `count` elements of a buffer. */
function sum(name: string, param: string, count: number): readonly Stmt[] {
  const index = dims.symbol(`${name}k`, { min: 0, below: count })
  const body: readonly Stmt[] = [{ kind: 'set', name, value: add(local(name), load(param, index)) }]
  return [
    { kind: 'var', name, type: 'f32', width: 1, init: zero },
    { kind: 'for', name: `${name}k`, count, unroll: false, body },
  ]
}

const shapeOf = (stmts: readonly Stmt[]): readonly string[] =>
  stmts.map((stmt) => (stmt.kind === 'for' ? `for ${stmt.body.length}` : 'name' in stmt ? stmt.name : stmt.kind))

test('loops of as many turns are one, and what is read stands before it', () => {
  const done = arrange([
    ...sum('a', 'p', 8),
    { kind: 'let', name: 'x', value: load('p', 9) },
    ...sum('b', 'q', 8),
    ...sum('c', 'q', 3),
    { kind: 'store', param: 'y', index: 0, value: add(add(local('a'), local('b')), local('x')) },
  ])
  expect(shapeOf(done)).toEqual(['a', 'x', 'b', 'c', 'for 2', 'for 1', 'store'])
})

test('a loop that needs what another has summed, or that reads what is stored, stays behind it', () => {
  const scaled: Stmt = { kind: 'set', name: 'b', value: local('a') }
  const [declared, loop] = sum('b', 'q', 8)
  expect(shapeOf(arrange([...sum('a', 'p', 8), declared, scaled, loop].filter((s) => s !== undefined)))).toEqual([
    'a',
    'b',
    'for 1',
    'b',
    'for 1',
  ])
  const store: Stmt = { kind: 'store', param: 'q', index: 0, value: local('a') }
  expect(shapeOf(arrange([...sum('a', 'p', 8), store, ...sum('b', 'q', 8)]))).toEqual([
    'a',
    'b',
    'for 1',
    'store',
    'for 1',
  ])
})

// What all groups have in common is told from what they have not.
import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { constant, g0, index, kernel, load, local } from '../../tests/support/kernels.ts'
import { splitGroups } from './split-groups.ts'

const n = dims.symbol('n', { min: 1 })
const k0 = dims.symbol('k0', { min: 0, below: 8 })
const fill = (array: string, at: dims.Dim, value = index(dims.add(k0, n))): Stmt => ({
  kind: 'for',
  name: 'k0',
  count: 8,
  unroll: false,
  body: [{ kind: 'groupStore', array, index: at, value }],
})
const use: Stmt = { kind: 'store', param: 'y', index: g0, value: constant(1) }
const countOnce = (...body: readonly Stmt[]): number => {
  const { once, each } = splitGroups(kernel({ dims: ['n'], body }))
  expect([...once, ...each]).toEqual(body)
  return once.length
}

test('tables at the start are filled once', () => {
  expect(countOnce(fill('a', k0), fill('b', dims.mul(2, k0)), use)).toBe(2)
})

test.each<readonly [string, readonly Stmt[]]>([
  ['with the number of the group', [fill('a', k0, index(dims.add(k0, g0)))]],
  ['at a place of the group', [fill('a', dims.add(k0, g0))]],
  ['from memory that others may write', [fill('a', k0, load('x', k0, 'i32'))]],
  ['from a local of the group', [{ kind: 'let', name: 'm', value: index(g0) }, fill('a', k0, local('m', 'i32'))]],
  ['and changed later', [fill('a', k0), { kind: 'groupStore', array: 'a', index: 0, value: index(1) }]],
  ['and used to join lanes', [fill('a', k0), { kind: 'combine', name: 'c', array: 'a', op: 'add', value: index(1) }]],
  ['after something else', [use, fill('a', k0)]],
])('a table filled %s is filled by each group', (_, body) => {
  expect(countOnce(...body, use)).toBe(0)
})

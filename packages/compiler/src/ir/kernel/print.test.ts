// Kernels as text, in files; `vitest -u` writes them anew.
import { expect, test } from 'vitest'
import * as k from '../../../tests/support/kernels.ts'
import { printExpr, printKernel, printStmt } from './print.ts'

test.each(Object.entries(k.samples))('%s', async (name, make) => {
  await expect(`${printKernel(make())}\n`).toMatchFileSnapshot(`../../../tests/samples/kernel/${name}.txt`)
})

test('operators get parentheses where they meet', () => {
  const [a, b] = [k.local('a'), k.local('b')]
  const product = k.apply('mul', k.apply('add', a, b), k.apply('neg', b))
  expect(printExpr(product)).toBe('(a + b) * neg(b)')
  expect(printExpr(k.constant(-0))).toBe('-0')
  expect(printExpr(k.constant(1, 'bool', 4))).toBe('splatx4(true)')
  expect(printExpr({ kind: 'component', type: 'f32', width: 1, at: 2, arg: k.load('x', 0, 'f32', 4) })).toBe(
    '(loadx4 x[0]).z',
  )
})

test('a statement by itself', () => {
  const condition = k.apply('lt', k.index(k.l0), k.constant(3, 'i32'))
  expect(
    printStmt({
      kind: 'if',
      condition,
      then: [{ kind: 'barrier', memory: 'group' }],
      otherwise: [{ kind: 'barrier', memory: 'group' }],
    }),
  ).toBe('if [l0] < 3i\n  barrier\nelse\n  barrier')
})

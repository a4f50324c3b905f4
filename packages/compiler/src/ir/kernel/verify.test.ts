// Each rule of the kernel form, broken once.
import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import * as k from '../../../tests/support/kernels.ts'
import { verifyKernel } from './verify.ts'

const x = { name: 'x', dtype: 'f32', access: 'read' } as const
const y = { name: 'y', dtype: 'f32', access: 'write' } as const
const one = k.constant(1)
const store = (value: k.Expr, index: dims.Dim = k.l0, param = 'y'): k.Stmt => ({ kind: 'store', param, index, value })
const declare = (name: string, value: k.Expr): k.Stmt => ({ kind: 'let', name, value })
const barrier: k.Stmt = { kind: 'barrier', memory: 'group' }
const branch = (condition: k.Expr, ...then: readonly k.Stmt[]): k.Stmt => ({
  kind: 'if',
  condition,
  then,
  otherwise: [],
})
const loop = (count: dims.Dim, ...body: readonly k.Stmt[]): k.Stmt => ({
  kind: 'for',
  name: 'k',
  count,
  unroll: false,
  body,
})
const i32 = (n: number): k.Expr => k.constant(n, 'i32')

test('samples are well formed', () => {
  for (const make of Object.values(k.samples)) expect(() => verifyKernel(make())).not.toThrow()
})

const broken: readonly (readonly [message: string, body: readonly k.Stmt[], parts?: Partial<k.Kernel>])[] = [
  ['v is declared twice', [declare('v', one), declare('v', one)]],
  ['l0 is declared twice', [declare('l0', i32(1))]],
  ['y is declared twice', [], { dims: ['y'] }],
  ['its name is no identifier', [], { name: 'a b' }],
  ['v is read, and is not in scope', [branch(k.constant(1, 'bool'), declare('v', one)), store(k.local('v'))]],
  ['v is f32x1, read as i32x1', [declare('v', one), store(k.cast(k.local('v', 'i32'), 'f32'))]],
  ['n is no symbol in scope', [store(one, dims.symbol('n'))]],
  ['k is no symbol in scope', [loop(3), store(one, dims.symbol('k'))]],
  ['s0 is no symbol in scope', [store(one, dims.symbol('s0'))]],
  ['y is loaded, and is only written', [store(k.load('y', 0))]],
  ['x is stored to, and is only read', [store(one, 0, 'x')]],
  ['q is loaded, and is no parameter', [store(k.load('q', 0))]],
  ['x holds f32, and is loaded as i32', [store(k.cast(k.load('x', 0, 'i32'), 'f32'))]],
  ['y holds f32, and i32 is stored', [store(i32(1))]],
  ['x is loaded across vectors', [store(k.load('x', dims.add(dims.mul(k.l0, 4), 2), 'f32', 4), dims.mul(k.l0, 4))]],
  ['add of unequal types', [store(k.apply('add', one, i32(1)))]],
  ['add of unequal widths', [store(k.apply('add', one, k.constant(1, 'f32', 4)))]],
  ['neg of 2 operands', [store(k.apply('neg', one, one))]],
  ['no exp of i32', [store(k.cast(k.apply('exp', i32(1)), 'f32'))]],
  ['no and of f32', [store(k.apply('and', one, one))]],
  ['lt of f32 gives bool, not f32', [store({ kind: 'apply', type: 'f32', width: 1, op: 'lt', args: [one, one] })]],
  ['where without a bool', [store(k.apply('where', one, one, one))]],
  ['a condition is not a scalar bool', [branch(one)]],
  ['0.1 is no f32', [store(k.constant(0.1))]],
  ['1.5 is no i32', [store(k.cast(i32(1.5), 'f32'))]],
  ['v is set, and is no variable in scope', [declare('v', one), { kind: 'set', name: 'v', value: one }]],
  [
    'v[4] is outside its 4 elements',
    [
      { kind: 'var', name: 'v', type: 'f32', width: 1, length: 4, init: one },
      { kind: 'set', name: 'v', element: 4, value: one },
    ],
  ],
  [
    'a[l0 + 64] is outside its 64 elements',
    [{ kind: 'groupStore', array: 'a', index: dims.add(k.l0, 64), value: one }],
    { arrays: [{ name: 'a', type: 'f32', width: 1, length: 64 }] },
  ],
  ['unroll k needs a count known at build', [{ kind: 'for', name: 'k', count: k.l0, unroll: true, body: [] }]],
  ['a barrier stands where not all lanes arrive', [branch(k.apply('lt', k.index(k.l0), i32(3)), barrier)]],
  ['a barrier stands where not all lanes arrive', [loop(k.l0, barrier)]],
  [
    'a barrier stands where not all lanes arrive',
    [declare('v', k.index(k.l0)), branch(k.apply('lt', k.local('v', 'i32'), i32(3)), barrier)],
  ],
  ['a barrier stands where not all lanes arrive', [branch(k.apply('lt', k.load('x', 0), one), barrier)]],
  [
    'a barrier stands where not all lanes arrive',
    [
      { kind: 'var', name: 'v', type: 'i32', width: 1, init: i32(0) },
      loop(3, branch(k.apply('lt', k.local('v', 'i32'), i32(1)), barrier), {
        kind: 'set',
        name: 'v',
        value: k.index(k.l0),
      }),
    ],
  ],
]

for (const [message, body, parts = {}] of broken) {
  test(message, () => {
    const verify = (): void => verifyKernel(k.kernel({ params: [x, y], body, ...parts }))
    expect(verify).toThrow(`internal: kernel ${parts.name ?? 'test'}: ${message}`)
  })
}

test('barriers under uniform conditions and in uniform loops', () => {
  const B = dims.symbol('B', { max: 9 })
  const body = [loop(B, barrier), branch(k.apply('lt', k.index(k.g0), k.index(B)), barrier)]
  expect(() => verifyKernel(k.kernel({ dims: ['B'], body }))).not.toThrow()
})

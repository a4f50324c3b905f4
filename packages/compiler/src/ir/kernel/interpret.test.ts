// Kernels on the CPU: results, and what no kernel may do.
import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import * as k from '../../../tests/support/kernels.ts'
import { type KernelLaunch, interpretKernel } from './interpret.ts'

const y = { name: 'y', dtype: 'f32', access: 'write' } as const
const array = { name: 'a', type: 'f32', width: 1, length: 64 } as const
const store = (value: k.Expr, index: dims.Dim = k.l0): k.Stmt => ({ kind: 'store', param: 'y', index, value })
const stage = (value: k.Expr, index: dims.Dim = k.l0): k.Stmt => ({ kind: 'groupStore', array: 'a', index, value })
const staged = (index: dims.Dim): k.Expr => ({ kind: 'groupLoad', type: 'f32', width: 1, array: 'a', index })

function run(
  parts: Partial<k.Kernel> & { readonly body: readonly k.Stmt[] },
  launch: Partial<KernelLaunch> = {},
): number[] {
  const out = new Float32Array(64)
  const kernel = k.kernel({ params: [y], ...parts })
  interpretKernel(kernel, { buffers: new Map([['y', out]]), groups: [1, 1, 1], ...launch })
  return [...out]
}

test('a row softmax over three groups', () => {
  const x = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * 7) * 3)
  const out = new Float32Array(300)
  interpretKernel(k.softmaxRows(), {
    buffers: new Map([
      ['x', padded(x, 364)],
      ['y', out],
    ]),
    groups: [3, 1, 1],
  })
  for (const row of [0, 1, 2]) {
    const own = Array.from(x.slice(row * 100, row * 100 + 100))
    const exps = own.map((v) => Math.exp(v - Math.max(...own)))
    const total = exps.reduce((a, b) => a + b)
    exps.forEach((e, i) => expect(out[row * 100 + i]).toBeCloseTo(e / total, 6))
  }
})

test('a tiled matrix product with a ragged edge', () => {
  const [x, w, b] = [filled(5 * 96), filled(96 * 64), filled(64)]
  const out = new Float32Array(5 * 64)
  const buffers = new Map([
    ['x', x],
    ['w', w],
    ['b', b],
    ['y', out],
  ])
  interpretKernel(k.tiledMatmul(), { buffers, dims: new Map([['B', 5]]), groups: [1, 2, 1] })
  out.forEach((value, at) => {
    const [i, j] = [Math.floor(at / 64), at % 64]
    let sum = b[j]!
    for (let d = 0; d < 96; d++) sum += x[i * 96 + d]! * w[d * 64 + j]!
    expect(value).toBeCloseTo(Math.max(sum, 0), 4)
  })
})

test('vectors, scalars of a launch, and narrow stores', () => {
  const x = Float32Array.from({ length: 256 }, (_, i) => i / 100)
  const z = Float32Array.from({ length: 300 }, (_, i) => i / 50)
  const [out, big] = [new Float32Array(256), new Uint32Array(256)]
  const buffers = new Map<string, Float32Array | Uint32Array>([
    ['x', x],
    ['z', z],
    ['y', out],
    ['big', big],
  ])
  interpretKernel(k.vectors(), { buffers, groups: [1, 1, 1], scalars: [3] })
  expect(Math.abs(out[100]! - (x[100]! * z[3]! + Math.tanh(z[112]!)))).toBeLessThan(1e-3)
  expect([big[50], big[51]]).toEqual([0, 1])
})

test('reads stay on their side of writes', () => {
  const values = Float32Array.from({ length: 64 }, (_, i) => i)
  interpretKernel(k.ordered(), { buffers: new Map([['y', values]]), groups: [1, 1, 1] })
  expect(Array.from(values.slice(0, 3))).toEqual([6, 10, 16])
})

test('where chooses before it reads', () => {
  const inside = k.apply('lt', k.index(k.l0), k.constant(3, 'i32'))
  const x = { name: 'x', dtype: 'f32', access: 'read' } as const
  const body = [store(k.apply('where', inside, k.load('x', k.l0), k.constant(9)))]
  const out = new Float32Array(64)
  interpretKernel(k.kernel({ params: [x, y], body }), {
    buffers: new Map([
      ['x', Float32Array.of(1, 2, 3)],
      ['y', out],
    ]),
    groups: [1, 1, 1],
  })
  expect(Array.from(out.slice(0, 5))).toEqual([1, 2, 3, 9, 9])
})

test('leaving a buffer or an array', () => {
  expect(() => run({ body: [store(k.constant(1), dims.add(k.l0, 1))] })).toThrow('internal: kernel test: y[64] of 64')
  expect(() => run({ arrays: [array], body: [stage(k.constant(1), dims.sub(k.l0, 1))] })).toThrow('a[-1] of 64')
  const index = dims.mul(k.l0, 2)
  const body: k.Stmt[] = [
    { kind: 'var', name: 'v', type: 'f32', width: 1, length: 4, init: k.constant(0) },
    { kind: 'set', name: 'v', element: index, value: k.constant(1) },
  ]
  expect(() => run({ body })).toThrow('v[4] of 4')
})

test('races: in group memory between barriers, in buffers over the whole launch', () => {
  const next = dims.mod(dims.add(k.l0, 1), 64)
  const value = k.cast(k.index(k.l0), 'f32')
  expect(() => run({ arrays: [array], body: [stage(value), store(staged(next))] })).toThrow(
    'a[1] is read before it is written',
  )
  expect(() =>
    run({ arrays: [array], body: [stage(value), { kind: 'barrier', memory: 'group' }, store(staged(next))] }),
  ).not.toThrow()
  const shifted: k.Stmt[] = [stage(value), { kind: 'barrier', memory: 'group' }, stage(staged(next))]
  expect(() => run({ arrays: [array], body: shifted })).toThrow(
    'a race: a[1] is read by one lane and written by another',
  )
  expect(() => run({ body: [store(value, 0)] })).toThrow('a race: y[0] is written by two lanes')
  expect(() => run({ body: [store(value, 0)] }, { races: 'ignore' })).not.toThrow()
  expect(() => run({ body: [store(k.constant(4), 0)] })).not.toThrow()
})

test('a barrier that only some lanes reach', () => {
  const half = k.apply('lt', k.index(k.l0), k.constant(32, 'i32'))
  const body: k.Stmt[] = [{ kind: 'if', condition: half, then: [{ kind: 'barrier', memory: 'group' }], otherwise: [] }]
  expect(() => run({ body })).toThrow('not all lanes of a group reach the same barrier')
})

function padded(values: Float32Array, length: number): Float32Array {
  const out = new Float32Array(length)
  out.set(values)
  return out
}

function filled(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 3 + 1))
}

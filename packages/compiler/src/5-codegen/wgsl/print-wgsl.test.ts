// Printed kernels as files; `vitest -u` writes them anew.
import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import * as k from '../../../tests/support/kernels.ts'
import { verifyKernel } from '../../ir/kernel/verify.ts'
import { printWgsl } from './print-wgsl.ts'

const folder = '../../../tests/samples/wgsl'

describe('samples', () => {
  for (const [name, make] of Object.entries(k.samples)) {
    test(name, async () => {
      verifyKernel(make())
      await expect(printWgsl(make(), { names: 'readable' }).code).toMatchFileSnapshot(`${folder}/${name}.wgsl`)
      await expect(printWgsl(make(), { names: 'minified' }).code).toMatchFileSnapshot(`${folder}/${name}.min.wgsl`)
    })
  }
})

const store = (value: k.Expr, index: dims.Dim = k.l0): k.Stmt => ({ kind: 'store', param: 'y', index, value })
const y = { name: 'y', dtype: 'f32', access: 'write' } as const
const x = { name: 'x', dtype: 'f32', access: 'read' } as const

/** Returns the lines of the entry point. */
function bodyOf(kernel: k.Kernel): readonly string[] {
  const lines = printWgsl(kernel, { names: 'readable' }).code.split('\n')
  return lines.slice(lines.findIndex((line) => line.startsWith('fn main')) + 1, -2).map((line) => line.trim())
}

test('shared expressions are printed once, however deep', () => {
  let value = k.load('x', k.l0)
  for (let i = 0; i < 40; i++) value = k.apply('mul', value, value)
  const lines = bodyOf(k.kernel({ params: [x, y], body: [store(value)] }))
  expect(lines).toHaveLength(42)
  expect(lines.at(-1)).toBe('y[l0] = v_39 * v_39;')
})

test('an index that is the same but for a constant shares the rest', () => {
  const at = dims.add(dims.mul(k.g0, 64), dims.mul(k.l0, 2))
  const sum = k.apply('add', k.load('x', at), k.load('x', dims.add(at, 1)))
  expect(bodyOf(k.kernel({ params: [x, y], body: [store(sum)] })).slice(2)).toEqual([
    'let v = 64 * g0 + 2 * l0;',
    'y[l0] = x[v] + x[v + 1];',
  ])
})

test('quotients: a shift for powers of two, the operator where nothing is negative, a floored routine elsewhere', () => {
  const q = (d: dims.Dim): k.Stmt => store(k.load('x', d))
  const body = [q(dims.floorDiv(k.l0, 8)), q(dims.mod(k.l0, 6)), q(dims.floorDiv(dims.mul(k.l0, -3), 5))]
  expect(bodyOf(k.kernel({ params: [x, y], body })).slice(1)).toEqual([
    'y[l0] = x[l0 >> 3u];',
    'y[l0] = x[l0 % 6];',
    'y[l0] = x[tj_floor_div_i32(-(3 * l0), 5)];',
  ])
})

test('a dimension that is a multiple reads as its whole value', () => {
  const B = dims.symbol('B', { multipleOf: 8, max: 64 })
  const kernel = k.kernel({ params: [x, y], dims: ['A', 'B'], body: [store(k.load('x', dims.floorDiv(B, 8)))] })
  expect(bodyOf(kernel)).toEqual(['let B = u[0].y;', 'let l0 = i32(lane.x);', 'y[l0] = x[B / 8];'])
})

test('constants of every kind', () => {
  const values = [1, -1.5, -0, 0.1, 1e-40, 3.4028234663852886e38, 1e21, Infinity, -Infinity, Number.NaN]
  const body = values.map((v, i) => store(k.constant(Math.fround(v)), i))
  expect(bodyOf(k.kernel({ params: [y], body }))).toEqual([
    'y[0] = 1.0;',
    'y[1] = -1.5;',
    'y[2] = -0.0;',
    'y[3] = 0.1;',
    'y[4] = 1e-40;',
    'y[5] = 3.4028234663852886e+38;',
    'y[6] = 1e+21;',
    'y[7] = tj_inf();',
    'y[8] = (-tj_inf());',
    'y[9] = tj_nan();',
  ])
})

test('operations on constants are folded', () => {
  const big = k.constant(Math.fround(3e38))
  const body = [
    store(k.apply('mul', big, big), 0),
    store(k.cast(k.apply('add', k.constant(2 ** 31 - 1, 'i32'), k.constant(1, 'i32')), 'f32'), 1),
  ]
  expect(bodyOf(k.kernel({ params: [y], body }))).toEqual(['y[0] = tj_inf();', 'y[1] = f32(i32(-2147483648));'])
})

test('names that WGSL keeps for itself are changed, and nothing shadows', () => {
  const params = [{ ...x, name: 'target' }, { ...x, name: 'l0_1' }, y]
  const body: k.Stmt[] = [
    { kind: 'let', name: 'loop', value: k.load('target', k.l0) },
    store(k.apply('add', k.local('loop'), k.apply('mul', k.load('l0_1', k.l0), k.local('loop')))),
  ]
  expect(bodyOf(k.kernel({ params, body })).slice(1)).toEqual([
    'let loop_1 = target_1[l0];',
    'y[l0] = loop_1 + l0_1[l0] * loop_1;',
  ])
})

test('access is by binding; a transient that is only read is bound for writing', () => {
  const kernel = k.kernel({ params: [x, y], body: [store(k.load('x', k.l0))] })
  const { code, access, uniform } = printWgsl(kernel, { names: 'readable', access: 'ww' })
  expect([access, uniform, code.match(/read_write/g)?.length]).toEqual(['ww', false, 2])
})

test('a kernel beyond the limits is a mistake of the compiler', () => {
  const params = Array.from({ length: 9 }, (_, i) => ({ ...x, name: `x${i}` }))
  const array = { name: 'a', type: 'f32', width: 4, length: 1025 } as const
  const print = (parts: Partial<k.Kernel>) => () => printWgsl(k.kernel({ body: [], ...parts }), { names: 'readable' })
  expect(print({ params })).toThrow('internal: kernel test has 9 buffers, and WebGPU allows 8')
  expect(print({ lanes: [32, 16, 1] })).toThrow('has 512 lanes')
  expect(print({ lanes: [1, 1, 128] })).toThrow('lanes along axis 2')
  expect(print({ arrays: [array] })).toThrow('16400 bytes of group memory')
})

// Printed kernels as files; `vitest -u` writes them anew.
import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import * as k from '../../../tests/support/kernels.ts'
import { hasPtxas, ptxas } from '../../../tests/support/ptxas.ts'
import type { ScalarOp } from '../../ir/kernel/kernel.ts'
import { scalarTypeOf } from '../../ir/kernel/scalar-type.ts'
import { verifyKernel } from '../../ir/kernel/verify.ts'
import { printPtxModule } from './print-module.ts'
import { printPtx } from './print-ptx.ts'

const folder = '../../../tests/samples/ptx'

const x = { name: 'x', dtype: 'f32', access: 'read' } as const
const y = { name: 'y', dtype: 'f32', access: 'write' } as const
const store = (value: k.Expr, index: dims.Dim = k.l0): k.Stmt => ({ kind: 'store', param: 'y', index, value })

/** Returns the instructions of an entry, without what reads parameters and symbols. */
function bodyOf(kernel: k.Kernel): readonly string[] {
  verifyKernel(kernel)
  const lines = printPtx(kernel, 'readable').text('test').split('\n')
  const isBody = (line: string): boolean => /^\t(?!\.|ld\.param|cvta|mov\.u32 %[lg]\d)|^\$/.test(line)
  return lines.filter(isBody).map((line) => line.trim())
}

test('shared expressions are computed once, however deep', () => {
  let value = k.load('x', k.l0)
  for (let i = 0; i < 40; i++) value = k.apply('mul', value, value)
  const lines = bodyOf(k.kernel({ params: [x, y], body: [store(value)] }))
  expect(lines.filter((line) => line.startsWith('mul.rn.f32'))).toHaveLength(40)
})

test('neighbouring elements share an address, whole vectors are one access', () => {
  const at = dims.mul(k.l0, 4)
  const four = k.load('x', at, 'f32', 4)
  const sum = k.apply('add', k.load('x', dims.add(at, 1)), {
    kind: 'component',
    type: 'f32',
    width: 1,
    arg: four,
    at: 3,
  })
  expect(bodyOf(k.kernel({ params: [x, y], body: [store(sum)] }))).toEqual([
    'shl.b32 %r0, %l0, 2;',
    'mad.wide.s32 %d0, %r0, 4, %x;',
    'ld.global.nc.f32 %f0, [%d0+4];',
    'ld.global.nc.v4.f32 {%f1, %f2, %f3, %f4}, [%d0];',
    'add.rn.f32 %f5, %f0, %f4;',
    'mad.wide.s32 %d1, %l0, 4, %y;',
    'st.global.f32 [%d1], %f5;',
    'ret;',
  ])
})

test('what a where leaves out is not read', () => {
  const inside = k.apply('lt', k.index(k.l0), k.constant(5, 'i32'))
  const value = k.apply('where', inside, k.load('x', k.l0), k.constant(1))
  expect(bodyOf(k.kernel({ params: [x, y], body: [store(value)] })).slice(0, 5)).toEqual([
    'setp.lt.s32 %p0, %l0, 5;',
    'mad.wide.s32 %d0, %l0, 4, %x;',
    'mov.f32 %f0, 0f00000000;',
    '@%p0 ld.global.nc.f32 %f0, [%d0];',
    'selp.f32 %f1, %f0, 0f3F800000, %p0;',
  ])
})

test('a variable that is set from itself is written in place; two that swap keep their values', () => {
  const set = (name: string, value: k.Expr): k.Stmt => ({ kind: 'set', name, value })
  const variable = (name: string, value: number): k.Stmt => {
    return { kind: 'var', name, type: 'f32', width: 1, init: k.constant(value) }
  }
  const body: readonly k.Stmt[] = [
    variable('a', 1),
    variable('b', 2),
    set('a', k.apply('add', k.local('a'), k.local('b'))),
    { kind: 'let', name: 'old', value: k.local('a') },
    set('a', k.local('b')),
    set('b', k.local('old')),
    store(k.apply('sub', k.local('a'), k.local('b'))),
  ]
  expect(bodyOf(k.kernel({ params: [y], body })).slice(2, -3)).toEqual([
    'add.rn.f32 %a, %a, %b;',
    'mov.f32 %old, %a;',
    'mov.f32 %f1, %b;',
    'mov.f32 %a, %f1;',
    'mov.f32 %b, %old;',
    'sub.rn.f32 %f2, %a, %b;',
  ])
})

test('lanes of one warp combine without memory, of several by one word each', () => {
  const shuffles = (kernel: k.Kernel): readonly number[] => {
    const lines = bodyOf(kernel)
    return ['shfl', 'bar.sync', 'st.shared', '@!%p'].map((op) => lines.filter((line) => line.startsWith(op)).length)
  }
  expect(shuffles(k.combined(32))).toEqual([10, 0, 0, 0])
  expect(shuffles(k.combined(256))).toEqual([10, 2, 2, 2])
})

test('dims and scalars come after the buffers, where there are any', () => {
  const B = dims.symbol('B', { multipleOf: 8, max: 64 })
  const body = [store(k.load('x', dims.add(dims.floorDiv(B, 8), dims.symbol('s0', { min: 0 }))))]
  const entry = printPtx(k.kernel({ params: [x, y], dims: ['A', 'B'], scalars: 1, body }), 'readable')
  expect(entry).toMatchObject({ uniform: true, buffers: 2, block: [64, 1, 1] })
  expect(entry.text('e')).toContain('(.param .u64 p0, .param .u64 p1, .param .align 4 .b8 uniforms[12])')
  expect(entry.text('e')).toContain('ld.param.u32 %B, [uniforms+4];')
})

test('equal kernels are one entry, others of the same name have a number', () => {
  const one = printPtx(k.kernel({ params: [x, y], body: [store(k.load('x', k.l0))] }), 'readable')
  const other = printPtx(k.kernel({ params: [x, y], body: [store(k.constant(1))] }), 'readable')
  const { names, ptx } = printPtxModule([{ entry: one }, { entry: other }, { entry: one }], 'readable')
  expect(names).toEqual(['test', 'test_1', 'test'])
  expect(ptx.match(/\.entry/g)).toHaveLength(2)
})

test('a kernel beyond the limits is a mistake of the compiler', () => {
  const array = { name: 'a', type: 'f32', width: 4, length: 3073 } as const
  const placed = { ...array, place: 0 }
  const print = (parts: Partial<k.Kernel>) => () => printPtx(k.kernel({ body: [], ...parts }), 'readable')
  expect(print({ lanes: [64, 32, 1] })).toThrow('internal: kernel test has 2048 lanes, and CUDA allows 1024')
  expect(print({ arrays: [array] })).toThrow('49168 bytes of static shared memory')
  expect(print({ arrays: [placed] })().shared).toBe(49_168)
  expect(print({ arrays: [{ ...placed, length: 6337 }] })).toThrow('101392 bytes of group memory')
})

const floats =
  'neg abs sign floor ceil trunc round exp expm1 log log1p sqrt sin cos tan asin acos atan sinh cosh tanh erf'
const pairs = 'add sub mul floorDiv mod pow maximum minimum'
const compared = 'eq ne lt le gt ge'
const words = `${pairs} and or xor shiftLeft shiftRight ${compared}`
const opsOf = {
  f32: [`${floats} isNaN floatBits`, `${pairs} div atan2 ${compared}`],
  i32: ['neg abs sign bitNot bitsFloat', words],
  u32: ['neg abs sign bitNot', `${words} mulHigh`],
  bool: ['not', 'and or xor eq ne maximum minimum'],
} as const
const stored = { f32: 'f32', i32: 'i32', u32: 'u32', bool: 'bool' } as const

if (hasPtxas) {
  test('every op of every type is assembled', () => {
    const kernels = (['f32', 'i32', 'u32', 'bool'] as const).flatMap((type) =>
      opsOf[type].flatMap((ops, i) =>
        ops.split(' ').map((op) => {
          const args = (at: dims.Dim): k.Expr[] => Array.from({ length: i + 1 }, (_, j) => k.load(`x${j}`, at, type))
          const apply = (at: dims.Dim): k.Expr => {
            const value = k.apply(op as ScalarOp, ...args(at))
            const result = op === 'floatBits' ? 'i32' : op === 'bitsFloat' ? 'f32' : value.type
            return { ...value, type: result } as k.Expr
          }
          const inputs = Array.from({ length: i + 1 }, () => stored[type])
          return { ...k.elementwise(inputs, stored[apply(0).type], apply), name: `${op}_${type}` }
        }),
      ),
    )
    kernels.forEach(verifyKernel)
    const { ptx, names } = printPtxModule(
      kernels.map((kernel) => ({ entry: printPtx(kernel, 'minified') })),
      'readable',
    )
    expect(ptxas(ptx, 'sm_80').size).toBe(new Set(names).size)
  })

  test('elements of every dtype are read and written, alone and by fours', () => {
    const kernels = (['f32', 'f16', 'bf16', 'i32', 'u32', 'i8', 'u8', 'bool'] as const).flatMap((dtype) =>
      ([1, 4] as const).map((width) => {
        const load = (at: dims.Dim): k.Expr => k.load('x0', k.aligned(at, width), scalarTypeOf(dtype), width)
        return { ...k.elementwise([dtype], dtype, load, width), name: `${dtype}_${width}` }
      }),
    )
    kernels.forEach(verifyKernel)
    const { ptx } = printPtxModule(
      kernels.map((kernel) => ({ entry: printPtx(kernel, 'readable') })),
      'readable',
    )
    // i32 and u32 are the same
    for (const arch of ['sm_80', 'sm_90', 'sm_120'] as const) expect(ptxas(ptx, arch).size).toBe(kernels.length - 2)
  })
}

describe('samples', () => {
  for (const [name, make] of Object.entries(k.samples)) {
    test(name, async () => {
      verifyKernel(make())
      for (const style of ['readable', 'minified'] as const) {
        const { ptx } = printPtxModule([{ entry: printPtx(make(), style) }], style)
        await expect(ptx).toMatchFileSnapshot(`${folder}/${name}${style === 'minified' ? '.min' : ''}.ptx`)
        if (hasPtxas) for (const arch of ['sm_80', 'sm_90', 'sm_120'] as const) ptxas(ptx, arch)
      }
    })
  }
})

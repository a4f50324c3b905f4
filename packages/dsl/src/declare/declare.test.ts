import { describe, expect, test } from 'vitest'
import { compare, printDim } from '../types/dim.ts'
import { TensorBase } from '../types/tensor-type.ts'
import { declareDimension } from './dimension.ts'
import { LayerDeclaration, flattenWeights } from './layer.ts'
import { dimsOfInputs, flattenInputs, flattenOutputs, mapInputs } from './model.ts'
import { absencesOf, isAbsent } from './absences.ts'
import { declareOptional, declareTensor } from './tensor.ts'
import { declareWeight } from './weight.ts'

const codeOf = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error instanceof Error && 'code' in error && 'params' in error ? [error.code, error.params] : error
  }
}

class Typed extends TensorBase {
  readonly dtype = 'f32'
  readonly shape = [1]
}

describe('dim', () => {
  test('bounds are inclusive, min is 1', () => {
    const B = declareDimension('B', { max: 4 })
    expect([compare(B, '>=', 1), compare(B, '<=', 4), compare(B, '<=', 3)]).toEqual(['yes', 'yes', 'unknown'])
    expect(printDim(declareDimension('N', { multipleOf: 8 }))).toBe('N')
  })

  test.each([
    [{ min: -1 }, ['dim_not_positive', { option: 'min', name: 'B', got: -1 }]],
    [{ max: 0 }, ['dim_not_positive', { option: 'max', name: 'B', got: 0 }]],
    [{ multipleOf: 1.5 }, ['dim_not_positive', { option: 'multipleOf', name: 'B', got: 1.5 }]],
    [{ min: 9, max: 8 }, ['dim_empty', { name: 'B', bounds: 'min 9, max 8' }]],
    [{ min: 9, max: 15, multipleOf: 8 }, ['dim_empty', { name: 'B', bounds: 'min 9, max 15, multipleOf 8' }]],
    [{ maximum: 8 }, ['option_unknown', { callee: 'dim', option: 'maximum' }]],
  ])('%j is refused', (options, expected) => {
    expect(codeOf(() => declareDimension('B', options))).toEqual(expected)
  })
})

describe('param and buffer', () => {
  test.each([
    [[3, { init: 2 }], { kind: 'constant', value: 2 }],
    [[3, { init: 'ones' }], { kind: 'constant', value: 1 }],
    [[3], { kind: 'constant', value: 0 }],
    [[4, 16], { kind: 'uniform', low: -0.25, high: 0.25 }],
    [[4, 2, 2, 2], { kind: 'uniform', low: -1 / Math.sqrt(8), high: 1 / Math.sqrt(8) }],
    [[4, { init: { uniform: 0.5 } }], { kind: 'uniform', low: -0.5, high: 0.5 }],
    [[4, { init: { uniform: [0, 1] } }], { kind: 'uniform', low: 0, high: 1 }],
    [[4, { init: { normal: 2 } }], { kind: 'normal', mean: 0, deviation: 2 }],
    [[4, { init: { normal: [1, 2] } }], { kind: 'normal', mean: 1, deviation: 2 }],
    [[2, 6, { init: 'kaimingUniform' }], { kind: 'uniform', low: -1, high: 1 }],
    [[4, 2, { init: 'xavierUniform' }], { kind: 'uniform', low: -1, high: 1 }],
    [[2, 8, { init: 'kaimingNormal' }], { kind: 'normal', mean: 0, deviation: 0.5 }],
    [[4, 4, { init: 'xavierNormal' }], { kind: 'normal', mean: 0, deviation: 0.5 }],
  ])('%j', (args, init) => {
    expect(declareWeight('param', args).init).toEqual(init)
  })

  test('a buffer is zero, of any dtype, and may be a scalar', () => {
    expect(declareWeight('buffer', [2, 3])).toMatchObject({
      role: 'buffer',
      dtype: 'f32',
      init: { kind: 'constant', value: 0 },
    })
    expect(declareWeight('buffer', [{ dtype: 'i32' }])).toMatchObject({ dtype: 'i32', shape: [] })
  })

  test.each([
    [[declareDimension('B')], ['dim_in_parameter', { path: 'param', name: 'B' }]],
    [
      [2.5],
      [
        'source_bad_argument',
        { argument: 'size', callee: 'param', expected: 'a whole number from 0', got: 'the number 2.5' },
      ],
    ],
    [
      [2, { inti: 1 }],
      ['option_unknown', { callee: 'param', option: 'inti' }],
    ],
    [
      [2, { init: 'nowhere' }],
      ['option_invalid', expect.objectContaining({ option: 'init' })],
    ],
    [
      [2, { init: { uniform: 1, normal: 1 } }],
      ['option_invalid', expect.objectContaining({ option: 'init' })],
    ],
  ])('%j is refused', (args, expected) => {
    expect(codeOf(() => declareWeight('param', args))).toEqual(expected)
  })
})

describe('trees of layers', () => {
  const weight = declareWeight('param', [2])
  const linear = new LayerDeclaration({ weight, bias: declareWeight('param', [2]) }, () => {})
  const paths = (tree: unknown): unknown =>
    flattenWeights(tree).map(({ path, aliases }) => (aliases.length > 0 ? [path, ...aliases] : path))

  test('paths are those of a state_dict', () => {
    const other = new LayerDeclaration({ weight: declareWeight('param', [2]), bias: undefined }, () => {})
    expect(paths({ stem: [linear, Math.abs, other], head: { scale: declareWeight('buffer', []) } })).toEqual([
      'stem.0.weight',
      'stem.0.bias',
      'stem.2.weight',
      'head.scale',
    ])
  })

  test('a shared declaration keeps its first path', () => {
    const tied = new LayerDeclaration({ weight }, () => {})
    expect(paths({ wte: linear, head: tied })).toEqual([['wte.weight', 'head.weight'], 'wte.bias'])
  })

  test('what is no layer is refused at its path', () => {
    expect(codeOf(() => paths({ a: [linear, 3] }))).toEqual(['model_bad_layer', { path: 'a.1', got: 'the number 3' }])
    expect(codeOf(() => paths({ a: null }))).toEqual(['model_bad_layer', { path: 'a', got: 'null' }])
    expect(codeOf(() => paths({ a: { b: weight }, 'a.b': declareWeight('param', [2]) }))).toEqual([
      'model_duplicate_parameter',
      { path: 'a.b' },
    ])
  })
})

describe('signatures', () => {
  const B = declareDimension('B', { max: 8 })
  const x = declareTensor('f32', [B, 3])

  test('nested inputs have dotted paths', () => {
    const inputs = { x, state: { h: x, cs: [x, x] }, mask: declareOptional({ a: x, b: x }) }
    expect(flattenInputs(inputs).map(({ path, optional }) => [path, optional])).toEqual([
      ['x', false],
      ['state.h', false],
      ['state.cs.0', false],
      ['state.cs.1', false],
      ['mask.a', true],
      ['mask.b', true],
    ])
    expect(mapInputs(inputs, (path) => (path.startsWith('mask') ? undefined : path))).toEqual({
      x: 'x',
      state: { h: 'state.h', cs: ['state.cs.0', 'state.cs.1'] },
      mask: undefined,
    })
  })

  test('absent inputs, none before one that has fewer', () => {
    const inner = { a: x, b: declareOptional(x) }
    const absences = absencesOf({ x, list: [declareOptional(x)], more: declareOptional(inner) })
    expect(absences.map((absent) => [...absent])).toEqual([
      [],
      ['list.0'],
      ['more'],
      ['more.b'],
      ['list.0', 'more'],
      ['list.0', 'more.b'],
    ])
    const [, , more = new Set()] = absences
    expect(['x', 'more.a', 'more.b', 'more', 'moreover'].map((path) => isAbsent(path, more))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
    const many = Array.from({ length: 5 }, () => declareOptional(x))
    expect(codeOf(() => absencesOf({ many }))).toEqual(['model_many_optional', { count: 5, most: 4 }])
  })

  test('what is no declaration is refused at its path', () => {
    expect(codeOf(() => flattenInputs({ x, size: 3 }))).toEqual([
      'model_bad_input',
      { path: 'size', got: 'the number 3' },
    ])
    expect(codeOf(() => flattenInputs({ a: { b: x }, 'a.b': x }))).toEqual([
      'model_bad_input',
      { path: 'a.b', got: 'declared twice' },
    ])
    expect(codeOf(() => declareTensor('f32', [-1]))).toEqual([
      'source_bad_argument',
      expect.objectContaining({ callee: 'f32' }),
    ])
  })

  test('dimensions in order of appearance, with one set of bounds', () => {
    const T = declareDimension('T')
    expect(dimsOfInputs(flattenInputs({ a: declareTensor('i32', [T, B]), x })).map(({ name }) => name)).toEqual([
      'T',
      'B',
    ])
    const other = declareTensor('f32', [declareDimension('B', { max: 9 })])
    expect(codeOf(() => dimsOfInputs(flattenInputs({ x, other })))).toEqual(['dim_conflict', { name: 'B' }])
  })

  test('a tensor alone is `output`, structures have paths', () => {
    const y = new Typed()
    const flatten = (value: unknown): ReturnType<typeof flattenOutputs> => flattenOutputs(value, () => new Typed())
    expect(flatten(y).map(({ path }) => path)).toEqual(['output'])
    expect(flatten({ y, more: [y, { z: y, n: 3 }], none: undefined }).map(({ path }) => path)).toEqual([
      'y',
      'more.0',
      'more.1.z',
      'more.1.n',
    ])
    expect(codeOf(() => flatten({ y, n: 'a' }))).toEqual(['model_bad_output', { path: 'n', got: "the string 'a'" }])
    expect(codeOf(() => flatten(undefined))).toEqual(['model_bad_output', { path: 'output', got: 'undefined' }])
  })
})

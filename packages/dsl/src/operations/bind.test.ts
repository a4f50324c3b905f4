import { describe, expect, it } from 'vitest'
import { noise } from '../../tests/evaluate.ts'
import { symbol } from '../types/dim.ts'
import { OperationError } from '../types/errors.ts'
import { bindArguments } from './bind.ts'
import { definitions, findOperation } from './operations.ts'

const x = noise([2, 3])

function refusal(name: keyof typeof definitions, ...args: unknown[]): OperationError {
  try {
    bindArguments(definitions[name], args)
  } catch (error) {
    if (error instanceof OperationError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('bindArguments', () => {
  it('fills in order and by name alike', () => {
    const byName = bindArguments(definitions.softmax, [x, { axis: 0 }])
    expect(bindArguments(definitions.softmax, [x, 0])).toEqual(byName)
    expect(bindArguments(definitions.softmax, [x]).axis).toBe(-1)
    expect(bindArguments(definitions.sum, [x, [0, 1], { keepDims: true }])).toEqual({ x, axis: [0, 1], keepDims: true })
    expect(bindArguments(definitions.sum, [x, 1]).axis).toEqual([1])
  })

  it('takes options after tensors that are left out', () => {
    expect(bindArguments(definitions.conv2d, [x, x, { stride: 2 }])).toMatchObject({ stride: 2, padding: 0 })
    expect(bindArguments(definitions.conv2d, [x, x, undefined, { padding: 'same' }]).padding).toBe('same')
  })

  it('accepts snake case', () => {
    expect(bindArguments(definitions.sum, [x, { axis: 0, keep_dims: true }]).keepDims).toBe(true)
    expect(bindArguments(definitions.sum, [x, { axis: 0, keepdims: true }]).keepDims).toBe(true)
    expect(findOperation('layer_norm')).toBe(definitions.layerNorm)
    expect(findOperation('conv_transpose2d')).toBe(definitions.convTranspose2d)
    expect(findOperation('layer_nrom')).toBeUndefined()
  })

  it('collects the rest', () => {
    expect(bindArguments(definitions.einsum, ['i,i->', x, x]).operands).toEqual([x, x])
    expect(bindArguments(definitions.einsum, ['i,i->', [x, x]]).operands).toEqual([x, x])
  })

  it('reads dimensions that have a value now as numbers', () => {
    const B = symbol('B', { current: () => 5 })
    expect(bindArguments(definitions.zeros, [[B, 2]]).shape).toEqual([5, 2])
    expect(bindArguments(definitions.zeros, [[symbol('free'), 2]]).shape).not.toEqual([5, 2])
  })

  it('refuses what it does not know', () => {
    const unknown = refusal('softmax', x, { axes: 1 })
    expect(unknown.code).toBe('option_unknown')
    expect(unknown.suggestion).toBe('axis')
    expect(unknown.message).toBe("softmax has no option 'axes'; did you mean 'axis'?")
    expect(refusal('softmax', x, { axis: 'last' })).toMatchObject({
      code: 'option_invalid',
      params: { option: 'axis', callee: 'softmax', expected: 'the number of an axis', got: "'last'" },
    })
    expect(refusal('relu', 'x').code).toBe('source_bad_argument')
    expect(refusal('matmul', x)).toMatchObject({ code: 'source_missing_argument', params: { name: 'y' } })
    expect(refusal('relu', x, x).params).toEqual({ callee: 'relu', most: 1, got: 2 })
    expect(refusal('cast', x, 'float32')).toMatchObject({ code: 'dtype_unknown', params: { name: 'float32' } })
    expect(refusal('gelu', x, { approximate: 'yes' }).params).toMatchObject({ expected: "'none' or 'tanh'" })
    expect(refusal('sum', x, 0, { axis: 1 }).code).toBe('option_conflict')
    expect(refusal('reshape', x, 6).params).toMatchObject({ expected: 'an array of sizes, such as [2, 3]' })
  })
})

// loops: whileLoop and forLoop

import type { BoundArguments, Param } from '../operations/signature.ts'
import { castTo } from '../operations/operands.ts'
import { kindOf } from '../types/dtype.ts'
import { type Dim, isDimExpression } from '../types/dim.ts'
import { refuse } from '../types/errors.ts'
import { TensorBase } from '../types/tensor-type.ts'
import { runCarryLoop } from './carry.ts'
import { truthOf } from './conditions.ts'
import type { Callback, ControlMachine } from './machine.ts'
import { describe } from './structure.ts'

export const whileParams: readonly Param[] = [
  { name: 'init', kind: 'structure' },
  { name: 'test', kind: 'function' },
  { name: 'body', kind: 'function' },
  { name: 'maxIterations', kind: 'int', optional: true },
]

/** `whileLoop(init, test, body, { maxIterations })` */
export function whileLoop(m: ControlMachine, args: BoundArguments): unknown {
  const { init, maxIterations } = args
  const [test, body] = [args['test'] as Callback, args['body'] as Callback]
  const maximum = maximumOf(maxIterations)
  return runCarryLoop(m, {
    op: 'whileLoop',
    init,
    spec: { count: undefined, ...(maximum === undefined ? {} : { maximum }) },
    test: (carry) => truthOf(m, 'whileLoop', test(carry), { argument: ['test'], returned: [] }),
    body: (carry) => ({ carry: body(carry), stacked: [] }),
  }).carry
}

function maximumOf(value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return value
  const expected = 'a whole number from 0 up, known at build'
  return refuse(
    'option_invalid',
    { option: 'maxIterations', callee: 'whileLoop', expected, got: describe(value) },
    { argument: 'maxIterations' },
  )
}

export const forParams: readonly Param[] = [
  { name: 'n', kind: 'structure' },
  { name: 'init', kind: 'structure' },
  { name: 'body', kind: 'function' },
]

/** `forLoop(n, init, body)` */
export function forLoop(m: ControlMachine, args: BoundArguments): unknown {
  const body = args['body'] as Callback
  return runCarryLoop(m, {
    op: 'forLoop',
    init: args['init'],
    spec: { count: countOf(m, args['n']) },
    body: (carry, index) => ({ carry: body(carry, turnNumber(m, index)), stacked: [] }),
  }).carry
}

/** Returns the number of a turn as an i32 scalar. */
export function turnNumber(m: ControlMachine, index: Dim): TensorBase {
  return m.builder.emit('dimension', [], { value: index })
}

function countOf(m: ControlMachine, n: unknown): Dim | TensorBase {
  if (isDimExpression(n)) return n
  if (typeof n === 'number' && Number.isSafeInteger(n) && n >= 0) return n
  return integerScalar(m, 'forLoop', 'n', n)
}

/** Returns one whole number on the device as i32. Throws flow_count_not_scalar. */
export function integerScalar(m: ControlMachine, op: string, name: string, value: unknown): TensorBase {
  if (value instanceof TensorBase && value.shape.length === 0 && kindOf(value.dtype) === 'integer')
    return castTo(m.t, value, 'i32')
  const places = [{ message: `this is ${describe(value)}`, argument: [name] as const, value }]
  return refuse('flow_count_not_scalar', { op, name, got: describe(value) }, { argument: name, places })
}

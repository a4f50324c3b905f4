// operators: operator, values -> value
//
// Static numbers and dimensions are computed here, with Python's meaning; as soon as a tensor takes part, the
// operation of that name is applied. What neither has a meaning for is undefined, and the caller reports it.

import { type Dim, add, compare, floorDiv, isDimExpression, mod, mul, sub } from '../types/dim.ts'
import type { OperationName } from '../operations/operations.ts'
import { kindOf } from '../types/dtype.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type { BinaryOperator, UnaryOperator } from './ast.ts'
import type { TemplateMachine } from './machine.ts'

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

const operations: { readonly [O in BinaryOperator]: OperationName } = {
  or: 'logicalOr',
  and: 'logicalAnd',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '|': 'bitwiseOr',
  '&': 'bitwiseAnd',
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '@': 'matmul',
  '/': 'div',
  '//': 'floorDiv',
  '%': 'mod',
  '**': 'pow',
}

/** Returns `left operator right`; undefined where the operator cannot take them. */
export function applyBinary(
  operator: BinaryOperator,
  left: unknown,
  right: unknown,
  machine: TemplateMachine,
): unknown {
  if ((operator === '==' || operator === '!=') && (isNone(left) || isNone(right)))
    return (isNone(left) && isNone(right)) === (operator === '==')
  const known = staticResult(operator, left, right)
  if (known !== undefined) return known
  const operands = [tensorOperand(left, machine), tensorOperand(right, machine)]
  if (!operands.every(isScalarLike)) return undefined
  const tensors = operands.filter((operand) => operand instanceof TensorBase)
  if (!takesTensors(operator, operands, tensors)) return undefined
  return machine.apply(operations[operator], operands)
}

/** Returns `operator operand`; undefined where the operator cannot take it. */
export function applyUnary(operator: UnaryOperator, operand: unknown, machine: TemplateMachine): unknown {
  const value = tensorOperand(operand, machine)
  switch (operator) {
    case 'not':
      if (typeof value === 'boolean') return !value
      return value instanceof TensorBase && value.dtype === 'bool' ? machine.apply('logicalNot', [value]) : undefined
    case '~':
      if (typeof value === 'boolean') return !value
      if (typeof value === 'number') return Number.isInteger(value) ? ~value : undefined
      if (!(value instanceof TensorBase) || kindOf(value.dtype) === 'float') return undefined
      return machine.apply(value.dtype === 'bool' ? 'logicalNot' : 'bitwiseNot', [value])
    case '+':
      return isNumeric(value) ? value : undefined
    case '-':
      if (typeof value === 'number') return -value
      if (isDimExpression(value)) return mul(value, -1)
      return value instanceof TensorBase ? machine.apply('neg', [value]) : undefined
  }
}

/** Whether the value stands for a number: a tensor of any kind, a dimension, a number. */
function isNumeric(value: unknown): boolean {
  return value instanceof TensorBase || typeof value === 'number' || isDimExpression(value)
}

function isScalarLike(value: unknown): boolean {
  return isNumeric(value) || typeof value === 'boolean'
}

function isNone(value: unknown): boolean {
  return value === null || value === undefined
}

/** A (nested) array of numbers stands for the tensor of these numbers. */
function tensorOperand(value: unknown, machine: TemplateMachine): unknown {
  return Array.isArray(value) && isNumberArray(value) ? machine.apply('tensor', [value]) : value
}

function isNumberArray(value: readonly unknown[]): boolean {
  return value.every(
    (item) => typeof item === 'number' || typeof item === 'boolean' || (Array.isArray(item) && isNumberArray(item)),
  )
}

function takesTensors(operator: BinaryOperator, operands: readonly unknown[], tensors: readonly TensorBase[]): boolean {
  switch (operator) {
    case 'and':
    case 'or':
      return (
        tensors.length > 0 &&
        operands.every((each) => typeof each === 'boolean' || (each instanceof TensorBase && each.dtype === 'bool'))
      )
    case '&':
    case '|':
      return tensors.length > 0 && tensors.every((each) => kindOf(each.dtype) !== 'float') && operands.every(isWhole)
    case '@':
      return tensors.length === 2
    default:
      // two sizes without a static answer meet as scalar tensors
      return tensors.length > 0 || operands.every(isNumeric)
  }
}

function isWhole(value: unknown): boolean {
  return typeof value === 'number' ? Number.isInteger(value) : true
}

function staticResult(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (typeof left === 'boolean' && typeof right === 'boolean') return ofBooleans(operator, left, right)
  if (typeof left === 'number' && typeof right === 'number') return ofNumbers(operator, left, right)
  return isSize(left) && isSize(right) ? ofSizes(operator, left, right) : undefined
}

function isSize(value: unknown): value is Dim {
  return isDimExpression(value) || (typeof value === 'number' && Number.isInteger(value))
}

function ofBooleans(operator: BinaryOperator, left: boolean, right: boolean): unknown {
  switch (operator) {
    case 'and':
    case '&':
      return left && right
    case 'or':
    case '|':
      return left || right
    case '==':
      return left === right
    case '!=':
      return left !== right
    default:
      return undefined
  }
}

function ofNumbers(operator: BinaryOperator, left: number, right: number): unknown {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '//':
      return flooredQuotient(left, right)
    case '%':
      return flooredRemainder(left, right)
    case '**':
      return left ** right
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '&':
      return isWhole(left) && isWhole(right) ? left & right : undefined
    case '|':
      return isWhole(left) && isWhole(right) ? left | right : undefined
    default:
      return undefined
  }
}

/** Python's `//`: exact where the rounded quotient is not (1 // 0.1 is 9). */
function flooredQuotient(left: number, right: number): number {
  if (right === 0 || !Number.isFinite(left) || !Number.isFinite(right)) return Math.floor(left / right)
  const quotient = (left - flooredRemainder(left, right)) / right
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

/** Python's `%`: the sign of the divisor. */
function flooredRemainder(left: number, right: number): number {
  const remainder = left % right
  if (remainder === 0) return right < 0 ? -0 : 0
  return remainder < 0 === right < 0 ? remainder : remainder + right
}

function ofSizes(operator: BinaryOperator, left: Dim, right: Dim): unknown {
  switch (operator) {
    case '+':
      return add(left, right)
    case '-':
      return sub(left, right)
    case '*':
      return mul(left, right)
    case '//':
      return compare(right, '>', 0) === 'yes' ? floorDiv(left, right) : undefined
    case '%':
      return compare(right, '>', 0) === 'yes' ? mod(left, right) : undefined
    case '**':
      return typeof right === 'number' && right >= 0 && right <= 8
        ? Array.from({ length: right }, () => left).reduce(mul, 1)
        : undefined
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return decided(left, operator, right)
    default:
      return undefined
  }
}

function decided(left: Dim, operator: Comparison, right: Dim): boolean | undefined {
  const decision = compare(left, operator, right)
  return decision === 'unknown' ? undefined : decision === 'yes'
}

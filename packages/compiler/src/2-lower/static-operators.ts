// static-operators: JavaScript's operators on static values and dimensions
//
// What JavaScript computes for numbers, strings and booleans is computed by JavaScript itself. Dimensions go to
// dim-arithmetic.ts. What would give NaN or '[object Object]' is refused.

import type { Node } from '@babel/types'
import { WeightDeclaration, dims } from '@tsjit/dsl/compiler'
import { describe, printRatio } from './describe.ts'
import { type Size, arithmetic, compareSizes } from './dim-arithmetic.ts'
import { type Comparison, type Evaluation, spanOf } from './evaluation.ts'
import { emitOperation, recordAt } from './operations.ts'
import { refuse } from './report.ts'
import { Closure, GraphTensor, Poison, Ratio, type Value, poison } from './value.ts'

/** Returns whether `value` is a dimension or a quotient of dimensions. */
export function isSymbolic(value: Value): value is Exclude<Size, number> {
  return value instanceof Ratio || dims.isDimExpression(value)
}

/** Returns `left operator right`. Neither side is a tensor, unless the operator compares with undefined. */
export function applyBinary(evaluation: Evaluation, operator: string, left: Value, right: Value, node: Node): Value {
  if (left instanceof Poison || right instanceof Poison) return poison
  const relation = relations.get(operator)
  if (relation !== undefined && isSized(left) && isSized(right) && (isSymbolic(left) || isSymbolic(right)))
    return compare(evaluation, { left, relation, right }, node)
  if (operator === '===' || operator === '!==') return (left === right) === (operator === '===')
  if (operator === '==' || operator === '!=') return looselyEqual(left, right) === (operator === '==')
  if (operator === 'in') return hasProperty(evaluation, left, right, node)
  if (isSymbolic(left) || isSymbolic(right)) return symbolic(evaluation, operator, left, right, node)
  if (isPlain(left) && isPlain(right)) return compute(operator, left, right)
  return badOperand(evaluation, operator, left, right, node)
}

/** Returns `operator value` for `+`, `-` and `~`. */
export function applyUnary(evaluation: Evaluation, operator: string, value: Value, node: Node): Value {
  if (value instanceof Poison) return poison
  if (isSymbolic(value) && operator === '+') return value
  if (isSymbolic(value) && operator === '-') return applyBinary(evaluation, '*', value, -1, node)
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
    return operator === '-' ? -Number(value) : operator === '+' ? Number(value) : ~Number(value)
  return badOperand(evaluation, operator, undefined, value, node)
}

/** Returns the answer of a comparison of sizes; where it depends on the call, a truth value computed then. */
function compare(evaluation: Evaluation, comparison: Comparison, node: Node): Value {
  const { left, relation, right } = comparison
  const answer = compareSizes(left, relation, right)
  if (answer !== 'unknown') return answer === 'yes'
  const result = recordAt(evaluation, spanOf(evaluation, node), () =>
    emitOperation(evaluation, names[relation], [left, right]),
  )
  if (result instanceof GraphTensor) evaluation.comparisons.set(result, comparison)
  return result
}

/** Returns the answer of a comparison of sizes, or poison after reporting that it is open. */
export function decide(
  evaluation: Evaluation,
  left: Size,
  relation: Comparison['relation'],
  right: Size,
  node: Node,
): boolean | Poison {
  const answer = compareSizes(left, relation, right)
  if (answer !== 'unknown') return answer === 'yes'
  const isLoop = evaluation.loops.at(-1)?.test === node
  const help = 'use `forLoop(n, init, body)` or `scan`, which take a count that is known at the call, or a number'
  const params = { left: printSize(left), right: printSize(right) }
  return refuse(evaluation, node, 'dim_undecided', params, isLoop ? { help } : {})
}

/** Returns a size as written in messages. */
export function printSize(size: Size): string {
  return size instanceof Ratio ? printRatio(size) : dims.printDim(size)
}

/** Returns the text of a static value inside a string, or poison. */
export function textOfValue(evaluation: Evaluation, value: Value, node: Node): string | Poison {
  if (value instanceof Poison) return poison
  if (isPlain(value) || value === undefined || value === null) return String(value)
  if (value instanceof GraphTensor || value instanceof WeightDeclaration)
    return refuse(evaluation, node, 'source_tensor_string', { what: 'a string' })
  if (isSymbolic(value)) {
    const what = `the text of ${describe(value)}`
    return refuse(evaluation, node, 'source_not_static', { what })
  }
  if (Array.isArray(value)) {
    const parts = value.map((item) => textOfValue(evaluation, item, node))
    return parts.some((part) => part instanceof Poison) ? poison : parts.join(',')
  }
  return refuse(evaluation, node, 'source_bad_operand', { operator: '+', left: 'a string', right: describe(value) })
}

const names = { '==': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const

const relations: ReadonlyMap<string, Comparison['relation']> = new Map([
  ['==', '=='],
  ['===', '=='],
  ['!=', '!='],
  ['!==', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
])

type Plain = number | string | boolean

function isPlain(value: Value): value is Plain {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
}

function isSized(value: Value): value is Size {
  return typeof value === 'number' || isSymbolic(value)
}

function looselyEqual(left: Value, right: Value): boolean {
  if (left === null || left === undefined || right === null || right === undefined)
    return (left === null || left === undefined) && (right === null || right === undefined)
  if (isPlain(left) && isPlain(right))
    return typeof left === typeof right ? left === right : Number(left) === Number(right)
  return left === right
}

function symbolic(evaluation: Evaluation, operator: string, left: Value, right: Value, node: Node): Value {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    const dimension = typeof left === 'string' ? right : left
    return textOfValue(evaluation, dimension, node)
  }
  const [a, b] = [asSize(left), asSize(right)]
  if (a === undefined || b === undefined) return badOperand(evaluation, operator, left, right, node)
  const result = arithmetic(operator, a, b)
  if (result !== undefined) return result
  const what = `\`${printSize(a)} ${operator} ${printSize(b)}\``
  const help =
    'use it as a tensor, in a template or an operation, or give the dimension bounds that make it a whole number'
  return refuse(evaluation, node, 'source_not_static', { what }, { help })
}

function asSize(value: Value): Size | undefined {
  if (typeof value === 'boolean') return Number(value)
  return isSized(value) ? value : undefined
}

function compute(operator: string, left: Plain, right: Plain): Value {
  if (operator === '+')
    return typeof left === 'string' || typeof right === 'string' ? `${left}${right}` : Number(left) + Number(right)
  if (typeof left === 'string' && typeof right === 'string') {
    const order = left < right ? -1 : left > right ? 1 : 0
    if (operator === '<') return order < 0
    if (operator === '<=') return order <= 0
    if (operator === '>') return order > 0
    if (operator === '>=') return order >= 0
  }
  const result = numeric[operator]
  return result === undefined ? undefined : result(Number(left), Number(right))
}

const numeric: { readonly [operator: string]: (a: number, b: number) => Value } = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
}

function hasProperty(evaluation: Evaluation, left: Value, right: Value, node: Node): Value {
  const isKey = typeof left === 'string' || typeof left === 'number'
  if (isKey && typeof right === 'object' && right !== null && !(right instanceof GraphTensor) && !isSymbolic(right))
    return Object.hasOwn(right, left)
  return badOperand(evaluation, 'in', left, right, node)
}

function badOperand(evaluation: Evaluation, operator: string, left: Value, right: Value, node: Node): Poison {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    const text = textOfValue(evaluation, typeof left === 'string' ? right : left, node)
    if (text instanceof Poison) return text
  }
  const shown = (value: Value): string => (value instanceof Closure ? 'a function' : describe(value))
  return refuse(evaluation, node, 'source_bad_operand', { operator, left: shown(left), right: shown(right) })
}

// assignments: `=`, `+=`, `??=`, `++` and their like
//
// The target is read before the value, as in JavaScript. An operator on a tensor is reported with the assignment of a
// template in its place.

import type { AssignmentExpression, UpdateExpression } from '@babel/types'
import { assign } from './assign.ts'
import { truthOf } from './conditions.ts'
import { type Evaluation, textOf } from './evaluation.ts'
import { named } from './functions.ts'
import { Mistake, tensorsOf } from './mistake.ts'
import { bindPattern } from './patterns.ts'
import { refuse } from './report.ts'
import { applyBinary } from './static-operators.ts'
import { templateText, withTemplateImport } from './template-rewrite.ts'
import { refuseSyntax } from './unsupported.ts'
import { Poison, type Scope, type Value, poison } from './value.ts'

/** Evaluates `target = value` and `target += value`. */
export function assignment(evaluation: Evaluation, node: AssignmentExpression, scope: Scope): Value {
  const { operator, left, right } = node
  if (operator === '=') {
    const value = named(evaluation.parts.evaluate(right, scope), left.type === 'Identifier' ? left.name : undefined)
    if (left.type !== 'OptionalMemberExpression') bindPattern(evaluation, left, value, 'assign', scope)
    return value
  }
  if (left.type !== 'Identifier' && left.type !== 'MemberExpression') return refuseSyntax(evaluation, left)
  const before = evaluation.parts.evaluate(left, scope)
  if (operator === '&&=' || operator === '||=' || operator === '??=')
    return assignLogically(evaluation, node, before, scope)
  const added = evaluation.parts.operand(right, scope)
  const binaryOperator = operator.slice(0, -1)
  const value = combine(evaluation, node, binaryOperator, before, added)
  assign(evaluation, left, value, scope)
  return value
}

function combine(
  evaluation: Evaluation,
  node: AssignmentExpression | UpdateExpression,
  operator: string,
  before: Value,
  added: Value | Mistake,
): Value {
  const tensors = tensorsOf([before, added])
  if (tensors === undefined && !(added instanceof Mistake))
    return applyBinary(evaluation, operator, before, added, node)
  if (before instanceof Poison || added instanceof Poison) return poison
  const [target, right] =
    node.type === 'UpdateExpression'
      ? [textOf(evaluation, node.argument), '1']
      : [textOf(evaluation, node.left), templateText(evaluation, node.right)]
  const isCompound = /^[^$(]/.test(right) && !/^[\w.]+$/.test(right)
  const grouped = isCompound || added instanceof Mistake ? `(${right})` : right
  const rewrite = `${target} = tj\`\${${target}} ${operator} ${grouped}\``
  const fix = withTemplateImport(evaluation, 'write a template', node, rewrite, ['tj'])
  return refuse(evaluation, node, 'source_tensor_operator', { operator: node.operator, rewrite }, { fix })
}

function assignLogically(evaluation: Evaluation, node: AssignmentExpression, before: Value, scope: Scope): Value {
  const { operator, left, right } = node
  if (left.type !== 'Identifier' && left.type !== 'MemberExpression') return poison
  const isNullish = before === undefined || before === null
  const rewrite = (text: string): string => `where(${text}, a, b)`
  const truth = operator === '??=' ? !isNullish : truthOf(evaluation, before, left, { name: operator, rewrite })
  if (truth instanceof Poison) return poison
  const keeps = operator === '&&=' ? !truth : truth
  if (keeps) return before
  const value = evaluation.parts.evaluate(right, scope)
  assign(evaluation, left, value, scope)
  return value
}

/** Evaluates `target++` and `--target`. */
export function update(evaluation: Evaluation, node: UpdateExpression, scope: Scope): Value {
  const { argument, operator, prefix } = node
  if (argument.type !== 'Identifier' && argument.type !== 'MemberExpression') return refuseSyntax(evaluation, argument)
  const before = evaluation.parts.evaluate(argument, scope)
  const after = combine(evaluation, node, operator === '++' ? '+' : '-', before, 1)
  assign(evaluation, argument, after, scope)
  return prefix ? after : before
}

// conditions: what JavaScript tests, decided while compiling
//
// Truth of static values, layers and functions is static. A tensor cannot be tested: the diagnostic says what to write
// instead, at the condition.

import type { Expression, Node } from '@babel/types'
import { WeightDeclaration, dims } from '@tsjit/dsl/compiler'
import { decide, isSymbolic } from './static-operators.ts'
import { type Evaluation, spanOf, textOf } from './evaluation.ts'
import { Mistake } from './mistake.ts'
import { refuse } from './report.ts'
import { templateText, withTemplateImport } from './template-rewrite.ts'
import { GraphTensor, Poison, Ratio, type Scope, type Value, poison } from './value.ts'

/** What tests: how it is written, and what to write instead where the test is a tensor. */
export interface Construct {
  readonly name: string
  /** Given the test as an expression of tensors. */
  readonly rewrite: (test: string, isScalar: boolean) => string
  /** The node that the rewrite may replace, where it is complete. */
  readonly replaces?: Node
  /** Whether the test stands behind `!`. */
  readonly isNegated?: boolean
}

/** Evaluates a test. Returns poison after reporting one that is a tensor or undecided. */
export function evaluateTest(
  evaluation: Evaluation,
  node: Expression,
  scope: Scope,
  construct: Construct,
): boolean | Poison {
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const value = evaluateTest(evaluation, node.argument, scope, notOf(construct))
    return value instanceof Poison ? value : !value
  }
  return truthOf(evaluation, evaluation.parts.operand(node, scope), node, construct)
}

/** Returns whether a value counts as true. Reports a tensor, with what the construct says to write instead. */
export function truthOf(
  evaluation: Evaluation,
  value: Value | Mistake,
  node: Expression,
  construct: Construct,
): boolean | Poison {
  if (value instanceof Poison) return poison
  if (value instanceof Mistake) return refuseTest(evaluation, node, value.tensors, construct)
  if (value instanceof GraphTensor) {
    const comparison = evaluation.comparisons.get(value)
    if (comparison !== undefined)
      return decide(evaluation, comparison.left, comparison.relation, comparison.right, node)
  }
  if (value instanceof GraphTensor) return refuseTest(evaluation, node, [value], construct)
  if (value instanceof WeightDeclaration) return refuseTest(evaluation, node, [], construct)
  if (value instanceof Ratio) return decide(evaluation, value.numerator, '!=', 0, node)
  if (isSymbolic(value)) return decide(evaluation, value, '!=', 0, node)
  return Boolean(value)
}

function notOf(construct: Construct): Construct {
  const { replaces: _, ...rest } = construct
  return {
    ...rest,
    isNegated: true,
    rewrite: (test, isScalar) => construct.rewrite(`tj\`not (${asOperand(test)})\``, isScalar),
  }
}

/** Returns what stands for `test` inside a template. */
function asOperand(test: string): string {
  const inside = /^tj`([\s\S]*)`$/.exec(test)?.[1]
  return inside ?? `\${${test}}`
}

function refuseTest(
  evaluation: Evaluation,
  node: Expression,
  tensors: readonly GraphTensor[],
  construct: Construct,
): Poison {
  if (tensors.length === 1 && tensors.every((tensor) => evaluation.optional.has(tensor))) {
    return refuseOptional(evaluation, node, construct)
  }
  const isOperator = node.type === 'BinaryExpression' || node.type === 'UnaryExpression'
  const test = isOperator ? `tj\`${templateText(evaluation, node)}\`` : textOf(evaluation, node)
  const isScalar = tensors.every((tensor) => tensor.shape.length === 0 || dims.product(tensor.shape) === 1)
  const rewrite = construct.rewrite(test, isScalar)
  const params = { construct: construct.name, rewrite }
  const { replaces } = construct
  if (replaces === undefined) return refuse(evaluation, node, 'source_tensor_condition', params)
  const combinator = /^\w+/.exec(rewrite)?.[0] ?? 'tj'
  const needed = isOperator ? [combinator, 'tj'] : [combinator]
  const fix = withTemplateImport(evaluation, `write \`${combinator}\``, replaces, rewrite, needed)
  return refuse(evaluation, node, 'source_tensor_condition', params, { fix })
}

/** An optional input is a tensor where the call has it: what can be asked is whether it has. */
function refuseOptional(evaluation: Evaluation, node: Expression, { name, replaces, isNegated }: Construct): Poison {
  const input = textOf(evaluation, node)
  const isDefault = name === '||' && replaces?.type === 'LogicalExpression'
  const rewrite = isDefault ? `${input} ?? ${textOf(evaluation, replaces.right)}` : `${input} !== undefined`
  const isOperand = isNegated === true || name === '!'
  const span = spanOf(evaluation, isDefault ? replaces : node)
  const fix = { title: `write \`${rewrite}\``, edits: [{ span, text: isOperand ? `(${rewrite})` : rewrite }] }
  const isAssignment = name.endsWith('=')
  const params = { construct: name, name: input, rewrite }
  return refuse(evaluation, node, 'source_optional_condition', params, isAssignment ? {} : { fix })
}

// expressions: the expressions of functions, one rule for each kind
//
// A rule is given its node and scope and returns the value. Whatever has no rule is reported as unsupported at its
// place. Operators on tensors come back as a Mistake, which the outermost expression reports.

import type {
  ArrayExpression,
  BinaryExpression,
  ConditionalExpression,
  Expression,
  Identifier,
  LogicalExpression,
  ObjectExpression,
  TemplateLiteral,
  UnaryExpression,
} from '@babel/types'
import { setOwn } from './assign.ts'
import { assignment, update } from './assignments.ts'
import { evaluateChain } from './chains.ts'
import { type Construct, evaluateTest, truthOf } from './conditions.ts'
import { type Evaluation, textOf } from './evaluation.ts'
import { createClosure, named } from './functions.ts'
import { guess } from './guess.ts'
import { elementsOf } from './iterate.ts'
import { Mistake, tensorsOf } from './mistake.ts'
import { propertyName } from './property-name.ts'
import { refuse } from './report.ts'
import { applyBinary, applyUnary, isSymbolic, textOfValue } from './static-operators.ts'
import { evaluateTagged } from './tagged-template.ts'
import { templateText, withTemplateImport } from './template-rewrite.ts'
import { refuseSyntax, unsupportedNode } from './unsupported.ts'
import { unknownName } from './unknown-name.ts'
import {
  Builtin,
  Closure,
  LayerValue,
  type ObjectValue,
  Poison,
  type Scope,
  type Value,
  isObject,
  poison,
} from './value.ts'

/** Evaluates an expression; an operator on tensors is reported here, with the formula as a template. */
export function evaluate(evaluation: Evaluation, node: Expression, scope: Scope): Value {
  const value = operand(evaluation, node, scope)
  return value instanceof Mistake ? refuseOperator(evaluation, value) : value
}

/** Evaluates an expression; an operator on tensors is given back. */
export function operand(evaluation: Evaluation, node: Expression, scope: Scope): Value | Mistake {
  switch (node.type) {
    case 'NumericLiteral':
    case 'StringLiteral':
    case 'BooleanLiteral':
      return node.value
    case 'NullLiteral':
      return null
    case 'Identifier':
      return readName(evaluation, node, scope)
    case 'TemplateLiteral':
      return templateString(evaluation, node, scope)
    case 'TaggedTemplateExpression':
      return evaluateTagged(evaluation, node, scope)
    case 'ArrayExpression':
      return arrayLiteral(evaluation, node, scope)
    case 'ObjectExpression':
      return objectLiteral(evaluation, node, scope)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return createClosure(evaluation, node, scope, 'id' in node ? (node.id?.name ?? '') : '')
    case 'UnaryExpression':
      return unary(evaluation, node, scope)
    case 'BinaryExpression':
      return binary(evaluation, node, scope)
    case 'LogicalExpression':
      return logical(evaluation, node, scope)
    case 'ConditionalExpression':
      return conditional(evaluation, node, scope)
    case 'AssignmentExpression':
      return assignment(evaluation, node, scope)
    case 'UpdateExpression':
      return update(evaluation, node, scope)
    case 'MemberExpression':
    case 'OptionalMemberExpression':
    case 'CallExpression':
    case 'OptionalCallExpression':
      return evaluateChain(evaluation, node, scope)
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
      return operand(evaluation, node.expression, scope)
    default:
      return refuseSyntax(evaluation, node)
  }
}

function readName(evaluation: Evaluation, node: Identifier, scope: Scope): Value {
  const binding = scope.find(node.name)
  if (binding === undefined) return unknownName(evaluation, node, scope)
  if (binding.isReady) return binding.value
  const related = [{ message: 'it is defined here', span: binding.span }]
  return refuse(evaluation, node, 'source_used_before_definition', { name: node.name }, { related })
}

function templateString(evaluation: Evaluation, node: TemplateLiteral, scope: Scope): Value {
  let text = node.quasis[0]?.value.cooked ?? ''
  let isKnown = true
  for (const [index, expression] of node.expressions.entries()) {
    // type arguments stand in template literal types only
    if (expression.type.startsWith('TS') && !('expression' in expression)) continue
    const value = evaluate(evaluation, expression as Expression, scope)
    const part = textOfValue(evaluation, value, expression)
    if (part instanceof Poison) isKnown = false
    text += `${String(part)}${node.quasis[index + 1]?.value.cooked ?? ''}`
  }
  return isKnown ? text : poison
}

function arrayLiteral(evaluation: Evaluation, node: ArrayExpression, scope: Scope): Value {
  const items: Value[] = []
  for (const element of node.elements) {
    if (element === null) items.push(undefined)
    else if (element.type !== 'SpreadElement') items.push(evaluate(evaluation, element, scope))
    else {
      const value = evaluate(evaluation, element.argument, scope)
      const elements = elementsOf(evaluation, value, element.argument)
      if (elements === undefined) return poison
      items.push(...elements)
    }
  }
  return items
}

function objectLiteral(evaluation: Evaluation, node: ObjectExpression, scope: Scope): Value {
  const object: ObjectValue = {}
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const value = evaluate(evaluation, property.argument, scope)
      if (value instanceof Poison) return poison
      if (Array.isArray(value) || isObject(value))
        for (const [name, part] of Object.entries(value)) setOwn(object, name, part)
      continue
    }
    const name = propertyName(evaluation, property, scope)
    if (property.type === 'ObjectMethod') {
      const isRefused = unsupportedNode(property) !== undefined
      setOwn(
        object,
        name ?? '',
        isRefused ? refuseSyntax(evaluation, property) : createClosure(evaluation, property, scope, name ?? ''),
      )
    } else {
      // the value of a property in a literal is an expression; patterns stand in patterns
      const value = named(evaluate(evaluation, property.value as Expression, scope), name)
      if (name === undefined) return poison
      setOwn(object, name, value)
    }
  }
  return object
}

function unary(evaluation: Evaluation, node: UnaryExpression, scope: Scope): Value | Mistake {
  const { operator, argument } = node
  if (operator === 'typeof') return typeOf(evaluation, argument, scope)
  if (operator === '!') {
    const construct: Construct = {
      name: '!',
      rewrite: (test) => `tj\`not ${/^tj`(.*)`$/s.test(test) ? `(${test.slice(3, -1)})` : `\${${test}}`}\``,
      replaces: node,
    }
    const value = evaluateTest(evaluation, argument, scope, construct)
    return value instanceof Poison ? value : !value
  }
  if (operator === 'void') {
    evaluate(evaluation, argument, scope)
    return undefined
  }
  if (operator === 'delete' || operator === 'throw') return refuseSyntax(evaluation, node)
  const value = operand(evaluation, argument, scope)
  const tensors = tensorsOf([value])
  if (tensors !== undefined) return new Mistake(node, operator, tensors)
  return value instanceof Mistake ? poison : applyUnary(evaluation, operator, value, node)
}

function typeOf(evaluation: Evaluation, argument: Expression, scope: Scope): Value {
  const value = evaluate(evaluation, argument, scope)
  if (value instanceof Poison) return poison
  if (isSymbolic(value)) return 'number'
  if (value instanceof Closure || value instanceof Builtin || value instanceof LayerValue) return 'function'
  return typeof value
}

const equalities: ReadonlySet<string> = new Set(['===', '!==', '==', '!='])

function binary(evaluation: Evaluation, node: BinaryExpression, scope: Scope): Value | Mistake {
  const { operator, left: leftNode, right: rightNode } = node
  if (leftNode.type === 'PrivateName' || operator === 'instanceof' || operator === '|>')
    return refuseSyntax(evaluation, node)
  const left = operand(evaluation, leftNode, scope)
  const right = operand(evaluation, rightNode, scope)
  if (left instanceof Poison || right instanceof Poison) return poison
  const tensors = tensorsOf([left, right])
  if (tensors === undefined || left instanceof Mistake || right instanceof Mistake) {
    if (left instanceof Mistake || right instanceof Mistake) return new Mistake(node, operator, tensors ?? [])
    return applyBinary(evaluation, operator, left, right, node)
  }
  const isIdentity = equalities.has(operator) && (isNothing(left) || isNothing(right))
  if (isIdentity) return applyBinary(evaluation, operator, left, right, node)
  if (typeof left === 'string' || typeof right === 'string') {
    const text = typeof left === 'string' ? leftNode : rightNode
    return refuse(evaluation, text, 'source_tensor_string', { what: 'a string' })
  }
  return new Mistake(node, operator, tensors)
}

function isNothing(value: Value | Mistake): boolean {
  return value === undefined || value === null
}

function refuseOperator(evaluation: Evaluation, { node, operator }: Mistake): Poison {
  const rewrite = `tj\`${templateText(evaluation, node)}\``
  const fix = withTemplateImport(evaluation, 'write a template', node, rewrite, ['tj'])
  return refuse(evaluation, node, 'source_tensor_operator', { operator, rewrite }, { fix })
}

function logical(evaluation: Evaluation, node: LogicalExpression, scope: Scope): Value | Mistake {
  const left = operand(evaluation, node.left, scope)
  if (node.operator === '??') {
    if (left instanceof Mistake) return refuseOperator(evaluation, left)
    return left === undefined || left === null ? operand(evaluation, node.right, scope) : left
  }
  const rewrite = (): string => `tj\`${templateText(evaluation, node)}\``
  const truth = truthOf(evaluation, left, node.left, { name: node.operator, rewrite, replaces: node })
  if (truth instanceof Poison) {
    guess(evaluation, () => void operand(evaluation, node.right, scope))
    return poison
  }
  const isLeft = node.operator === '&&' ? !truth : truth
  return isLeft ? left : operand(evaluation, node.right, scope)
}

function conditional(evaluation: Evaluation, node: ConditionalExpression, scope: Scope): Value | Mistake {
  const { test, consequent, alternate } = node
  const [first, second] = [textOf(evaluation, consequent), textOf(evaluation, alternate)]
  const decided = evaluateTest(evaluation, test, scope, {
    name: '?:',
    rewrite: (text, isScalar) =>
      isScalar ? `cond(${text}, () => ${first}, () => ${second})` : `where(${text}, ${first}, ${second})`,
    replaces: node,
  })
  if (!(decided instanceof Poison)) return operand(evaluation, decided ? consequent : alternate, scope)
  guess(evaluation, () => {
    evaluate(evaluation, consequent, scope)
    evaluate(evaluation, alternate, scope)
  })
  return poison
}

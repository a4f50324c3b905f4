// chains: member accesses and calls, optional ones included
//
// `a?.b.c()` gives undefined as a whole where `a` is undefined or null.

import type {
  CallExpression,
  Expression,
  MemberExpression,
  Node,
  OptionalCallExpression,
  OptionalMemberExpression,
} from '@babel/types'
import { WeightDeclaration } from '@tsjit/dsl/compiler'
import { staticKey } from './assign.ts'
import { describe } from './describe.ts'
import { type Evaluation, textOf } from './evaluation.ts'
import { CallableNamespace } from './globals.ts'
import { elementsOf } from './iterate.ts'
import { readProperty } from './members.ts'
import { refuse } from './report.ts'
import { isSymbolic } from './static-operators.ts'
import { withTemplateImport } from './template-rewrite.ts'
import { isHostName, unknownMember } from './unknown-name.ts'
import { refuseSyntax, unsupportedNode } from './unsupported.ts'
import { GraphTensor, Poison, type Scope, type Value, isObject, poison } from './value.ts'

/** A link of a chain. */
export type Chain = MemberExpression | OptionalMemberExpression | CallExpression | OptionalCallExpression

/** The chain ended early at `?.`. */
const ended: unique symbol = Symbol('ended')

/** Evaluates a member access or a call. */
export function evaluateChain(evaluation: Evaluation, node: Chain, scope: Scope): Value {
  const value = link(evaluation, node, scope)
  return value === ended ? undefined : value
}

function link(evaluation: Evaluation, node: Expression, scope: Scope): Value | typeof ended {
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return member(evaluation, node, scope)
    case 'CallExpression':
    case 'OptionalCallExpression':
      return call(evaluation, node, scope)
    case 'TSNonNullExpression':
      return link(evaluation, node.expression, scope)
    default:
      return evaluation.parts.evaluate(node, scope)
  }
}

function member(
  evaluation: Evaluation,
  node: MemberExpression | OptionalMemberExpression,
  scope: Scope,
): Value | typeof ended {
  const { object: objectNode, property } = node
  if (objectNode.type === 'Super' || property.type === 'PrivateName') return refuseSyntax(evaluation, objectNode)
  if (objectNode.type === 'Identifier' && scope.find(objectNode.name) === undefined && isHostName(objectNode.name))
    return unknownMember(evaluation, node, objectNode)
  const object = link(evaluation, objectNode, scope)
  if (object === ended) return ended
  if (node.optional === true && (object === undefined || object === null)) return ended
  const text = textOf(evaluation, objectNode)
  if (!node.computed)
    return property.type === 'Identifier' ? readProperty(evaluation, object, property.name, property, text) : poison
  return element(evaluation, node, object, evaluation.parts.evaluate(property, scope), text)
}

function element(
  evaluation: Evaluation,
  node: MemberExpression | OptionalMemberExpression,
  object: Value,
  key: Value,
  text: string,
): Value {
  if (object instanceof Poison || key instanceof Poison) return poison
  if (object instanceof GraphTensor || object instanceof WeightDeclaration)
    return indexTensor(evaluation, node, key, text)
  if (key instanceof GraphTensor && (Array.isArray(object) || isObject(object))) {
    const rewrite = Array.isArray(object)
      ? `select(${textOf(evaluation, node.property)}, [() => …, () => …])`
      : 'select(index, [() => …])'
    return refuse(evaluation, node.property, 'source_tensor_condition', { construct: '[]', rewrite })
  }
  // Babel types the key of a computed access as an expression or a private name; the latter was refused
  const name = staticKey(evaluation, key, node.property as Expression)
  if (name === undefined) return poison
  if (typeof name === 'number' && Array.isArray(object)) return object[name]
  return readProperty(evaluation, object, String(name), node.property, text)
}

function indexTensor(
  evaluation: Evaluation,
  node: MemberExpression | OptionalMemberExpression,
  key: Value,
  text: string,
): Value {
  const index = textOf(evaluation, node.property)
  const inside = typeof key === 'number' ? index : `\${${index}}`
  const rewrite = `tj\`\${${text}}[${inside}]\``
  const fix = withTemplateImport(evaluation, 'write a template', node, rewrite, ['tj'])
  return refuse(evaluation, node, 'source_tensor_operator', { operator: '[]', rewrite }, { fix })
}

function call(
  evaluation: Evaluation,
  node: CallExpression | OptionalCallExpression,
  scope: Scope,
): Value | typeof ended {
  const { callee: calleeNode } = node
  if (unsupportedNode(node) !== undefined || calleeNode.type === 'Super' || calleeNode.type === 'V8IntrinsicIdentifier')
    return refuseSyntax(evaluation, node)
  const callee = calleeNode.type === 'Import' ? refuseSyntax(evaluation, node) : link(evaluation, calleeNode, scope)
  if (callee === ended) return ended
  if (node.optional === true && (callee === undefined || callee === null)) return ended
  const { values, nodes } = evaluateArguments(evaluation, node.arguments, scope)
  if (callee instanceof Poison) return poison
  if (values === undefined) return poison
  if (callee instanceof CallableNamespace) return callee.apply(values, { node, args: nodes })
  if (isSymbolic(callee))
    return refuse(evaluation, calleeNode, 'source_not_callable', {
      what: `\`${textOf(evaluation, calleeNode)}\`, which is ${describe(callee)},`,
    })
  return evaluation.parts.call(callee, values, node, nodes)
}

interface Arguments {
  /** Undefined where a spread could not be taken apart. */
  readonly values: readonly Value[] | undefined
  readonly nodes: readonly Node[]
}

function evaluateArguments(evaluation: Evaluation, args: CallExpression['arguments'], scope: Scope): Arguments {
  const values: Value[] = []
  const nodes: Node[] = []
  let isKnown = true
  for (const arg of args) {
    if (arg.type === 'ArgumentPlaceholder') continue
    if (arg.type !== 'SpreadElement') {
      values.push(evaluation.parts.evaluate(arg, scope))
      nodes.push(arg)
      continue
    }
    const spread = elementsOf(evaluation, evaluation.parts.evaluate(arg.argument, scope), arg.argument)
    if (spread === undefined) isKnown = false
    for (const value of spread ?? []) {
      values.push(value)
      nodes.push(arg)
    }
  }
  return { values: isKnown ? values : undefined, nodes }
}

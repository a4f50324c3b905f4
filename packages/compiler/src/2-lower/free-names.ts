// free-names: a function's syntax -> the names that it does not declare itself
//
// For functions that stay JavaScript, so any syntax may stand in them.

import type { Identifier, Node } from '@babel/types'
import { scopesOf } from './declared-names.ts'
import type { FunctionNode } from './value.ts'

/** A name that a function takes from around it. */
export interface FreeName {
  /** Its first place. */
  readonly node: Identifier
  /** Where it is assigned, if it is. */
  readonly assigned: Node | undefined
}

/** Returns the names that a function takes from around it. */
export function freeNames(fn: FunctionNode): ReadonlyMap<string, FreeName> {
  const found = new Map<string, { node: Identifier; assigned: Node | undefined }>()
  const visit = (node: Node, own: ReadonlySet<string>, target: Node | undefined): void => {
    if (isType(node)) return
    if (node.type === 'Identifier') {
      if (own.has(node.name)) return
      const known = found.get(node.name) ?? { node, assigned: undefined }
      known.assigned ??= target
      found.set(node.name, known)
      return
    }
    const declared = [...(scopesOf(node) ?? new Map()).keys(), ...nameOfClass(node)]
    const inner = declared.length === 0 ? own : new Set([...own, ...declared])
    for (const [key, child] of childrenOf(node)) visit(child, inner, targetOf(node, key) ?? inPattern(node, target))
  }
  // the block of a function is one more scope inside that of its parameters
  visit(fn, new Set(['arguments', 'undefined', ...varsIn(fn)]), undefined)
  return found
}

/** An assignment is to its left side. */
function targetOf(node: Node, key: string): Node | undefined {
  if (node.type === 'UpdateExpression') return node
  return node.type === 'AssignmentExpression' && key === 'left' ? node : undefined
}

/** The parts of a pattern are assigned; what stands in a member expression is read. */
function inPattern(node: Node, target: Node | undefined): Node | undefined {
  const isPattern = ['ArrayPattern', 'ObjectPattern', 'RestElement', 'AssignmentPattern', 'ObjectProperty']
  return isPattern.includes(node.type) ? target : undefined
}

function nameOfClass(node: Node): readonly string[] {
  return node.type === 'ClassExpression' && node.id ? [node.id.name] : []
}

/** `var` declares for the whole function. */
function varsIn(node: Node): readonly string[] {
  const own =
    node.type === 'VariableDeclaration' && node.kind === 'var' ? [...(scopesOf(blockOf(node)) ?? new Map()).keys()] : []
  return [...own, ...childrenOf(node).flatMap(([, child]) => varsIn(child))]
}

function blockOf(node: Node): Node {
  return { type: 'BlockStatement', body: [node], directives: [] } as unknown as Node
}

function isType(node: Node): boolean {
  return node.type.startsWith('TS') && !('expression' in node)
}

const skipped: ReadonlySet<string> = new Set(
  [
    'loc extra errors leadingComments trailingComments innerComments',
    'typeAnnotation typeParameters typeArguments returnType implements',
  ].flatMap((line) => line.split(' ')),
)

/** Returns the nodes inside, without names of properties, labels and types. */
function childrenOf(node: Node): readonly (readonly [key: string, child: Node])[] {
  const isNamed = 'computed' in node && node.computed === true
  const names = isNamed ? [] : node.type.endsWith('MemberExpression') ? ['property'] : 'key' in node ? ['key'] : []
  const others = node.type === 'MetaProperty' ? ['meta', 'property'] : ['label']
  return Object.entries(node).flatMap(([key, value]) =>
    skipped.has(key) || names.includes(key) || others.includes(key)
      ? []
      : (Array.isArray(value) ? value : [value]).filter(isNode).map((child) => [key, child] as const),
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

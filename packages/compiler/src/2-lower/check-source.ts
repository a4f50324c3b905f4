// check-source: a module's syntax tree -> what is wrong with it wherever it stands
//
// The evaluator sees only what runs. This pass looks at all functions of a module, also those that nothing calls, for
// names that do not exist, syntax that cannot be compiled, assignments to `const` and parameters of type `any`.

import type { Identifier, Node } from '@babel/types'
import type { SourceModule } from '../ir/source.ts'
import { type Evaluation } from './evaluation.ts'
import { declaredNames, scopesOf } from './declared-names.ts'
import { functionsForHost } from './host-functions.ts'
import { namesOf } from './patterns.ts'
import { refuse } from './report.ts'
import { refuseSyntax, unsupportedNode } from './unsupported.ts'
import { isHostName, unknownMember, unknownName } from './unknown-name.ts'
import type { Scope } from './value.ts'

/** Reports what is wrong in a module without evaluating it. */
export function checkSource(evaluation: Evaluation, module: SourceModule, globals: Scope): void {
  const global = new Map(globals.names().map((name) => [name, 'const' as const]))
  const top = new Names(undefined, global)
  const names = new Names(top, declaredNames(module.ast.program.body))
  walk(evaluation, module.ast.program, names, functionsForHost(module.ast))
}

/** The names of a block and of those around it. */
class Names {
  readonly parent: Names | undefined
  readonly own: ReadonlyMap<string, 'const' | 'let'>

  constructor(parent: Names | undefined, own: ReadonlyMap<string, 'const' | 'let'>) {
    this.parent = parent
    this.own = own
  }

  kindOf(name: string): 'const' | 'let' | undefined {
    return this.own.get(name) ?? this.parent?.kindOf(name)
  }

  names(): readonly string[] {
    return [...this.own.keys(), ...(this.parent?.names() ?? [])]
  }
}

/** Goes through a node; `free` are the functions that are not compiled. */
function walk(evaluation: Evaluation, node: Node, names: Names, free: ReadonlySet<Node>): void {
  if (free.has(node)) return
  if (node.type.startsWith('TS') && !('expression' in node)) return
  const isTop = node.type === 'Program'
  if (!isTop && unsupportedNode(node) !== undefined && !isThrown(node)) {
    refuseSyntax(evaluation, node)
    // what stands inside would be reported a second time in other words
    if (!('body' in node) && node.type !== 'TryStatement') return
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return
  }
  if (node.type === 'Identifier') return checkName(evaluation, node, names)
  checkParameters(evaluation, node)
  checkAssignment(evaluation, node, names)
  const own = scopesOf(node)
  const inner = own === undefined ? names : new Names(names, own)
  for (const child of childrenOf(evaluation, node, names)) walk(evaluation, child, inner, free)
}

/** `throw new Error(…)` is the one place where `new` has a meaning; statements look at their own inside. */
function isThrown(node: Node): boolean {
  return node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name.endsWith('Error')
}

function checkName(evaluation: Evaluation, node: Identifier, names: Names): void {
  if (names.kindOf(node.name) === undefined && node.name !== 'arguments') unknownName(evaluation, node, names)
  if (node.name === 'arguments' && names.kindOf(node.name) === undefined) {
    const instead = 'a rest parameter: `(...values)`'
    refuse(evaluation, node, 'source_unsupported_syntax', { what: '`arguments`', instead })
  }
}

function checkParameters(evaluation: Evaluation, node: Node): void {
  if (!('params' in node) || !Array.isArray(node.params)) return
  for (const parameter of node.params) {
    const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
    const annotation = 'typeAnnotation' in target ? target.typeAnnotation : undefined
    const isAny = annotation?.type === 'TSTypeAnnotation' && annotation.typeAnnotation.type === 'TSAnyKeyword'
    if (isAny) refuse(evaluation, target, 'source_any_type', { name: namesOf(target)[0]?.name ?? 'this parameter' })
  }
}

function checkAssignment(evaluation: Evaluation, node: Node, names: Names): void {
  const target =
    node.type === 'AssignmentExpression' ? node.left : node.type === 'UpdateExpression' ? node.argument : undefined
  if (target?.type !== 'Identifier' || names.kindOf(target.name) !== 'const') return
  refuse(evaluation, target, 'source_reassigned_const', { name: target.name })
}

const typeOnly: ReadonlySet<string> = new Set(
  [
    'typeAnnotation typeParameters typeArguments returnType loc extra implements decorators',
    'leadingComments trailingComments innerComments predicate attributes assertions',
  ].flatMap((line) => line.split(' ')),
)

/** Returns the nodes inside a node that are evaluated, names of properties left out. */
function childrenOf(evaluation: Evaluation, node: Node, names: Names): readonly Node[] {
  const skipped = skippedKeys(evaluation, node, names)
  const found: Node[] = []
  for (const [key, value] of Object.entries(node)) {
    if (typeOnly.has(key) || skipped.includes(key)) continue
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) found.push(item)
  }
  return found
}

function skippedKeys(evaluation: Evaluation, node: Node, names: Names): readonly string[] {
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const { object } = node
      const isHost = object.type === 'Identifier' && names.kindOf(object.name) === undefined && isHostName(object.name)
      if (isHost) unknownMember(evaluation, node, object)
      return [...(isHost ? ['object'] : []), ...(node.computed ? [] : ['property'])]
    }
    case 'ObjectProperty':
    case 'ObjectMethod':
      return node.computed ? [] : ['key']
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return ['specifiers', 'source']
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' || node.source || node.specifiers.length > 0 ? ['specifiers', 'source'] : []
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'LabeledStatement':
      return ['label']
    case 'NewExpression':
      return isThrown(node) ? ['callee'] : []
    case 'MetaProperty':
      return ['meta', 'property']
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return ['id']
    default:
      return []
  }
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value
  )
}

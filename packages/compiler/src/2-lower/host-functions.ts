// host-functions: functions of a module that stay JavaScript
//
// What is passed to `host` is not compiled, so nothing in it is refused. It may name what the app will have: plain data and
// functions of the module, and the globals of JavaScript.

import type { CallExpression, File, Node } from '@babel/types'
import type { HostCapture, HostFunction } from '../ir/source.ts'
import { describe } from './describe.ts'
import type { Evaluation } from './evaluation.ts'
import { freeNames } from './free-names.ts'
import { refuseAt } from './report.ts'
import { dataOf } from './static-data.ts'
import { Closure, type FunctionNode, Poison, type Scope, type Value } from './value.ts'

/** Returns a closure as a function of the app; undefined after reporting what it names and the app does not have. */
export function hostFunctionOf(evaluation: Evaluation, closure: Closure): HostFunction | undefined {
  let isRefused = false
  const refuseName = (file: string, node: Node, name: string, got: string): void => {
    isRefused = true
    refuseAt(evaluation, { file, start: node.start ?? 0, end: node.end ?? 0 }, 'source_host_capture', { name, got })
  }
  const known = new Map<FunctionNode, HostFunction>()
  const convert = ({ node, scope, file }: Closure): HostFunction => {
    const before = known.get(node)
    if (before !== undefined) return before
    const captures = new Map<string, HostCapture>()
    const made = { file, node, captures }
    known.set(node, made)
    for (const [name, { node: place, assigned }] of freeNames(node)) {
      const binding = bindingOf(scope, name)
      if (binding === undefined) continue
      const { value } = binding
      const capture = captureOf(value, convert)
      if (assigned !== undefined) refuseName(file, assigned, name, 'a variable of the model')
      else if (value instanceof Poison) isRefused = true
      else if (capture === undefined) refuseName(file, place, name, describe(value))
      else captures.set(name, capture)
    }
    return made
  }
  const made = convert(closure)
  return isRefused ? undefined : made
}

/** The names that every module has mean the same to the app. */
function bindingOf(scope: Scope, name: string): { readonly value: Value } | undefined {
  const owner = scope.ownerOf(name)
  return owner?.parent === undefined ? undefined : owner.bindings.get(name)
}

function captureOf(value: Value, convert: (closure: Closure) => HostFunction): HostCapture | undefined {
  if (value instanceof Closure) return { fn: convert(value) }
  // the object itself, which is one for all functions that name it
  return dataOf(value) === undefined ? undefined : { data: value }
}

/** Returns the functions of a module that are passed to `host`, and those that they call. */
export function functionsForHost({ program }: File): ReadonlySet<Node> {
  const names = hostNames(program.body)
  const found = new Set<Node>()
  if (names.functions.size + names.namespaces.size === 0) return found
  const declared = new Map(program.body.flatMap(declaredFunctions))
  const add = (fn: FunctionNode | undefined): void => {
    if (fn === undefined || found.has(fn)) return
    found.add(fn)
    for (const name of freeNames(fn).keys()) add(declared.get(name))
  }
  const visit = (node: Node): void => {
    if (node.type === 'CallExpression' && isHost(node, names)) {
      const [fn] = node.arguments
      if (fn?.type === 'Identifier') add(declared.get(fn.name))
      else if (fn !== undefined) add(asFunction(fn))
    }
    for (const value of Object.values(node))
      for (const item of Array.isArray(value) ? value : [value])
        if (typeof item === 'object' && item !== null && typeof Reflect.get(item, 'type') === 'string') visit(item)
  }
  for (const statement of program.body) visit(statement)
  return found
}

interface HostNames {
  readonly functions: ReadonlySet<string>
  readonly namespaces: ReadonlySet<string>
}

function hostNames(body: File['program']['body']): HostNames {
  const specifiers = body.flatMap((statement) =>
    statement.type === 'ImportDeclaration' && statement.source.value === '@tsjit/dsl' ? statement.specifiers : [],
  )
  const isHostItself = (s: (typeof specifiers)[number]): boolean =>
    s.type === 'ImportSpecifier' && (s.imported.type === 'Identifier' ? s.imported.name : s.imported.value) === 'host'
  const namesOf = (list: typeof specifiers): ReadonlySet<string> => new Set(list.map(({ local }) => local.name))
  return {
    functions: namesOf(specifiers.filter(isHostItself)),
    namespaces: namesOf(specifiers.filter(({ type }) => type === 'ImportNamespaceSpecifier')),
  }
}

function isHost({ callee }: CallExpression, { functions, namespaces }: HostNames): boolean {
  if (callee.type === 'Identifier') return functions.has(callee.name)
  if (callee.type !== 'MemberExpression' || callee.computed) return false
  const { object, property } = callee
  return (
    object.type === 'Identifier' &&
    namespaces.has(object.name) &&
    property.type === 'Identifier' &&
    property.name === 'host'
  )
}

function declaredFunctions(statement: Node): readonly (readonly [string, FunctionNode])[] {
  const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
  const declaration = isExport ? statement.declaration : statement
  if (declaration?.type === 'FunctionDeclaration')
    return declaration.id ? [[declaration.id.name, declaration] as const] : []
  if (declaration?.type !== 'VariableDeclaration') return []
  return declaration.declarations.flatMap(({ id, init }) => {
    const fn = init ? asFunction(init) : undefined
    return id.type === 'Identifier' && fn !== undefined ? [[id.name, fn] as const] : []
  })
}

function asFunction(node: Node): FunctionNode | undefined {
  if (
    node.type === 'TSAsExpression' ||
    node.type === 'TSSatisfiesExpression' ||
    node.type === 'ParenthesizedExpression'
  )
    return asFunction(node.expression)
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' ? node : undefined
}

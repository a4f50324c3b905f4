// modules: evaluates the modules of a program, each after what it imports
//
// Only `const`, functions and exports stand at the top of a module. What a module has evaluated is frozen.

import type { ExportNamedDeclaration, ImportDeclaration, Node, Statement } from '@babel/types'
import type { Span } from '../base/span.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { ImportTarget, SourceModule } from '../ir/source.ts'
import { Abandon, type Evaluation, spanOf } from './evaluation.ts'
import { freezeDeep } from './freeze.ts'
import { named } from './functions.ts'
import { createIntrinsics, typeNames } from './intrinsics.ts'
import { namesOf } from './patterns.ts'
import { refuse } from './report.ts'
import { executeOne, hoist } from './statements.ts'
import { Namespace, Scope, type Value, poison } from './value.ts'

/** One export: its value, and where it is declared or exported. */
export interface Exported {
  readonly value: Value
  readonly span: Span
}

/** The exports of a module, in the order of the text. */
export type Exports = ReadonlyMap<string, Exported>

/** Evaluates the entry module and everything that it reaches. Returns the exports of each module by file. */
export function evaluateModules(evaluation: Evaluation, globals: Scope): ReadonlyMap<string, Exports> {
  const done = new Map<string, Exports>()
  const modules: Modules = { evaluation, globals, dsl: createIntrinsics(evaluation), done }
  visit(modules, evaluation.program.entry)
  return done
}

interface Modules {
  readonly evaluation: Evaluation
  readonly globals: Scope
  readonly dsl: Namespace
  readonly done: Map<string, Exports>
}

function visit(modules: Modules, module: SourceModule): void {
  const { evaluation, done } = modules
  if (done.has(module.file)) return
  for (const { target } of module.imports) {
    const imported = target.kind === 'module' ? evaluation.program.modules.get(target.file) : undefined
    if (imported !== undefined) visit(modules, imported)
  }
  evaluation.module = module
  done.set(module.file, evaluateModule(modules, module))
}

function evaluateModule(modules: Modules, module: SourceModule): Exports {
  const { evaluation, globals } = modules
  const scope = new Scope(globals)
  const { body } = module.ast.program
  for (const statement of body)
    if (statement.type === 'ImportDeclaration') bindImports(modules, module, statement, scope)
  hoist(evaluation, body, scope)
  const exports = new Map<string, Exported>()
  for (const statement of body) {
    try {
      runStatement(evaluation, statement, scope, exports)
    } catch (error) {
      if (!(error instanceof Abandon)) throw error
    }
    for (const binding of scope.bindings.values()) if (binding.isReady) freezeDeep(binding.value)
  }
  // names may be exported before they are declared
  for (const statement of body) collectExports(modules, module, statement, scope, exports)
  return exports
}

function runStatement(
  evaluation: Evaluation,
  statement: Statement,
  scope: Scope,
  exports: Map<string, Exported>,
): void {
  if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement
    if (declaration.type === 'FunctionDeclaration' || declaration.type === 'TSDeclareFunction') return
    const value =
      declaration.type === 'ClassDeclaration' ? poison : named(evaluation.parts.evaluate(declaration, scope), 'default')
    freezeDeep(value)
    exports.set('default', { value, span: spanOf(evaluation, declaration) })
    return
  }
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  if (declared?.type === 'VariableDeclaration') executeOne(evaluation, declared, scope)
}

function collectExports(
  modules: Modules,
  module: SourceModule,
  statement: Statement,
  scope: Scope,
  exports: Map<string, Exported>,
): void {
  const { evaluation } = modules
  if (statement.type === 'ExportAllDeclaration' && statement.exportKind !== 'type') {
    for (const [name, exported] of exportsOf(modules, targetOf(module, statement.source)))
      if (name !== 'default') exports.set(name, exported)
  } else if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement
    const isFunction = declaration.type === 'FunctionDeclaration'
    const value = isFunction ? scope.find(declaration.id?.name ?? 'default')?.value : exports.get('default')?.value
    // set anew, so that it stands where the text has it
    exports.delete('default')
    exports.set('default', { value, span: spanOf(evaluation, declaration) })
  } else if (statement.type === 'ExportNamedDeclaration' && statement.exportKind !== 'type')
    collectNamed(modules, module, statement, scope, exports)
}

function collectNamed(
  modules: Modules,
  module: SourceModule,
  statement: ExportNamedDeclaration,
  scope: Scope,
  exports: Map<string, Exported>,
): void {
  const { evaluation } = modules
  const { declaration } = statement
  const ids = declaration?.type === 'VariableDeclaration' ? declaration.declarations.map(({ id }) => id) : []
  const declared = declaration?.type === 'FunctionDeclaration' && declaration.id ? [declaration.id] : ids
  for (const { name, node } of declared.flatMap((id) => namesOf(id)))
    exports.set(name, { value: scope.find(name)?.value, span: spanOf(evaluation, node) })
  for (const specifier of statement.specifiers) {
    if (specifier.type === 'ExportSpecifier' && specifier.exportKind === 'type') continue
    const outside = exportedName(specifier.exported)
    const span = spanOf(evaluation, specifier)
    if (specifier.type !== 'ExportSpecifier') {
      const members = !statement.source
        ? new Map<string, Exported>()
        : exportsOf(modules, targetOf(module, statement.source))
      exports.set(outside, { value: namespaceOf(outside, members), span })
    } else if (!statement.source) {
      const isType = scope.find(specifier.local.name) === undefined && isDeclaredType(module, specifier.local.name)
      if (!isType) exports.set(outside, { value: evaluation.parts.evaluate(specifier.local, scope), span })
    } else {
      const target = targetOf(module, statement.source)
      exports.set(outside, {
        value: importedValue(modules, target, specifier.local.name, specifier, statement.source.value),
        span,
      })
    }
  }
}

function bindImports(modules: Modules, module: SourceModule, statement: ImportDeclaration, scope: Scope): void {
  if (statement.importKind === 'type' || statement.importKind === 'typeof') return
  const { evaluation } = modules
  const target = targetOf(module, statement.source)
  for (const specifier of statement.specifiers) {
    const span = spanOf(evaluation, specifier)
    const { name } = specifier.local
    if (specifier.type === 'ImportNamespaceSpecifier') {
      const isDsl = target.kind === 'dsl'
      const value = isDsl
        ? modules.dsl
        : target.kind === 'invalid'
          ? poison
          : namespaceOf(name, exportsOf(modules, target))
      scope.define(name, 'import', span, value)
    } else if (specifier.type === 'ImportDefaultSpecifier' || specifier.importKind !== 'type') {
      const imported = specifier.type === 'ImportSpecifier' ? exportedName(specifier.imported) : 'default'
      const node = specifier.type === 'ImportSpecifier' ? specifier.imported : specifier
      scope.define(name, 'import', span, importedValue(modules, target, imported, node, statement.source.value))
    }
  }
}

function importedValue(modules: Modules, target: ImportTarget, name: string, node: Node, specifier: string): Value {
  const { evaluation, dsl } = modules
  if (target.kind === 'invalid') return poison
  if (target.kind === 'dsl' && typeNames.has(name)) return poison
  const found = target.kind === 'dsl' ? dsl.members.has(name) : exportsOf(modules, target).has(name)
  if (found) return target.kind === 'dsl' ? dsl.members.get(name) : exportsOf(modules, target).get(name)?.value
  const source = target.kind === 'module' ? evaluation.program.modules.get(target.file) : undefined
  if (source !== undefined && isDeclaredType(source, name)) return poison
  const near = didYouMean(name, target.kind === 'dsl' ? dsl.members.keys() : exportsOf(modules, target).keys())
  const fix = { title: `write \`${near}\``, edits: [{ span: spanOf(evaluation, node), text: near ?? '' }] }
  const hint = near === undefined ? {} : { help: `did you mean \`${near}\`?`, fix }
  return refuse(evaluation, node, 'source_unknown_export', { module: specifier, name }, hint)
}

function exportsOf({ done, evaluation }: Modules, target: ImportTarget): Exports {
  if (target.kind === 'module') return done.get(target.file) ?? new Map()
  if (target.kind !== 'json') return new Map()
  const span = { file: evaluation.module.file, start: 0, end: 0 }
  // JSON holds strings, numbers, booleans, null, arrays and plain objects, all of which are values
  const value = target.value as Value
  freezeDeep(value)
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isRecord ? Object.entries(value).map(([name, part]): [string, Value] => [name, part]) : []
  return new Map([...entries, ['default', value] as const].map(([name, part]) => [name, { value: part, span }]))
}

function namespaceOf(name: string, exports: Exports): Namespace {
  return new Namespace(name, new Map([...exports].map(([key, { value }]) => [key, value])))
}

function targetOf({ imports }: SourceModule, source: Node): ImportTarget {
  return imports.find(({ start }) => start === source.start)?.target ?? { kind: 'invalid' }
}

function exportedName(node: ExportNamedDeclaration['specifiers'][number]['exported']): string {
  return node.type === 'Identifier' ? node.name : node.value
}

function isDeclaredType({ ast }: SourceModule, name: string): boolean {
  return ast.program.body.some((statement) => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    const isType = declared?.type === 'TSTypeAliasDeclaration' || declared?.type === 'TSInterfaceDeclaration'
    return isType && declared.id.name === name
  })
}

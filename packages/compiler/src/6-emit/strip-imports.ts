// strip-imports: imports and exports of a module without what only types use
//
// A name that occurs in no expression is a type, as TypeScript has it: the eager library has nothing to export for it.

import type { ExportNamedDeclaration, File, ImportDeclaration, Node, StringLiteral } from '@babel/types'
import type MagicString from 'magic-string'
import { childrenOf } from './syntax.ts'

/** Removes type-only bindings and rewrites the specifiers that stay. */
export function stripImports(ast: File, code: MagicString, rewrite: (specifier: string) => string): void {
  const used = valueNames(ast)
  const types = typeNames(ast)
  for (const statement of ast.program.body) {
    if (statement.type === 'ImportDeclaration') stripImport(statement, { code, used, rewrite })
    if (statement.type === 'ExportAllDeclaration') {
      if (statement.exportKind === 'type') remove(code, statement)
      else rewriteSource(statement.source, code, rewrite)
    }
    if (statement.type === 'ExportNamedDeclaration') stripExport(statement, { code, types, rewrite })
  }
}

interface ImportWork {
  readonly code: MagicString
  readonly used: ReadonlySet<string>
  readonly rewrite: (specifier: string) => string
}

function stripImport(statement: ImportDeclaration, { code, used, rewrite }: ImportWork): void {
  const { specifiers, source, importKind } = statement
  const isType = (s: ImportDeclaration['specifiers'][number]): boolean =>
    (s.type === 'ImportSpecifier' && s.importKind === 'type') || !used.has(s.local.name)
  const kept = specifiers.filter((s) => !isType(s))
  if (importKind === 'type' || (specifiers.length > 0 && kept.length === 0)) return remove(code, statement)
  if (kept.length < specifiers.length) {
    const named = kept.filter((s) => s.type === 'ImportSpecifier').map((s) => textOf(s, code))
    const others = kept.filter((s) => s.type !== 'ImportSpecifier').map((s) => textOf(s, code))
    const clause = [...others, ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])].join(', ')
    const [from, to] = clauseOf(statement, code)
    code.overwrite(from, to, clause)
  }
  rewriteSource(source, code, rewrite)
}

interface ExportWork {
  readonly code: MagicString
  readonly types: ReadonlySet<string>
  readonly rewrite: (specifier: string) => string
}

function stripExport(statement: ExportNamedDeclaration, { code, types, rewrite }: ExportWork): void {
  const { specifiers, source, exportKind, declaration } = statement
  if (declaration !== null && declaration !== undefined) return
  const kept = specifiers.filter((s) => {
    if (s.type !== 'ExportSpecifier') return true
    return s.exportKind !== 'type' && (source !== null && source !== undefined ? true : !types.has(s.local.name))
  })
  if (exportKind === 'type' || (specifiers.length > 0 && kept.length === 0)) return remove(code, statement)
  if (kept.length < specifiers.length) {
    const [first, last] = [specifiers[0], specifiers.at(-1)]
    if (first !== undefined && last !== undefined) {
      code.overwrite(first.start ?? 0, last.end ?? 0, kept.map((s) => textOf(s, code)).join(', '))
    }
  }
  if (source !== null && source !== undefined) rewriteSource(source, code, rewrite)
}

function rewriteSource(source: StringLiteral, code: MagicString, rewrite: (specifier: string) => string): void {
  const wanted = rewrite(source.value)
  if (wanted === source.value) return
  code.overwrite(source.start ?? 0, source.end ?? 0, JSON.stringify(wanted))
}

/** Names that occur where a value is wanted. */
function valueNames(ast: File): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration') return
    if (node.type === 'Identifier') names.add(node.name)
    const isWrapper = /^TS(As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$/.test(node.type)
    if (node.type.startsWith('TS') && !isWrapper) return
    if (node.type === 'ExportNamedDeclaration' && node.exportKind === 'type') return
    for (const child of childrenOf(node)) {
      const isName =
        (node.type === 'MemberExpression' && child === node.property && !node.computed) ||
        (node.type === 'ObjectProperty' && child === node.key && !node.computed && !node.shorthand) ||
        (node.type === 'ObjectMethod' && child === node.key && !node.computed)
      if (!isName) visit(child)
    }
  }
  for (const statement of ast.program.body) visit(statement)
  return names
}

/** Names that the module declares as types. */
function typeNames(ast: File): ReadonlySet<string> {
  const names = new Set<string>()
  for (const statement of ast.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type === 'TSInterfaceDeclaration' || declared?.type === 'TSTypeAliasDeclaration')
      names.add(declared.id.name)
    if (statement.type === 'ImportDeclaration' && statement.importKind === 'type') {
      for (const s of statement.specifiers) names.add(s.local.name)
    }
    if (statement.type === 'ImportDeclaration') {
      for (const s of statement.specifiers)
        if (s.type === 'ImportSpecifier' && s.importKind === 'type') names.add(s.local.name)
    }
  }
  return names
}

function textOf(node: Node, code: MagicString): string {
  return code.original.slice(node.start ?? 0, node.end ?? 0)
}

/** From the first character after `import` to the last before `from`. */
function clauseOf(statement: ImportDeclaration, code: MagicString): readonly [number, number] {
  const start = (statement.start ?? 0) + 'import '.length
  const sourceAt = statement.source.start ?? 0
  const from = code.original.slice(0, sourceAt).lastIndexOf('from')
  return [start, code.original.slice(0, from).trimEnd().length]
}

function remove(code: MagicString, node: Node): void {
  code.remove(node.start ?? 0, node.end ?? 0)
}

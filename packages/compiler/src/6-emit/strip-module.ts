// strip-module: a `.tsjit` text -> the same as plain JavaScript
//
// For eager runs. Types go, imports that only types use go, specifiers are rewritten; everything else stays, and the map
// leads breakpoints and stack traces to where the user wrote the code.

import MagicString from 'magic-string'
import type { File, Node } from '@babel/types'
import { type EmittedCode, mapOf } from './assemble.ts'
import { stripImports } from './strip-imports.ts'
import { childrenOf } from './syntax.ts'

/** What is stripped. */
export interface ModuleToStrip {
  readonly file: string
  readonly text: string
  readonly ast: File
  /** Returns what an import's specifier becomes; the same for no change. */
  rewrite(specifier: string): string
}

/** Returns the module as JavaScript. */
export function stripModule({ file, text, ast, rewrite }: ModuleToStrip): EmittedCode {
  const code = new MagicString(text)
  stripImports(ast, code, rewrite)
  for (const statement of ast.program.body) strip(statement, { code, text })
  return { code: code.toString(), map: mapOf(code, file) }
}

/** Returns one node as JavaScript. */
export function stripNode(node: Node, text: string): string {
  const code = new MagicString(text)
  strip(node, { code, text })
  return code.slice(node.start ?? 0, node.end ?? 0)
}

interface Stripping {
  readonly code: MagicString
  readonly text: string
}

function strip(node: Node, work: Stripping): void {
  if (isGone(node)) return cut(work, node.start ?? 0, node.end ?? 0)
  stripMarks(node, work)
  if (isWrapper(node)) {
    strip(node.expression, work)
    return unwrap(node, work)
  }
  for (const child of childrenOf(node)) strip(child, work)
}

const wrappers = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'] as const
type Wrapper = Extract<Node, { type: (typeof wrappers)[number] }>

function isWrapper(node: Node): node is Wrapper {
  return wrappers.some((type) => type === node.type)
}

/** Whether a node is there for the type checker alone. */
function isGone(node: Node): boolean {
  if (node.type === 'ExportNamedDeclaration') {
    return node.declaration !== null && node.declaration !== undefined && isGone(node.declaration)
  }
  if ('declare' in node && node.declare === true) return true
  return node.type.startsWith('TS') && !isWrapper(node) && node.type !== 'TSInstantiationExpression'
}

/** Leaves the expression of `x as T`, `x satisfies T`, `x!` and `<T>x`. */
function unwrap(node: Wrapper, work: Stripping): void {
  const { code, text } = work
  const [start, end] = [node.start ?? 0, node.end ?? 0]
  if (node.type === 'TSNonNullExpression') return cut(work, end - 1, end)
  const type = node.typeAnnotation
  if (node.type === 'TSTypeAssertion') return cut(work, start, text.indexOf('>', type.end ?? 0) + 1)
  const word = node.type === 'TSAsExpression' ? 'as' : 'satisfies'
  cut(work, text.lastIndexOf(word, (type.start ?? 0) - 1), end)
  // the type kept the next line from being read on as a call or an element
  if (/^[^\S\n]*\n\s*[([`]/.test(text.slice(end))) code.appendLeft(end, ';')
}

/** Punctuation of TypeScript that is no node: `x?: T`, `let x!: T`. */
function stripMarks(node: Node, work: Stripping): void {
  const { text } = work
  const after = (name: Node, mark: string): void => {
    const at = text.indexOf(mark, (name.start ?? 0) + (name.type === 'Identifier' ? name.name.length : 0))
    if (at >= 0) cut(work, at, at + 1)
  }
  if (node.type === 'Identifier' && node.optional === true) after(node, '?')
  if (node.type === 'VariableDeclarator' && node.definite === true) after(node.id, '!')
}

/** Removes a range, and keeps words apart that it kept apart. */
function cut({ code, text }: Stripping, from: number, to: number): void {
  if (from >= to) return
  const isBetweenWords = /[\w$]/.test(text.charAt(from - 1)) && /[\w$]/.test(text.charAt(to))
  if (isBetweenWords) code.overwrite(from, to, ' ')
  else code.remove(from, to)
}

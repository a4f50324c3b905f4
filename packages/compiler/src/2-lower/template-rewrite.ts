// template-rewrite: an expression of JavaScript operators -> the same formula in a template
//
// Used by diagnostics and their fixes only. Operators are spelled as the template spells them, and grouped by
// brackets wherever the two languages bind differently.

import type { Expression, Node, PrivateName } from '@babel/types'
import type { Fix } from '../diagnostics/diagnostic.ts'
import { type Evaluation, spanOf, textOf } from './evaluation.ts'

const spellings: { readonly [operator: string]: string } = {
  '===': '==',
  '!==': '!=',
  '&&': 'and',
  '||': 'or',
  '!': 'not ',
}

const sameInBoth: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '|',
  '&',
])

/** Returns the inside of a template that computes `node` on tensors. */
export function templateText(evaluation: Evaluation, node: Expression | PrivateName): string {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const operator = spellings[node.operator] ?? node.operator
      if (!sameInBoth.has(operator) && operator !== 'and' && operator !== 'or') break
      return `${grouped(evaluation, node.left, node)} ${operator} ${grouped(evaluation, node.right, node)}`
    }
    case 'UnaryExpression': {
      if (!['-', '+', '~', '!'].includes(node.operator)) break
      return `${spellings[node.operator] ?? node.operator}${grouped(evaluation, node.argument, node)}`
    }
    case 'NumericLiteral':
      return textOf(evaluation, node)
    case 'ParenthesizedExpression':
      return templateText(evaluation, node.expression)
    case 'TaggedTemplateExpression':
      if (node.tag.type === 'Identifier' && node.tag.name === 'tj')
        return `(${textOf(evaluation, node).replace(/^tj`([\s\S]*)`$/, '$1')})`
  }
  return `\${${textOf(evaluation, node)}}`
}

/** Returns a part of a formula, in brackets where it had them or where the template binds its operator differently. */
function grouped(evaluation: Evaluation, node: Expression | PrivateName, parent: Expression): string {
  const text = templateText(evaluation, node)
  const isCompound =
    node.type === 'BinaryExpression' || node.type === 'LogicalExpression' || node.type === 'UnaryExpression'
  if (!isCompound) return text
  const differs = [node, parent].some((each) => 'operator' in each && ['&', '|', '^'].includes(each.operator))
  const isBracketed = node.extra?.['parenthesized'] === true || parent.type === 'UnaryExpression'
  return isBracketed || differs ? `(${text})` : text
}

/** Returns the fix that replaces a node, and imports from `@tsjit/dsl` the names that the new text needs. */
export function withTemplateImport(
  evaluation: Evaluation,
  title: string,
  node: Node,
  text: string,
  names: readonly string[],
): Fix {
  const edits = [{ span: spanOf(evaluation, node), text }]
  const imports = evaluation.module.ast.program.body.filter((statement) => statement.type === 'ImportDeclaration')
  const fromDsl = imports.find((each) => each.source.value === '@tsjit/dsl' && each.importKind !== 'type')
  const named = fromDsl?.specifiers.filter((each) => each.type === 'ImportSpecifier') ?? []
  const present = new Set(named.map((each) => each.local.name))
  const missing = names.filter((name) => !present.has(name))
  const last = named.at(-1)
  if (missing.length === 0 || last === undefined) return { title, edits }
  const end = last.end ?? 0
  const place = { file: evaluation.module.file, start: end, end }
  return { title, edits: [{ span: place, text: `, ${missing.join(', ')}` }, ...edits] }
}

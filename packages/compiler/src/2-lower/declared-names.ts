// declared-names: syntax -> the names that it declares, by block

import type { Node, Statement } from '@babel/types'
import { namesOf } from './patterns.ts'

/** Names with whether they may be assigned. */
export type Declared = ReadonlyMap<string, 'const' | 'let'>

/** Returns the names that statements declare in their own block. */
export function declaredNames(body: readonly Statement[]): Declared {
  const found = new Map<string, 'const' | 'let'>()
  for (const statement of body) {
    if (statement.type === 'ImportDeclaration')
      for (const specifier of statement.specifiers) found.set(specifier.local.name, 'const')
    const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
    for (const [name, kind] of declaredBy(isExport ? statement.declaration : statement)) found.set(name, kind)
  }
  return found
}

function declaredBy(node: Node | null | undefined): Declared {
  switch (node?.type) {
    case 'VariableDeclaration': {
      const kind = node.kind === 'const' ? 'const' : 'let'
      return new Map(node.declarations.flatMap(({ id }) => namesOf(id)).map(({ name }) => [name, kind]))
    }
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
      return new Map(!node.id ? [] : [[node.id.name, 'const']])
    case 'TSModuleDeclaration':
      return new Map(node.id.type === 'Identifier' ? [[node.id.name, 'const']] : [])
    default:
      return new Map()
  }
}

/** Returns the names that a node declares for what stands inside it, or undefined where it opens no block. */
export function scopesOf(node: Node): Declared | undefined {
  switch (node.type) {
    case 'BlockStatement':
      return declaredNames(node.body)
    case 'SwitchStatement':
      return declaredNames(node.cases.flatMap((each) => each.consequent))
    case 'ForStatement':
      return declaredBy(node.init)
    case 'ForOfStatement':
    case 'ForInStatement':
      return declaredBy(node.left)
    case 'CatchClause':
      return new Map(namesOf(node.param ?? null).map(({ name }) => [name, 'let']))
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ObjectMethod': {
      const own = 'id' in node && node.id ? [{ name: node.id.name }] : []
      const parameters = node.params.flatMap((each) => namesOf(each))
      return new Map([...own, ...parameters].map(({ name }) => [name, 'let']))
    }
    default:
      return undefined
  }
}

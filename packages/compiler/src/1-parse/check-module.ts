// check-module: syntax tree -> diagnostics of what stands at the top of a module
//
// A module is never executed, so only imports, `const`, functions, types and exports may stand there. Every other
// statement is reported at its own place with what to write instead; the insides of functions are not looked at.

import type { Node, Statement } from '@babel/types'
import type { Reporter } from '../diagnostics/reporter.ts'

/** Reports `source_unsupported_module_level` for every statement that a module cannot have. */
export function checkModule(file: string, statements: readonly Statement[], reporter: Reporter): void {
  for (const statement of statements) {
    const refusal = refusalOf(statement)
    if (refusal === undefined) continue
    const { node, what, instead } = refusal
    reporter.report('source_unsupported_module_level', spanOf(file, node), { what, instead })
  }
}

/** Whether `checkModule` reports a statement. */
export function isRefused(statement: Statement): boolean {
  return refusalOf(statement) !== undefined
}

interface Refusal {
  readonly node: Node
  readonly what: string
  readonly instead: string
}

const allowed: ReadonlySet<Statement['type']> = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'FunctionDeclaration',
  'TSDeclareFunction',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'EmptyStatement',
])

function refusalOf(statement: Statement): Refusal | undefined {
  if (allowed.has(statement.type)) return undefined
  if ('declare' in statement && statement.declare === true) return undefined
  switch (statement.type) {
    case 'VariableDeclaration': {
      if (statement.kind === 'const') return undefined
      return { node: statement, what: `\`${statement.kind}\``, instead: '`const`, or a `let` inside a function' }
    }
    case 'ExportNamedDeclaration':
      return !statement.declaration ? undefined : refusalOf(statement.declaration)
    case 'ExportDefaultDeclaration':
      return statement.declaration.type === 'ClassDeclaration'
        ? { node: statement, what: 'a class', instead: 'functions and plain objects' }
        : undefined
    case 'ExpressionStatement':
      return { node: statement, what: whatIs(statement.expression), instead: '`const name = …`, or a function' }
    default:
      return otherRefusal(statement)
  }
}

function whatIs(expression: Node): string {
  if (expression.type === 'CallExpression') return 'a call'
  if (expression.type === 'AssignmentExpression' || expression.type === 'UpdateExpression') return 'an assignment'
  return 'an expression'
}

const words: { readonly [T in Statement['type']]?: readonly [what: string, instead: string] } = {
  ClassDeclaration: ['a class', 'functions and plain objects'],
  IfStatement: ['`if`', 'a `const` with `condition ? a : b`, or a function'],
  ForStatement: ['`for`', 'a `const` made with `map`, or a function'],
  ForOfStatement: ['`for`', 'a `const` made with `map`, or a function'],
  ForInStatement: ['`for`', 'a `const` made with `Object.entries(…).map`, or a function'],
  WhileStatement: ['`while`', 'a function that holds the loop'],
  DoWhileStatement: ['`do`', 'a function that holds the loop'],
  SwitchStatement: ['`switch`', 'a function that holds it, or an object with one entry a case'],
  TryStatement: ['`try`', 'a function that returns a plain value'],
  ThrowStatement: ['`throw`', 'a function that holds it'],
  BlockStatement: ['a block', 'a function'],
  LabeledStatement: ['a label', 'a function'],
  DebuggerStatement: ['`debugger`', 'a breakpoint of the editor'],
  TSEnumDeclaration: ['an `enum`', '`const` with an object, or a union of strings as a type'],
  TSModuleDeclaration: ['a `namespace`', 'a `.tsjit` module of its own'],
  TSImportEqualsDeclaration: ['`import =`', "`import { name } from '…'`"],
  TSExportAssignment: ['`export =`', '`export const` or `export default`'],
}

function otherRefusal(statement: Statement): Refusal {
  const [what, instead] = words[statement.type] ?? ['this statement', '`const`, a function, a type or an export']
  return { node: statement, what, instead }
}

function spanOf(file: string, node: Node): { readonly file: string; readonly start: number; readonly end: number } {
  return { file, start: node.start ?? 0, end: node.end ?? 0 }
}

// unsupported: syntax that no model can hold, and what to write instead

import type { Node } from '@babel/types'
import type { Evaluation } from './evaluation.ts'
import { refuse } from './report.ts'
import type { Poison } from './value.ts'

/** What a refused node is called, and what to write instead. */
export interface Unsupported {
  readonly what: string
  readonly instead: string
}

const table: { readonly [T in Node['type']]?: Unsupported } = {
  ClassDeclaration: { what: 'a class', instead: 'functions, and `layer` for what holds weights' },
  ClassExpression: { what: 'a class', instead: 'functions, and `layer` for what holds weights' },
  ThisExpression: { what: '`this`', instead: 'a parameter or a variable' },
  Super: { what: '`super`', instead: 'a call of the function' },
  NewExpression: { what: '`new`', instead: 'a plain object, an array or a function that makes one' },
  AwaitExpression: { what: '`await`', instead: 'plain calls: a model runs as one program, and the app awaits `run`' },
  YieldExpression: { what: '`yield`', instead: 'a function that returns an array' },
  TryStatement: { what: '`try`', instead: '`if` on what could go wrong' },
  LabeledStatement: { what: 'a label', instead: 'a function with `return`, or a variable that ends the loop' },
  WithStatement: { what: '`with`', instead: 'a variable' },
  RegExpLiteral: { what: 'a regular expression', instead: 'the methods of strings, such as `includes` and `split`' },
  BigIntLiteral: { what: 'a bigint', instead: 'a number' },
  ImportExpression: { what: '`import(…)`', instead: 'an `import` at the top of the module' },
  MetaProperty: { what: '`import.meta` or `new.target`', instead: 'a constant' },
  SequenceExpression: { what: 'the comma operator', instead: 'one statement for each expression' },
  TSEnumDeclaration: { what: 'an `enum`', instead: 'an object, or a union of strings as a type' },
  TSModuleDeclaration: { what: 'a `namespace`', instead: 'a `.tsjit` module of its own' },
  PrivateName: { what: 'a private name', instead: 'a variable of a function' },
  JSXElement: { what: 'JSX', instead: 'a call' },
  JSXFragment: { what: 'JSX', instead: 'a call' },
}

const unknown: Unsupported = { what: 'this syntax', instead: 'plain functions, `const`, `let`, `if` and loops' }

/** Returns why a node cannot be compiled, or undefined for one that is not refused by its kind alone. */
export function unsupportedNode(node: Node): Unsupported | undefined {
  const entry = table[node.type]
  if (entry !== undefined) return entry
  if ('async' in node && node.async === true)
    return {
      what: 'an `async` function',
      instead: 'a plain function: a model runs as one program, and the app awaits `run`',
    }
  if ('generator' in node && node.generator === true)
    return { what: 'a generator', instead: 'a function that returns an array' }
  if (node.type === 'UnaryExpression' && node.operator === 'delete')
    return { what: '`delete`', instead: 'a copy without the property: `const { name, ...rest } = object`' }
  if (node.type === 'VariableDeclaration' && node.kind !== 'const' && node.kind !== 'let')
    return { what: `\`${node.kind}\``, instead: '`let` or `const`' }
  if (node.type === 'ObjectMethod' && node.kind !== 'method')
    return { what: `a \`${node.kind}\` accessor`, instead: 'a property or a function' }
  const isEval = node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'eval'
  if (isEval) return { what: '`eval`', instead: 'the expression itself' }
  if (node.type === 'CallExpression' && node.callee.type === 'Import') return table.ImportExpression
  if (node.type === 'ForOfStatement' && node.await) return { what: '`for await`', instead: '`for…of` over an array' }
  return undefined
}

/** Returns what to report of a node that the evaluator has no rule for. */
export function explainUnsupported(node: Node): Unsupported {
  return unsupportedNode(node) ?? unknown
}

/** Reports a node as `source_unsupported_syntax`. Returns poison. */
export function refuseSyntax(evaluation: Evaluation, node: Node): Poison {
  const { what, instead } = explainUnsupported(node)
  return refuse(evaluation, node, 'source_unsupported_syntax', { what, instead })
}

// statements: the statements of functions, one rule for each kind
//
// Runs while compiling, as in TypeScript. Where a condition could not be decided, both ways are gone through so that
// their own mistakes show, and evaluation goes on behind them.

import type {
  IfStatement,
  ReturnStatement,
  Statement,
  SwitchStatement,
  ThrowStatement,
  VariableDeclaration,
} from '@babel/types'
import { evaluateTest, truthOf } from './conditions.ts'
import { type Completion, type Evaluation, spanOf, textOf } from './evaluation.ts'
import { createClosure, named } from './functions.ts'
import { rewriteIf } from './flow-rewrite.ts'
import { guess } from './guess.ts'
import { runDoWhile, runFor, runForIn, runForOf, runWhile } from './loops.ts'
import { bindPattern, namesOf } from './patterns.ts'
import { refuse } from './report.ts'
import { applyBinary, textOfValue } from './static-operators.ts'
import { refuseSyntax, unsupportedNode } from './unsupported.ts'
import { GraphTensor, Poison, Scope, type Value, poison } from './value.ts'

/** Runs statements in a scope that is theirs; functions are declared first, as JavaScript does. */
export function execute(evaluation: Evaluation, body: readonly Statement[], scope: Scope): Completion {
  hoist(evaluation, body, scope)
  for (const statement of body) {
    const completion = executeOne(evaluation, statement, scope)
    if (completion !== undefined) return completion
  }
  return undefined
}

/** Declares the names of statements: functions with their values, variables without. */
export function hoist(evaluation: Evaluation, body: readonly Statement[], scope: Scope): void {
  for (const statement of body) {
    const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
    const declaration = isExport ? statement.declaration : statement
    if (declaration?.type === 'VariableDeclaration' && declaration.declare !== true) {
      const kind = declaration.kind === 'let' ? 'let' : 'const'
      for (const { name, node } of declaration.declarations.flatMap((each) => namesOf(each.id)))
        scope.declare(name, kind, spanOf(evaluation, node))
    } else if (declaration?.type === 'FunctionDeclaration') {
      const name = declaration.id?.name ?? 'default'
      const value = createClosure(evaluation, declaration, scope, name)
      scope.define(name, 'function', spanOf(evaluation, declaration.id ?? declaration), value)
    } else if (declaration?.type === 'ClassDeclaration' && declaration.id)
      scope.define(declaration.id.name, 'const', spanOf(evaluation, declaration.id), poison)
  }
}

/** Runs one statement in the scope of its block. */
export function executeOne(evaluation: Evaluation, statement: Statement, scope: Scope): Completion {
  const run = (body: Statement, inner: Scope): Completion => executeOne(evaluation, body, inner)
  switch (statement.type) {
    case 'ExpressionStatement':
      evaluation.parts.evaluate(statement.expression, scope)
      return undefined
    case 'VariableDeclaration':
      return declareVariables(evaluation, statement, scope)
    case 'ReturnStatement':
      return returnFrom(evaluation, statement, scope)
    case 'BlockStatement':
      return execute(evaluation, statement.body, new Scope(scope))
    case 'IfStatement':
      return runIf(evaluation, statement, scope)
    case 'ForStatement':
      return runFor(evaluation, statement, scope, run)
    case 'ForOfStatement':
      return runForOf(evaluation, statement, scope, run)
    case 'ForInStatement':
      return runForIn(evaluation, statement, scope, run)
    case 'WhileStatement':
      return runWhile(evaluation, statement, scope, run)
    case 'DoWhileStatement':
      return runDoWhile(evaluation, statement, scope, run)
    case 'SwitchStatement':
      return runSwitch(evaluation, statement, scope)
    case 'BreakStatement':
    case 'ContinueStatement':
      if (!statement.label) return statement.type === 'BreakStatement' ? 'break' : 'continue'
      return undefined
    case 'ThrowStatement':
      return runThrow(evaluation, statement, scope)
    default:
      return executeOther(evaluation, statement, scope)
  }
}

const silent: ReadonlySet<Statement['type']> = new Set([
  'FunctionDeclaration',
  'EmptyStatement',
  'DebuggerStatement',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
])

function executeOther(evaluation: Evaluation, statement: Statement, scope: Scope): Completion {
  if (silent.has(statement.type) || ('declare' in statement && statement.declare === true)) return undefined
  refuseSyntax(evaluation, statement)
  // what stands inside is looked at all the same
  if (statement.type === 'LabeledStatement') return executeOne(evaluation, statement.body, scope)
  if (statement.type === 'TryStatement') return executeOne(evaluation, statement.block, scope)
  return undefined
}

function declareVariables(evaluation: Evaluation, statement: VariableDeclaration, scope: Scope): Completion {
  if (statement.declare === true) return undefined
  if (unsupportedNode(statement) !== undefined) refuseSyntax(evaluation, statement)
  const kind = statement.kind === 'const' ? 'const' : 'let'
  for (const { id, init } of statement.declarations) {
    // a `const` without a value stands in `for…of` only, which binds it itself
    const name = id.type === 'Identifier' ? id.name : undefined
    const value = !init ? undefined : named(evaluation.parts.evaluate(init, scope), name)
    if (id.type !== 'VoidPattern') bindPattern(evaluation, id, value, kind, scope)
  }
  return undefined
}

function returnFrom(evaluation: Evaluation, { argument }: ReturnStatement, scope: Scope): Completion {
  return { kind: 'return', value: !argument ? undefined : evaluation.parts.evaluate(argument, scope) }
}

function runIf(evaluation: Evaluation, statement: IfStatement, scope: Scope): Completion {
  const { test, consequent, alternate } = statement
  const decided = evaluateTest(evaluation, test, scope, { name: 'if', ...rewriteIf(evaluation, statement) })
  if (decided instanceof Poison) {
    guess(evaluation, () => executeOne(evaluation, consequent, new Scope(scope)))
    if (alternate) guess(evaluation, () => executeOne(evaluation, alternate, new Scope(scope)))
    return undefined
  }
  if (decided) return executeOne(evaluation, consequent, new Scope(scope))
  return !alternate ? undefined : executeOne(evaluation, alternate, new Scope(scope))
}

function runSwitch(evaluation: Evaluation, statement: SwitchStatement, scope: Scope): Completion {
  const subject = evaluation.parts.evaluate(statement.discriminant, scope)
  const inner = new Scope(scope)
  hoist(
    evaluation,
    statement.cases.flatMap((each) => each.consequent),
    inner,
  )
  const start = chooseCase(evaluation, statement, subject, inner)
  if (start instanceof Poison) {
    for (const each of statement.cases.flatMap(({ consequent }) => consequent))
      guess(evaluation, () => executeOne(evaluation, each, inner))
    return undefined
  }
  for (const { consequent } of start < 0 ? [] : statement.cases.slice(start))
    for (const each of consequent) {
      const completion = executeOne(evaluation, each, inner)
      if (completion === 'break') return undefined
      if (completion !== undefined) return completion
    }
  return undefined
}

function chooseCase(evaluation: Evaluation, statement: SwitchStatement, subject: Value, scope: Scope): number | Poison {
  if (subject instanceof Poison) return poison
  if (subject instanceof GraphTensor) {
    const rewrite = `select(${textOf(evaluation, statement.discriminant)}, [() => …, () => …])`
    return refuse(evaluation, statement.discriminant, 'source_tensor_condition', { construct: 'switch', rewrite })
  }
  for (const [index, { test }] of statement.cases.entries()) {
    if (!test) continue
    const equal = applyBinary(evaluation, '===', subject, evaluation.parts.evaluate(test, scope), test)
    const truth = truthOf(evaluation, equal, test, { name: 'switch', rewrite: () => 'cond(…, () => …, () => …)' })
    if (truth instanceof Poison) return poison
    if (truth) return index
  }
  return statement.cases.findIndex(({ test }) => !test)
}

function runThrow(evaluation: Evaluation, statement: ThrowStatement, scope: Scope): Completion {
  const { argument } = statement
  const isNew = argument.type === 'NewExpression' || argument.type === 'CallExpression'
  const isError = isNew && argument.callee.type === 'Identifier' && argument.callee.name.endsWith('Error')
  const text = isError ? argument.arguments[0] : argument
  const isExpression = text !== undefined && text.type !== 'SpreadElement' && text.type !== 'ArgumentPlaceholder'
  const value = isExpression ? evaluation.parts.evaluate(text, scope) : 'an error'
  const message = textOfValue(evaluation, value, statement)
  if (evaluation.guesses === 0 && typeof message === 'string')
    refuse(evaluation, statement, 'source_exception', { message: message.replace(/\.$/, '') })
  return { kind: 'return', value: poison }
}

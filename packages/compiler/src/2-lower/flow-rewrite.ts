// flow-rewrite: `if` and `while` on a tensor -> the combinator that says the same
//
// Used by diagnostics only. What a branch or a turn assigns becomes the result of cond, or the carry of whileLoop; where
// the shape of the code allows no rewrite, the parts are left open.

import type { AssignmentExpression, Expression, IfStatement, Node, Statement, WhileStatement } from '@babel/types'
import { type Evaluation, textOf } from './evaluation.ts'

/** What a rewrite says: its text for a test, and the statement that it may replace, where it is complete. */
export interface FlowRewrite {
  readonly rewrite: (test: string) => string
  readonly replaces?: Node
}

/** Returns `cond` for an `if`. */
export function rewriteIf(evaluation: Evaluation, statement: IfStatement): FlowRewrite {
  const { consequent, alternate } = statement
  const [then, otherwise] = [resultOf(consequent), alternate ? resultOf(alternate) : undefined]
  const arm = (node: Expression): string => armText(evaluation, node)
  if (then?.target === undefined || (alternate && otherwise?.target !== then.target)) {
    const second = alternate && otherwise?.target === undefined ? otherwise?.value : undefined
    if (then === undefined || then.target !== undefined) return { rewrite: (test) => `cond(${test}, () => …, () => …)` }
    if (second === undefined) return { rewrite: (test) => `return cond(${test}, ${arm(then.value)}, () => …)` }
    const whole = (test: string): string => `return cond(${test}, ${arm(then.value)}, ${arm(second)})`
    return { rewrite: whole, replaces: statement }
  }
  const { target, value } = then
  const other = otherwise === undefined ? `() => ${target}` : arm(otherwise.value)
  return { rewrite: (test) => `${target} = cond(${test}, ${arm(value)}, ${other})`, replaces: statement }
}

/** Returns `whileLoop` for a `while`. */
export function rewriteWhile(evaluation: Evaluation, statement: WhileStatement): FlowRewrite {
  const statements = statement.body.type === 'BlockStatement' ? statement.body.body : [statement.body]
  const assigned = statements.map(assignedName)
  const names = [...new Set(assigned.filter((name) => name !== undefined))]
  const [first] = names
  if (first === undefined || assigned.includes(undefined))
    return { rewrite: (test) => `whileLoop(init, (carry) => ${test}, (carry) => …)` }
  const carry = names.length === 1 ? first : `{ ${names.join(', ')} }`
  const parameters = `(${carry})`
  const only = statements.length === 1 ? resultOf(statement.body) : undefined
  const lines = statements.map((each) => textOf(evaluation, each).replace(/;$/, '')).join('; ')
  const next = only === undefined ? `{ ${lines}; return ${carry} }` : expressionText(evaluation, only.value)
  const target = names.length === 1 ? carry : `(${carry}`
  const end = names.length === 1 ? ')' : '))'
  return {
    rewrite: (test) => `${target} = whileLoop(${carry}, ${parameters} => ${test}, ${parameters} => ${next}${end}`,
    replaces: statement,
  }
}

/** What a statement returns, or assigns to a name; `target` is missing for `return`. */
interface Result {
  readonly target?: string
  readonly value: Expression
}

function resultOf(statement: Statement): Result | undefined {
  const [only, more] = statement.type === 'BlockStatement' ? statement.body : [statement]
  if (only === undefined || more !== undefined) return undefined
  if (only.type === 'ReturnStatement') return only.argument ? { value: only.argument } : undefined
  const assignment = assignmentOf(only)
  return assignment?.operator === '=' && assignment.left.type === 'Identifier'
    ? { target: assignment.left.name, value: assignment.right }
    : undefined
}

function assignedName(statement: Statement): string | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined
  const { expression } = statement
  const target = expression.type === 'UpdateExpression' ? expression.argument : assignmentOf(statement)?.left
  return target?.type === 'Identifier' ? target.name : undefined
}

function assignmentOf(statement: Statement): AssignmentExpression | undefined {
  const isExpression = statement.type === 'ExpressionStatement'
  return isExpression && statement.expression.type === 'AssignmentExpression' ? statement.expression : undefined
}

function armText(evaluation: Evaluation, node: Expression): string {
  return `() => ${expressionText(evaluation, node)}`
}

/** An object literal behind an arrow stands in brackets. */
function expressionText(evaluation: Evaluation, node: Expression): string {
  const text = textOf(evaluation, node)
  return node.type === 'ObjectExpression' ? `(${text})` : text
}

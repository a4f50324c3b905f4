// loops: loops of JavaScript, unrolled
//
// The body is evaluated once for each turn. A loop that cannot be decided has its body gone through once, for the
// mistakes in it; one that never ends is given up on.

import type {
  DoWhileStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Node,
  Statement,
  WhileStatement,
} from '@babel/types'
import { evaluateTest } from './conditions.ts'
import { Abandon, type Completion, type Evaluation, spanOf, textOf } from './evaluation.ts'
import { rewriteWhile } from './flow-rewrite.ts'
import { guess } from './guess.ts'
import { elementsOf } from './iterate.ts'
import { bindPattern } from './patterns.ts'
import { refuseAt } from './report.ts'
import { refuseSyntax } from './unsupported.ts'
import { Poison, Scope, type Value, isObject, poison } from './value.ts'

/** Runs a statement in a scope. */
export type Run = (statement: Statement, scope: Scope) => Completion

/** Turns that one loop may take, whatever they record. */
const MAX_TURNS = 1_000_000

/** Runs `body` as a turn-counting loop: what it records beyond the limit is reported by its head. */
export function asLoop<T>(evaluation: Evaluation, text: string, node: Node, body: (turn: () => void) => T): T {
  const test = 'test' in node && node.type !== 'SwitchCase' ? (node.test ?? undefined) : undefined
  const loop = { text, span: spanOf(evaluation, node), test, turns: 0 }
  evaluation.loops.push(loop)
  try {
    return body(() => {
      loop.turns += 1
      if (loop.turns > MAX_TURNS) giveUp(evaluation, MAX_TURNS)
    })
  } finally {
    evaluation.loops.pop()
  }
}

/** Reports the loop that has taken most turns as unrolling too far, and abandons the model. */
export function giveUp(evaluation: Evaluation, limit: number): never {
  const loop = evaluation.loops.toSorted((a, b) => b.turns - a.turns)[0]
  const text = loop === undefined ? 'this model' : `\`${loop.text}\``
  const span = loop?.span ?? evaluation.recorder.origin.span
  refuseAt(evaluation, span, 'source_too_much_unrolling', { loop: text, limit })
  throw new Abandon()
}

/** Runs `action` while `target` may not change its length. */
export function whileIterating<T>(evaluation: Evaluation, target: object, action: () => T): T {
  const { iterated } = evaluation
  iterated.set(target, (iterated.get(target) ?? 0) + 1)
  try {
    return action()
  } finally {
    const left = (iterated.get(target) ?? 1) - 1
    if (left === 0) iterated.delete(target)
    else iterated.set(target, left)
  }
}

function headOf(evaluation: Evaluation, statement: Node, body: Statement): string {
  return evaluation.module.text.slice(statement.start ?? 0, body.start ?? 0).trim()
}

/** Runs `for (const x of xs)`. */
export function runForOf(evaluation: Evaluation, statement: ForOfStatement, scope: Scope, run: Run): Completion {
  if (statement.await) refuseSyntax(evaluation, statement)
  const value = evaluation.parts.evaluate(statement.right, scope)
  const elements = elementsOf(evaluation, value, statement.right)
  if (elements === undefined) return guessTurn(evaluation, statement, scope, run)
  return runOver(evaluation, statement, scope, run, elements, typeof value === 'object' ? value : null)
}

/** Runs `for (const name in object)`. */
export function runForIn(evaluation: Evaluation, statement: ForInStatement, scope: Scope, run: Run): Completion {
  const value = evaluation.parts.evaluate(statement.right, scope)
  if (!Array.isArray(value) && !isObject(value)) {
    if (!(value instanceof Poison))
      elementsOf(evaluation, typeof value === 'string' ? undefined : value, statement.right)
    return guessTurn(evaluation, statement, scope, run)
  }
  return runOver(evaluation, statement, scope, run, Object.keys(value), value)
}

function runOver(
  evaluation: Evaluation,
  statement: ForOfStatement | ForInStatement,
  scope: Scope,
  run: Run,
  elements: readonly Value[],
  target: object | null,
): Completion {
  const { left, body } = statement
  const iterate = (): Completion =>
    asLoop(evaluation, headOf(evaluation, statement, body), statement, (turn) => {
      for (const element of elements) {
        turn()
        const completion = run(body, bindTurn(evaluation, left, element, scope))
        if (completion === 'break') return undefined
        if (typeof completion === 'object') return completion
      }
      return undefined
    })
  return target === null ? iterate() : whileIterating(evaluation, target, iterate)
}

function bindTurn(evaluation: Evaluation, left: ForOfStatement['left'], element: Value, scope: Scope): Scope {
  const inner = new Scope(scope)
  if (left.type !== 'VariableDeclaration') bindPattern(evaluation, left, element, 'assign', scope)
  else {
    const id = left.declarations[0]?.id
    const kind = left.kind === 'const' ? 'const' : 'let'
    if (id !== undefined && id.type !== 'VoidPattern') bindPattern(evaluation, id, element, kind, inner)
  }
  return inner
}

function guessTurn(
  evaluation: Evaluation,
  { left, body }: ForOfStatement | ForInStatement,
  scope: Scope,
  run: Run,
): Completion {
  guess(evaluation, () => run(body, bindTurn(evaluation, left, poison, scope)))
  return undefined
}

/** Runs `for (init; test; update)`. Closures of the body see the variables of their own turn. */
export function runFor(evaluation: Evaluation, statement: ForStatement, scope: Scope, run: Run): Completion {
  const { init, test, update, body } = statement
  let turnScope = new Scope(scope)
  if (init?.type === 'VariableDeclaration') run(init, turnScope)
  else if (init) evaluation.parts.evaluate(init, turnScope)
  const head = headOf(evaluation, statement, body)
  return asLoop(evaluation, head, statement, (turn) => {
    for (;;) {
      const goesOn = !test ? true : testLoop(evaluation, 'for', test, turnScope)
      if (goesOn instanceof Poison) return guessBody(evaluation, body, turnScope, run)
      if (!goesOn) return undefined
      turn()
      const completion = run(body, new Scope(turnScope))
      if (completion === 'break') return undefined
      if (typeof completion === 'object') return completion
      turnScope = copyOf(turnScope, scope)
      if (update) evaluation.parts.evaluate(update, turnScope)
    }
  })
}

function copyOf(turn: Scope, parent: Scope): Scope {
  const next = new Scope(parent)
  for (const [name, binding] of turn.bindings) next.bindings.set(name, { ...binding })
  return next
}

/** Runs `while (test)`. */
export function runWhile(evaluation: Evaluation, statement: WhileStatement, scope: Scope, run: Run): Completion {
  const { test, body } = statement
  return asLoop(evaluation, headOf(evaluation, statement, body), statement, (turn) => {
    for (;;) {
      const construct = { name: 'while', ...rewriteWhile(evaluation, statement) }
      const goesOn = evaluateTest(evaluation, test, scope, construct)
      if (goesOn instanceof Poison) return guessBody(evaluation, body, scope, run)
      if (!goesOn) return undefined
      turn()
      const completion = run(body, new Scope(scope))
      if (completion === 'break') return undefined
      if (typeof completion === 'object') return completion
    }
  })
}

/** Runs `do … while (test)`. */
export function runDoWhile(evaluation: Evaluation, statement: DoWhileStatement, scope: Scope, run: Run): Completion {
  const { test, body } = statement
  return asLoop(evaluation, `do … while (${textOf(evaluation, test)})`, statement, (turn) => {
    for (;;) {
      turn()
      const completion = run(body, new Scope(scope))
      if (completion === 'break') return undefined
      if (typeof completion === 'object') return completion
      const goesOn = testLoop(evaluation, 'while', test, scope)
      if (goesOn instanceof Poison || !goesOn) return undefined
    }
  })
}

function testLoop(
  evaluation: Evaluation,
  name: 'for' | 'while',
  test: Parameters<typeof evaluateTest>[1],
  scope: Scope,
): boolean | Poison {
  return evaluateTest(evaluation, test, scope, {
    name,
    rewrite: (text) => `whileLoop(init, (carry) => ${text}, (carry) => …)`,
  })
}

function guessBody(evaluation: Evaluation, body: Statement, scope: Scope, run: Run): Completion {
  guess(evaluation, () => run(body, new Scope(scope)))
  return undefined
}

// functions: calls of the functions of modules
//
// A call is evaluated in place: its parameters are bound in a new scope and its body runs. The calls at hand are the
// path that ops and diagnostics carry.

import type { Node, Statement } from '@babel/types'
import { describe } from './describe.ts'
import { type Evaluation, type Frame, callSites, spanOf, textOf } from './evaluation.ts'
import { bindPattern } from './patterns.ts'
import { callLayer } from './layers.ts'
import { refuse, refuseAt } from './report.ts'
import { refuseSyntax, unsupportedNode } from './unsupported.ts'
import { Builtin, Closure, type FunctionNode, LayerValue, Poison, Scope, type Value, poison } from './value.ts'

/** Calls may nest this deep; beyond it, recursion has no end. */
const MAX_DEPTH = 256

/** Returns the function that a function node makes, or poison for one that cannot be compiled. */
export function createClosure(evaluation: Evaluation, node: FunctionNode, scope: Scope, name: string): Value {
  if (unsupportedNode(node) !== undefined) return refuseSyntax(evaluation, node)
  return new Closure(node, scope, evaluation.module.file, name)
}

/** Returns a function without a name under the name that it is given, as JavaScript does. */
export function named(value: Value, name: string | undefined): Value {
  if (!(value instanceof Closure) || value.name !== '' || name === undefined) return value
  return new Closure(value.node, value.scope, value.file, name)
}

/** Calls any value. `argNodes` are the argument expressions, where the arguments correspond to some. */
export function callValue(
  evaluation: Evaluation,
  callee: Value,
  args: readonly Value[],
  site: Node,
  argNodes: readonly Node[] = [],
): Value {
  if (callee instanceof Closure) return callClosure(evaluation, callee, args, site)
  if (callee instanceof Builtin) return callee.apply(args, { node: site, args: argNodes })
  if (callee instanceof LayerValue) return callLayer(evaluation, callee, args, site)
  if (callee instanceof Poison) return poison
  const node = site.type === 'CallExpression' || site.type === 'OptionalCallExpression' ? site.callee : site
  const text = textOf(evaluation, node)
  const what = `\`${text}\`, which is ${describe(callee)},`
  return refuse(evaluation, node, 'source_not_callable', { what })
}

function callClosure(evaluation: Evaluation, closure: Closure, args: readonly Value[], site: Node): Value {
  const module = evaluation.program.modules.get(closure.file)
  if (module === undefined) return poison
  // in code that may never run, a function that calls itself has no end that could be decided
  const isGuessed = evaluation.guesses > 0 && evaluation.frames.some((frame) => frame.closure.node === closure.node)
  if (isGuessed) return poison
  if (evaluation.frames.length >= MAX_DEPTH) return refuseRecursion(evaluation, closure, site)
  const span = spanOf(evaluation, site)
  return runIn(
    evaluation,
    module,
    { closure, site: span, calls: [span, ...callSites(evaluation)], mayReturn: false },
    args,
  )
}

/** Calls the forward function of a model, where the path of calls begins. */
export function callForward(
  evaluation: Evaluation,
  forward: Closure | Builtin,
  args: readonly Value[],
  site: Node,
): Value {
  if (forward instanceof Builtin) return forward.apply(args, { node: site, args: [] })
  const module = evaluation.program.modules.get(forward.file)
  if (module === undefined) return poison
  return runIn(evaluation, module, { closure: forward, site: undefined, calls: [], mayReturn: false }, args)
}

function runIn(evaluation: Evaluation, module: Evaluation['module'], frame: Frame, args: readonly Value[]): Value {
  const before = { module: evaluation.module, frames: evaluation.frames }
  evaluation.frames = [...before.frames, frame]
  evaluation.module = module
  try {
    const value = runBody(evaluation, frame.closure, args)
    // behind a condition that could not be decided there may have been a value
    return value === undefined && frame.mayReturn ? poison : value
  } catch (error) {
    // the innermost calls are those that were left first
    if (isStackOverflow(error)) evaluation.deepest ??= evaluation.frames
    throw error
  } finally {
    evaluation.module = before.module
    evaluation.frames = before.frames
  }
}

function runBody(evaluation: Evaluation, { node, scope }: Closure, args: readonly Value[]): Value {
  const inner = new Scope(scope)
  for (const [index, parameter] of node.params.entries()) {
    if (parameter.type === 'RestElement')
      bindPattern(evaluation, parameter.argument, args.slice(index), 'parameter', inner)
    else if (parameter.type !== 'Identifier' || parameter.name !== 'this')
      bindPattern(evaluation, parameter, args[index], 'parameter', inner)
  }
  if (node.body.type !== 'BlockStatement') return evaluation.parts.evaluate(node.body, inner)
  const completion = evaluation.parts.execute(node.body.body, new Scope(inner))
  return typeof completion === 'object' ? completion.value : undefined
}

/** Returns the expression that a function returns last, or the whole function. */
export function returnedNode({ node }: Closure): Node {
  if (node.body.type !== 'BlockStatement') return node.body
  const last = node.body.body.findLast((statement) => statement.type === 'ReturnStatement')
  return last?.argument ?? node
}

/** Returns whether a function returns a value on some path, as far as its text says. */
export function hasReturn(closure: Closure): boolean {
  return closure.node.body.type !== 'BlockStatement' || closure.node.body.body.some(returns)
}

function returns(statement: Statement): boolean {
  switch (statement.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
      return true
    case 'BlockStatement':
      return statement.body.some(returns)
    case 'IfStatement':
      return returns(statement.consequent) || (statement.alternate ? returns(statement.alternate) : false)
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return returns(statement.body)
    case 'SwitchStatement':
      return statement.cases.some((each) => each.consequent.some(returns))
    default:
      return false
  }
}

/** Callbacks within callbacks may use up the stack before the limit of calls is reached. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message)
}

function refuseRecursion(evaluation: Evaluation, closure: Closure, site: Node): Value {
  return refuseCalls(evaluation, [...evaluation.frames, { closure, site: spanOf(evaluation, site) }])
}

/** Reports calls that have no end at the one that repeats. */
export function refuseCalls(evaluation: Evaluation, called: readonly Pick<Frame, 'closure' | 'site'>[]): Value {
  const { frames } = evaluation
  const { start, end } = findCycle(called)
  const names = called.slice(start, end + 1).flatMap(({ closure: each }) => each.name || [])
  const name = called[end]?.closure.name || 'a function'
  const cycle = names.length > 1 ? names.join(' → ') : `${name} → ${name}`
  const span = called[end]?.site ?? evaluation.recorder.origin.span
  // the chain of calls says nothing here but the same name over and over
  evaluation.frames = []
  try {
    return refuseAt(evaluation, span, 'source_unbounded_recursion', { name, cycle })
  } finally {
    evaluation.frames = frames
  }
}

/** Returns the last call of a function that was running already, and where that began: a function with a name, if any. */
function findCycle(called: readonly Pick<Frame, 'closure' | 'site'>[]): {
  readonly start: number
  readonly end: number
} {
  const startOf = (end: number): number =>
    called.findLastIndex(({ closure }, i) => i < end && closure.node === called[end]?.closure.node)
  const repeated = called.flatMap((_, end) => (startOf(end) < 0 ? [] : [end])).toReversed()
  const end = repeated.find((each) => called[each]?.closure.name !== '') ?? repeated[0] ?? called.length - 1
  return { start: Math.max(0, startOf(end)), end }
}

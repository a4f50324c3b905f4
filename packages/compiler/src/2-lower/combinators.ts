// combinators: calls of cond, select, whileLoop, forLoop and scan -> branches and loops
//
// Their meaning is the DSL's. Closures of the source are wrapped as the callbacks that it calls; what they record goes
// into the regions of the recorder. A closure that is mistaken gives poison, which ends the combinator.

import {
  COMBINATOR_NAMES,
  type CombinatorName,
  type Dim,
  type LaneBuilder,
  type ControlMachine,
  type ErrorPlace,
  OperationError,
  applyCombinator,
  aside,
  combinators,
  withRegions,
} from '@tsjit/dsl/compiler'
import type { ArrayExpression, Node } from '@babel/types'
import type { Span } from '../base/span.ts'
import type { Related } from '../diagnostics/diagnostic.ts'
import { createReporter } from '../diagnostics/reporter.ts'
import { reachedBy } from './captures.ts'
import { withChecks } from './checks.ts'
import { describe } from './describe.ts'
import { type Evaluation, spanOf, userSpan } from './evaluation.ts'
import { returnedNode } from './functions.ts'
import { guess } from './guess.ts'
import { nodeAt } from './models.ts'
import { refuse } from './report.ts'
import { emitRatio, recordAt, refuseCoded, refuseOperation } from './operations.ts'
import {
  Builtin,
  type CallSite,
  Closure,
  GraphTensor,
  type LayerValue,
  Ratio,
  type Value,
  isCallable,
  isObject,
  isPoisoned,
  poison,
} from './value.ts'

/** Structures nest no deeper than this. */
const MAX_NESTING = 32

/** Applies a combinator to arguments as written. Returns poison after reporting what it refuses. */
export function callCombinator(
  evaluation: Evaluation,
  name: CombinatorName,
  args: readonly Value[],
  site: CallSite,
): Value {
  const called = new Set<Value>()
  if (args.some((arg) => isPoisoned(arg, MAX_NESTING))) return checkOthers(evaluation, args, called, site)
  const given = args.map((arg, i) => toCallback(evaluation, arg, site.args[i] ?? site.node, called))
  return recordAt(evaluation, spanOf(evaluation, site.node), () => {
    try {
      // callbacks give values, tensors of the recorder, or structures of both
      return applyCombinator(createMachine(evaluation), name, given) as Value
    } catch (error) {
      if (!(error instanceof Mistaken)) refuseCombinator(evaluation, name, error, args, site)
      return checkOthers(evaluation, args, called, site)
    }
  })
}

/** Returns the function of a combinator by name; undefined where there is none. `vmap` is another thing (createMap). */
export function combinatorOf(evaluation: Evaluation, name: string): Builtin | undefined {
  const combinator = COMBINATOR_NAMES.find((each) => each === name && each !== 'vmap')
  if (combinator === undefined) return undefined
  return new Builtin(combinator, (args, site) => callCombinator(evaluation, combinator, args, site))
}

/** Evaluates `vmap(fn, { in, out })`: a function that applies `fn` to all lanes. */
export function createMap(evaluation: Evaluation, args: readonly Value[], site: CallSite): Value {
  const [fn, options] = args
  if (isPoisoned(fn) || isPoisoned(options)) return poison
  if (!isCallable(fn)) {
    const params = { argument: 'fn', callee: 'vmap', expected: 'a function', got: describe(fn) }
    return refuse(evaluation, site.args[0] ?? site.node, 'source_bad_argument', params)
  }
  const { in: from, out, ...others } = isObject(options) ? options : {}
  for (const option of Object.keys(others))
    return refuse(evaluation, nodeAt(site.args[1] ?? site.node, [option]), 'option_unknown', { callee: 'vmap', option })
  return new Builtin('vmap', (given, call) => {
    if (given.some((arg) => isPoisoned(arg))) return poison
    // the function may have been mapped in another module, so all places are those of the call
    const places = call.args.length === given.length ? [call.node, listOf(call)] : []
    return callCombinator(evaluation, 'vmap', [fn, [...given], from, out], { node: call.node, args: places })
  })
}

/** The arguments of a call as if they were written as one array. */
function listOf({ node, args }: CallSite): Node {
  // only the elements and the place of it are looked at
  return { type: 'ArrayExpression', elements: args, start: node.start, end: node.end } as ArrayExpression
}

/** Ends a combinator one of whose closures is mistaken; that has been reported. */
class Mistaken extends Error {}

function createMachine(evaluation: Evaluation): ControlMachine {
  const { recorder, checks } = evaluation
  // closures come with the random draws of their regions wherever checks have them computed
  return {
    builder: withRegions(checks === undefined ? recorder : withChecks(recorder, checks)),
    t: recorder.bound,
    attempt: (action) => attempt(evaluation, action),
    onLanes: (size, action) => onLanes(evaluation, size, action),
    blank: (type) => recorder.source(type),
  }
}

/** What checks find in the lanes of a map is the largest number: one that failed, if any did. */
function onLanes<T>({ recorder, checks }: Evaluation, size: Dim, action: (lanes: LaneBuilder) => T): T {
  if (checks === undefined) return recorder.onLanes(size, action)
  const { result, all } = recorder.onLanes(size, (lanes) => {
    const { value, found } = checks.within(() => action(lanes))
    return { result: value, all: found && lanes.join(found, 0) }
  })
  if (all !== undefined) checks.add(recorder, recorder.emit('reduce', [all], { fn: 'max', axes: [0] }))
  return result
}

/** What is reported meanwhile is reported again where the closure is recorded in earnest. */
function attempt<T>(evaluation: Evaluation, action: () => T): T | undefined {
  const { reporter } = evaluation
  evaluation.reporter = createReporter()
  try {
    const { recorder, checks } = evaluation
    const run = (): T => aside(recorder.streams, action)
    return recorder.discard(() => (checks === undefined ? run() : checks.aside(run)))
  } catch {
    return undefined
  } finally {
    evaluation.reporter = reporter
  }
}

/** Returns an argument as combinators take it: functions as callbacks, quotients of dimensions as scalars. */
function toCallback(evaluation: Evaluation, arg: Value, node: Node, called: Set<Value>): unknown {
  if (isCallable(arg)) return callbackOf(evaluation, arg, node, called)
  if (Array.isArray(arg) && arg.some((item) => isCallable(item)))
    return arg.map((item, i) => toCallback(evaluation, item, nodeAt(node, [String(i)]), called))
  return toStructure(evaluation, arg)
}

function callbackOf(
  evaluation: Evaluation,
  callee: Closure | Builtin | LayerValue,
  node: Node,
  called: Set<Value>,
): (...args: readonly Value[]) => unknown {
  return (...args) => {
    called.add(callee)
    const { module } = evaluation
    evaluation.captured.push(reachedBy([callee]))
    try {
      const value = evaluation.parts.call(callee, args, node)
      if (isPoisoned(value, MAX_NESTING)) throw new Mistaken()
      return toStructure(evaluation, value)
    } finally {
      evaluation.captured.pop()
      evaluation.module = module
    }
  }
}

/** Functions have no place in a structure; as functions they are refused in the words of the DSL. */
function toStructure(evaluation: Evaluation, value: Value): unknown {
  if (value instanceof Ratio) return emitRatio(evaluation, value)
  if (isCallable(value)) return () => undefined
  if (Array.isArray(value)) return value.map((item) => toStructure(evaluation, item))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toStructure(evaluation, item)]))
}

/** Goes through the closures that were not reached, for mistakes of their own. Returns poison. */
function checkOthers(evaluation: Evaluation, args: readonly Value[], called: Set<Value>, site: CallSite): Value {
  const functions = args.flatMap((arg) => (Array.isArray(arg) ? arg : [arg])).filter((arg) => isCallable(arg))
  for (const callee of functions)
    if (callee instanceof Closure && !called.has(callee))
      guess(evaluation, () => {
        const blank = callee.node.params.map(() => poison)
        evaluation.recorder.discard(() => evaluation.parts.call(callee, blank, site.node))
      })
  return poison
}

/** Reports what a combinator refused: at the value at fault, with the place of the one that it does not go with. */
function refuseCombinator(
  evaluation: Evaluation,
  name: CombinatorName,
  error: unknown,
  args: readonly Value[],
  site: CallSite,
): Value {
  const [main, ...others] = error instanceof OperationError ? error.places : []
  if (!(error instanceof OperationError) || main === undefined) return refuseOperation(evaluation, error, args, site)
  const place = placeOf(evaluation, name, main, args, site)
  const related = [
    ...originOf(evaluation, main, place),
    ...others.flatMap((other) => {
      const span = placeOf(evaluation, name, other, args, site)
      return [{ message: other.message, span }, ...originOf(evaluation, other, span)]
    }),
  ]
  return refuseCoded(evaluation, place, error, { related, ...(error.help === undefined ? {} : { help: error.help }) })
}

function placeOf(
  evaluation: Evaluation,
  name: CombinatorName,
  { argument, returned }: ErrorPlace,
  args: readonly Value[],
  site: CallSite,
): Span {
  const [parameter, ...path] = argument
  const position = combinators[name].params.findIndex((param) => param.name === parameter)
  const node = nodeAt(site.args[position] ?? site.node, path.map(String))
  if (returned === undefined) return spanOf(evaluation, node)
  const value = path.reduce(
    (whole: Value, key) => (Array.isArray(whole) ? whole[Number(key)] : undefined),
    args[position],
  )
  if (!(value instanceof Closure)) return spanOf(evaluation, node)
  const result = nodeAt(returnedNode(value), returned.map(String))
  return { file: value.file, start: result.start ?? 0, end: result.end ?? 0 }
}

/** Returns where the tensor at fault was made, where that is another place. */
function originOf(evaluation: Evaluation, { value }: ErrorPlace, { file, start, end }: Span): readonly Related[] {
  if (!(value instanceof GraphTensor)) return []
  const span = userSpan(evaluation, value.origin)
  const isInside = span.file === file && span.start >= start && span.end <= end
  return isInside ? [] : [{ message: 'it comes from here', span }]
}

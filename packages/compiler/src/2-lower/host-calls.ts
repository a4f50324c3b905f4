// host-calls: `host(fn, signature)` -> a function whose calls cut the program
//
// What it takes leaves the device, what it returns are values that no op makes. The cut itself is a pass.

import { type HostResult, dims, hostResultsOf, nestHostResults } from '@tsjit/dsl/compiler'
import type { Value as GraphValue } from '../ir/graph/graph.ts'
import { describe } from './describe.ts'
import { type Evaluation, originAt, spanOf, userSpan } from './evaluation.ts'
import { hostFunctionOf } from './host-functions.ts'
import { refuseOperation } from './operations.ts'
import { asTensor } from './outputs.ts'
import { refuse } from './report.ts'
import { Builtin, type CallSite, Closure, type GraphTensor, type Value, isPoisoned, poison } from './value.ts'

/** Evaluates `host(fn, signature)`. */
export function createHostCall(evaluation: Evaluation, args: readonly Value[], site: CallSite): Value {
  const [fn, signature] = args
  if (!(fn instanceof Closure)) {
    const params = { argument: 'fn', callee: 'host', expected: 'a function of a `.tsjit` module', got: describe(fn) }
    return refuse(evaluation, site.args[0] ?? site.node, 'source_bad_argument', params)
  }
  try {
    const results = hostResultsOf(signature)
    return new Builtin('host', (given, call) => callHost(evaluation, fn, { results, signature }, given, call))
  } catch (error) {
    return refuseOperation(evaluation, error, args, { node: site.args[1] ?? site.node, args: [] })
  }
}

interface Returned {
  readonly results: readonly HostResult[]
  readonly signature: Value
}

function callHost(
  evaluation: Evaluation,
  closure: Closure,
  { results, signature }: Returned,
  given: readonly Value[],
  site: CallSite,
): Value {
  const { model, recorder } = evaluation
  if (given.some((arg) => isPoisoned(arg))) return poison
  if (model === undefined) return refuse(evaluation, site.node, 'model_not_running', { callee: 'host' })
  if (recorder.streams?.isInside === true) return refuse(evaluation, site.node, 'flow_host_inside', {})
  const args: GraphTensor[] = []
  for (const [index, value] of given.entries()) {
    const tensor = asTensor(evaluation, value)
    if (tensor !== undefined) args.push(tensor)
    else {
      const names = { argument: `argument ${index + 1}`, callee: 'a host function' }
      const params = { ...names, expected: 'a tensor or a number', got: describe(value) }
      return refuse(evaluation, site.args[index] ?? site.node, 'source_bad_argument', params)
    }
  }
  const made = results.map(({ declaration: { dtype, shape } }) => recorder.source({ dtype, shape }))
  const origin = originAt(evaluation, spanOf(evaluation, site.node))
  const fn = hostFunctionOf(evaluation, closure)
  if (fn === undefined) return poison
  model.hostCalls.push({
    fn,
    args: args.map(({ value }) => value),
    results: results.map(({ path }, i) => ({ path, value: (made[i] as GraphTensor).value })),
    origin,
  })
  const cost = {
    taken: bytesOf(args.map(({ value }) => value)),
    given: bytesOf(made.map(({ value }) => value)),
  }
  evaluation.reporter.report('flow_host_cost', userSpan(evaluation, origin), cost)
  // a structure of the signature, with tensors in it
  return nestHostResults(signature, made) as Value
}

/** The size assumed for a dimension without a maximum. */
const UNBOUNDED = 64

function bytesOf(values: readonly GraphValue[]): string {
  const bytes = values.reduce((sum, { type: { dtype, shape } }) => {
    const size = dims.product(shape)
    const symbols = dims.symbolsOf(size)
    const most = ({ min, max, scale }: (typeof symbols)[number]): number =>
      (Number.isFinite(max) ? max : Math.max(min, Math.ceil(UNBOUNDED / scale))) * scale
    const width = /8|bool/.test(dtype) ? 1 : /16/.test(dtype) ? 2 : 4
    return sum + width * dims.valueOf(size, new Map(symbols.map((symbol) => [symbol.name, most(symbol)])))
  }, 0)
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

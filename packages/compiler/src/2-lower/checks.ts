// checks: `check` and `print` of development builds -> hidden outputs
//
// What checks find is one number: 0, or which of them failed first. Arms and turns give theirs as one more result, so
// that a check in a closure reports as any other. Without checks in it nothing of that is left.

import type { ControlBuilder, LoopResult, LoopSpec, TensorBase, Turn } from '@tsjit/dsl/compiler'
import { isPlainTree, joinPath } from '@tsjit/dsl/compiler'
import type { CheckSite, GraphOutput } from '../ir/graph/graph.ts'
import { type Evaluation, spanOf, userSpan, originAt } from './evaluation.ts'
import { describe } from './describe.ts'
import { applyOperation, recordAt } from './operations.ts'
import { asTensor } from './outputs.ts'
import { refuse } from './report.ts'
import { type CallSite, GraphTensor, type Value, isPoisoned, poison } from './value.ts'

/** Collects what the checks of one program find. */
export class Checks {
  readonly sites: CheckSite[] = []
  readonly prints: GraphOutput[] = []
  /** 0, or the number of the first check of the region at hand that failed; undefined where it has none. */
  #found: TensorBase | undefined

  /** What the checks so far have found. */
  get found(): TensorBase | undefined {
    return this.#found
  }

  /** Adds what one check, or the checks of a region, have found. */
  add(builder: ControlBuilder, found: TensorBase): void {
    this.#found = this.#found === undefined ? found : firstOf(builder, this.#found, found)
  }

  /** Runs what belongs to a region of its own; returns what its checks find too. */
  within<T>(action: () => T): { readonly value: T; readonly found: TensorBase | undefined } {
    const around = this.#found
    this.#found = undefined
    try {
      return { value: action(), found: this.#found }
    } finally {
      this.#found = around
    }
  }

  /** Runs `action` and forgets its checks. */
  aside<T>(action: () => T): T {
    const [sites, prints] = [this.sites.length, this.prints.length]
    try {
      return this.within(action).value
    } finally {
      this.sites.length = sites
      this.prints.length = prints
    }
  }
}

function firstOf(builder: ControlBuilder, first: TensorBase, second: TensorBase): TensorBase {
  const isNone = builder.emit('eq', [first, number(builder, 0)], {})
  return builder.emit('where', [isNone, second, first], {})
}

function number(builder: ControlBuilder, value: number): TensorBase {
  return builder.emit('constant', [], { value, dtype: 'i32' })
}

/** Returns the builder with what checks in arms and turns find as one more result of each. */
export function withChecks(builder: ControlBuilder, checks: Checks): ControlBuilder {
  return {
    training: builder.training,
    get streams() {
      return builder.streams
    },
    emit: (kind, inputs, params) => builder.emit(kind, inputs, params),
    branch(index, arms) {
      let isChecked = false
      const results = builder.branch(
        index,
        arms.map((arm) => () => {
          const { value, found } = checks.within(arm)
          isChecked ||= found !== undefined
          return [...value, found ?? number(builder, 0)]
        }),
      )
      const found = results.at(-1)
      if (isChecked && found !== undefined) checks.add(builder, found)
      return results.slice(0, -1)
    },
    loop: (spec) => runChecked(builder, checks, spec),
  }
}

/**
 * A loop carries what its checks have found and, where a test ends it, how many turns have run. A test gives one truth
 * value, so its checks are computed again: at the beginning of each turn, and after the last one.
 */
function runChecked(builder: ControlBuilder, checks: Checks, { init, test, body, ...spec }: LoopSpec): LoopResult {
  const counts = test === undefined ? 1 : 2
  const [carried, added] = [init.length, Array.from({ length: counts }, () => number(builder, 0))]
  let isChecked = false
  const { carry, stacked } = builder.loop({
    ...spec,
    init: [...init, ...added],
    ...(test && { test: (all, index) => checks.aside(() => test(all.slice(0, carried), index)) }),
    body: (all, index): Turn => {
      const own = all.slice(0, carried)
      const { value, found } = checks.within(() => {
        test?.(own, index)
        return body(own, index)
      })
      isChecked ||= found !== undefined
      const [before = number(builder, 0), turns] = all.slice(carried)
      const after = found === undefined ? before : firstOf(builder, before, found)
      const counted = turns === undefined ? [] : [builder.emit('add', [turns, number(builder, 1)], {})]
      return { carry: [...value.carry, after, ...counted], stacked: value.stacked }
    },
  })
  const [last, [found, turns]] = [carry.slice(0, carried), carry.slice(carried)]
  if (isChecked && found !== undefined) checks.add(builder, found)
  if (test !== undefined && turns !== undefined) {
    const { found: atEnd } = checks.within(() => test(last, turns))
    if (atEnd !== undefined) checks.add(builder, unlessAt(builder, spec.maximum, turns, atEnd))
  }
  return { carry: last, stacked }
}

/** Nothing is tested after the most turns that a loop runs. */
function unlessAt(
  builder: ControlBuilder,
  maximum: number | undefined,
  turns: TensorBase,
  found: TensorBase,
): TensorBase {
  if (maximum === undefined) return found
  const isTested = builder.emit('lt', [turns, number(builder, maximum)], {})
  return builder.emit('where', [isTested, found, number(builder, 0)], {})
}

/** Evaluates `check(condition, message)`. */
export function checkThat(evaluation: Evaluation, args: readonly Value[], site: CallSite): Value {
  const { checks, recorder } = evaluation
  const [condition, message] = args
  if (checks === undefined || evaluation.model === undefined) return undefined
  if (isPoisoned(condition) || isPoisoned(message)) return poison
  if (!(condition instanceof GraphTensor) && typeof condition !== 'boolean') {
    const params = { argument: 'condition', callee: 'check', expected: 'truth values', got: describe(condition) }
    return refuse(evaluation, site.args[0] ?? site.node, 'source_bad_argument', params)
  }
  const tensor = asTensor(evaluation, condition)
  const holds = applyOperation(evaluation, 'all', [tensor], site)
  if (!(holds instanceof GraphTensor)) return poison
  const origin = originAt(evaluation, spanOf(evaluation, site.node))
  checks.sites.push({ message: String(message), span: userSpan(evaluation, origin) })
  recordAt(evaluation, origin.span, () => {
    const [none, own] = [0, checks.sites.length].map((value) => number(recorder, value))
    if (none !== undefined && own !== undefined) checks.add(recorder, recorder.emit('where', [holds, none, own], {}))
  })
  return undefined
}

/** Evaluates `print(label, value)`: structures by their components. */
export function printValue(evaluation: Evaluation, args: readonly Value[], site: CallSite): Value {
  const { checks, recorder } = evaluation
  const [label, given] = args
  if (checks === undefined || evaluation.model === undefined || isPoisoned(label) || isPoisoned(given)) return undefined
  if (recorder.streams?.isInside === true) {
    evaluation.reporter.report(
      'flow_print_inside',
      userSpan(evaluation, originAt(evaluation, spanOf(evaluation, site.node))),
      {},
    )
    return undefined
  }
  const visit = (value: Value, path: string): void => {
    const tensor = asTensor(evaluation, value)
    if (tensor !== undefined) checks.prints.push({ path, value: tensor.value, report: 'print' })
    else if (Array.isArray(value)) value.forEach((item, i) => visit(item, joinPath(path, String(i))))
    else if (isPlainTree(value))
      for (const [key, item] of Object.entries(value)) visit(item as Value, joinPath(path, key))
  }
  visit(given, String(label))
  return undefined
}

/** Returns the hidden outputs of a program's checks. */
export function reportsOf({ checks }: Evaluation): readonly GraphOutput[] {
  const found = checks?.found
  const check = found instanceof GraphTensor ? [{ path: '@check', value: found.value, report: 'check' } as const] : []
  return [...check, ...(checks?.prints ?? [])]
}

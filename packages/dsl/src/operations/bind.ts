// bind: the arguments of a call -> a record by parameter name
//
// Positional arguments fill parameters in order; a plain object at the end fills them by name, in camel or snake case.
// Every value is checked against the kind of its parameter (coerce.ts). One binding serves eager and compiled calls.

import { OperationError, refuse } from '../types/errors.ts'
import { type Refusal, coerce } from './coerce.ts'
import { didYouMean, isSameName } from './did-you-mean.ts'
import type { BoundArguments, Param } from './signature.ts'

/** What binding needs to know of an operation. */
export interface Signature {
  readonly name: string
  readonly params: readonly Param[]
}

/**
 * Returns the arguments by name, defaults filled in. Throws OperationError: source_missing_argument,
 * source_extra_argument, source_bad_argument (a positional value), option_unknown, option_invalid (a named value).
 */
export function bindArguments(signature: Signature, args: readonly unknown[]): BoundArguments {
  const { positional, options } = separate(args)
  const values = new Map<string, unknown>()
  fillInOrder(signature, positional, values)
  fillByName(signature, options, values)
  for (const param of signature.params) {
    if (values.has(param.name)) continue
    if ('default' in param) values.set(param.name, param.default)
    else if (param.optional !== true)
      refuse('source_missing_argument', { callee: signature.name, name: param.name }, { argument: param.name })
  }
  return Object.fromEntries(values)
}

/** Returns whether `value` is an object of options: a plain object, as a literal gives. */
export function isOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

interface Separated {
  readonly positional: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
}

function separate(args: readonly unknown[]): Separated {
  const last = args.at(-1)
  return isOptions(last) ? { positional: args.slice(0, -1), options: last } : { positional: args, options: {} }
}

function fillInOrder({ name, params }: Signature, args: readonly unknown[], values: Map<string, unknown>): void {
  const last = params.at(-1)
  const rest = last?.rest === true ? last : undefined
  const most = rest === undefined ? params.length : Number.POSITIVE_INFINITY
  const single = rest === undefined ? params.length : params.length - 1
  for (const [index, value] of args.slice(0, single).entries()) {
    const param = params[index]
    if (param === undefined || isMissing(value)) continue
    values.set(
      param.name,
      coerce(param, value, (refusal) => badArgument(name, param, refusal)),
    )
  }
  // after the arguments before it: sizes without brackets are one wrong array and not too many sizes
  if (args.length > most) refuse('source_extra_argument', { callee: name, most, got: args.length })
  if (rest === undefined || args.length <= single) return
  const left = args.slice(single)
  const value = left.length === 1 && Array.isArray(left[0]) ? left[0] : left
  values.set(
    rest.name,
    coerce(rest, value, (refusal) => badArgument(name, rest, refusal)),
  )
}

function fillByName({ name, params }: Signature, options: Separated['options'], values: Map<string, unknown>): void {
  for (const [written, value] of Object.entries(options)) {
    const param = params.find((p) => isSameName(p.name, written))
    if (param === undefined) {
      const suggestion = didYouMean(
        written,
        params.map((p) => p.name),
      )
      const details = suggestion === undefined ? { argument: written } : { argument: written, suggestion }
      refuse('option_unknown', { callee: name, option: written }, details)
    }
    if (isMissing(value)) continue
    if (values.has(param.name)) {
      const first = `${param.name} in order`
      refuse('option_conflict', { callee: name, first, second: `${written} by name` }, { argument: written })
    }
    values.set(
      param.name,
      coerce(param, value, (refusal) => badOption(name, param, refusal)),
    )
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null
}

function badArgument(callee: string, param: Param, { expected, got }: Refusal): OperationError {
  const details = { argument: param.name }
  return new OperationError('source_bad_argument', { argument: param.name, callee, expected, got }, details)
}

function badOption(callee: string, param: Param, { expected, got }: Refusal): OperationError {
  const details = { argument: param.name }
  return new OperationError('option_invalid', { option: param.name, callee, expected, got }, details)
}

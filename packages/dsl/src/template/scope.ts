// scope: what the formulas of one evaluation share

import { didYouMean } from '../operations/did-you-mean.ts'
import { OPERATION_NAMES, type OperationName, definitions, isMethod } from '../operations/operations.ts'
import { OperationError } from '../types/errors.ts'
import type { Formula, TemplateSpan } from './ast.ts'
import { type TemplateMachine, TemplateFailure } from './machine.ts'

/** The interpolated values, the names bound so far, and the evaluator itself. */
export interface Scope {
  readonly values: readonly unknown[]
  readonly machine: TemplateMachine
  readonly names: Map<string, unknown>
  readonly evaluate: (formula: Formula) => unknown
}

/** Properties of tensors that are not operations. */
const properties: readonly string[] = ['shape', 'dtype', 'rank', 'size', 'T', 'mT']

/** Runs one step at its place; what an operation refuses becomes an error there, or at the argument that is at fault. */
export function runStep<T>(
  span: TemplateSpan,
  scope: Scope,
  step: () => T,
  placeOf: (argument: string) => TemplateSpan | undefined = () => undefined,
): T {
  try {
    const result = scope.machine.at(span, step)
    if (scope.machine.isPoison?.(result) === true) throw new TemplateFailure()
    return result
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    const { code, params, suggestion, argument } = error
    throw new TemplateFailure({
      code,
      params,
      span: (argument === undefined ? undefined : placeOf(argument)) ?? span,
      cause: error,
      ...(argument === undefined ? {} : { argument }),
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
}

/** Returns the failure of a name that neither a line nor an operation has. */
export function unknownName(name: string, span: TemplateSpan, scope: Scope): TemplateFailure {
  return missing(name, span, [...scope.names.keys(), ...OPERATION_NAMES])
}

/** Returns the failure of a property that `object` does not have. */
export function unknownMember(name: string, span: TemplateSpan, object: unknown): TemplateFailure {
  return missing(name, span, typeof object === 'object' && object !== null ? Object.keys(object) : [])
}

/** Returns the failure of a property or method that tensors do not have. */
export function unknownMethod(name: string, span: TemplateSpan): TemplateFailure {
  const methods = OPERATION_NAMES.filter((each: OperationName) => isMethod(definitions[each]))
  return missing(name, span, [...properties, ...methods])
}

function missing(name: string, span: TemplateSpan, candidates: readonly string[]): TemplateFailure {
  const suggestion = didYouMean(name, candidates)
  const error = { code: 'template_unknown_name', params: { name }, span }
  return new TemplateFailure(suggestion === undefined ? error : { ...error, suggestion })
}

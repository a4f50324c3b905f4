// machine: what a template runs on
//
// The evaluator is the same for eager and compiled; these are the few things that differ. Tensors are TensorBase,
// sizes are Dims, static values are plain JavaScript values; everything else is opaque to the evaluator.

import type { OperationName } from '../operations/operations.ts'
import type { TemplateError, TemplateSpan } from './ast.ts'

/** Where a template's formulas are carried out. */
export interface TemplateMachine {
  /**
   * Applies an operation to arguments as bindArguments takes them: keywords are an object at the end, as written. Throws
   * OperationError where it refuses them.
   */
  apply(name: OperationName, args: readonly unknown[]): unknown
  /** Whether `value`, which came in through an interpolation or a call, can be called. */
  isCallable(value: unknown): boolean
  /** Calls a value for which isCallable is true; keywords are an object at the end. */
  call(callee: unknown, args: readonly unknown[]): unknown
  /** Returns what can be called by a name that no operation has: a combinator; undefined where there is none. */
  combinator?(name: string): unknown
  /** Runs one step of the template; what is emitted meanwhile comes from `span`. */
  at<T>(span: TemplateSpan, step: () => T): T
  /** Returns a property of an opaque value (a part of a layer), or undefined where it has none of that name. */
  member?(object: unknown, name: string): unknown
  /** Whether `value` stands for something already reported; formulas that use it are skipped silently. */
  isPoison?(value: unknown): boolean
}

/** The value of a template, or every error found in it. No value and no errors: something was already reported. */
export type TemplateResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly errors: readonly TemplateError[] }

/** A formula that has no value; caught for each line by evaluateTemplate. Without an error it is already reported. */
export class TemplateFailure extends Error {
  readonly error: TemplateError | undefined

  constructor(error?: TemplateError) {
    super(error?.code ?? 'already reported')
    this.error = error
  }
}

/** Returns the failure with this code, parameters and place. */
export function failure(code: string, params: Readonly<Record<string, unknown>>, span: TemplateSpan): TemplateFailure {
  return new TemplateFailure({ code, params, span })
}

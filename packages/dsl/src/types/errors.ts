// errors: what an operation refuses, as data
//
// Each code is a diagnostic code of the compiler, with the same parameters; the compiler adds the place in the source,
// the frame and the fix. An eager run shows `message` as it is.

import { type Dim, printDim } from './dim.ts'
import { type TensorType, printType } from './tensor-type.ts'

/** The parameters of each refusal, by code. Types and shapes are in printed form, sizes are numbers or printed. */
export interface OperationErrorParams {
  readonly shape_mismatch: { readonly op: string; readonly left: string; readonly right: string }
  readonly shape_rank_mismatch: { readonly op: string; readonly expected: string; readonly got: string }
  readonly shape_axis_out_of_range: { readonly op: string; readonly axis: number; readonly rank: number }
  readonly shape_duplicate_axis: { readonly op: string; readonly axis: number }
  readonly shape_contraction: {
    readonly op: string
    readonly left: string
    readonly right: string
    readonly leftSize: number | string
    readonly rightSize: number | string
  }
  readonly shape_equation: { readonly equation: string; readonly message: string }
  readonly shape_reshape: { readonly from: string; readonly to: string }
  readonly shape_reshape_unknowns: { readonly to: string }
  readonly shape_window: { readonly op: string; readonly kernel: number | string; readonly size: number | string }
  readonly shape_index_out_of_range: { readonly index: number | string; readonly size: number | string }
  readonly shape_undecided: {
    readonly op: string
    readonly left: string
    readonly right: string
    readonly bound: string
  }
  readonly shape_negative: { readonly op: string; readonly size: number | string }
  readonly shape_not_divisible: { readonly size: number | string; readonly parts: number | string }
  readonly shape_ragged: { readonly first: number; readonly other: number }
  readonly shape_not_scalar: { readonly op: string; readonly got: string }
  readonly dtype_mismatch: { readonly op: string; readonly left: string; readonly right: string }
  readonly dtype_unsupported: { readonly op: string; readonly expected: string; readonly dtype: string }
  readonly dtype_unknown: { readonly name: string }
  readonly model_not_running: { readonly callee: string }
  readonly model_assign_target: { readonly got: string }
  readonly model_assign_inside: Readonly<Record<never, never>>
  readonly flow_host_inside: Readonly<Record<never, never>>
  readonly source_missing_argument: { readonly callee: string; readonly name: string }
  readonly source_extra_argument: { readonly callee: string; readonly most: number; readonly got: number }
  readonly source_bad_argument: {
    readonly argument: string
    readonly callee: string
    readonly expected: string
    readonly got: string
  }
  readonly option_unknown: { readonly callee: string; readonly option: string }
  readonly option_invalid: {
    readonly option: string
    readonly callee: string
    readonly expected: string
    readonly got: string
  }
  readonly option_conflict: { readonly callee: string; readonly first: string; readonly second: string }
  readonly flow_branch_types_differ: {
    readonly op: string
    readonly path: string
    readonly left: string
    readonly right: string
  }
  readonly flow_loop_carry_changed: {
    readonly op: string
    readonly path: string
    readonly before: string
    readonly after: string
  }
  readonly flow_condition_not_scalar: { readonly op: string; readonly got: string }
  readonly flow_count_not_scalar: { readonly op: string; readonly name: string; readonly got: string }
  readonly flow_bad_value: { readonly op: string; readonly path: string; readonly got: string }
  readonly flow_no_branches: { readonly op: string }
  readonly flow_scan_lengths: {
    readonly leftName: string
    readonly left: string
    readonly rightName: string
    readonly right: string
  }
  readonly flow_scan_axis: { readonly path: string; readonly got: string }
  readonly flow_scan_length_missing: Readonly<Record<string, never>>
  readonly flow_scan_result: { readonly got: string }
  readonly flow_vmap_axis: { readonly path: string; readonly got: string; readonly axis: number }
  readonly flow_vmap_sizes: { readonly left: string; readonly right: string }
  readonly flow_vmap_none: Readonly<Record<string, never>>
  readonly flow_associative_changed: { readonly path: string; readonly before: string; readonly after: string }
}

/** The code of a refusal. */
export type OperationErrorCode = keyof OperationErrorParams

const messages: { readonly [C in OperationErrorCode]: (p: OperationErrorParams[C]) => string } = {
  shape_mismatch: (p) => `${p.op} cannot combine ${p.left} and ${p.right}`,
  shape_rank_mismatch: (p) => `${p.op} expects ${p.expected}, but got ${p.got}`,
  shape_axis_out_of_range: (p) => `${p.op} has no axis ${p.axis}: the tensor has ${p.rank} axes`,
  shape_duplicate_axis: (p) => `${p.op} is given axis ${p.axis} more than once`,
  shape_contraction: (p) =>
    `${p.op} cannot contract ${p.left} with ${p.right}: the sizes to be summed over are ${p.leftSize} and ${p.rightSize}`,
  shape_equation: (p) => `the equation '${p.equation}' does not fit: ${p.message}`,
  shape_reshape: (p) =>
    `a tensor of shape ${p.from} cannot be reshaped to ${p.to}: they hold different numbers of elements`,
  shape_reshape_unknowns: (p) => `only one size of a reshape may be -1: ${p.to}`,
  shape_window: (p) =>
    `the window of ${p.op} is larger than what it slides over: ${p.kernel} on a padded size of ${p.size}`,
  shape_index_out_of_range: (p) => `there is no index ${p.index} on an axis of size ${p.size}`,
  shape_undecided: (p) => `${p.op} cannot tell whether ${p.left} and ${p.right} agree: ${p.bound} would settle it`,
  shape_negative: (p) => `a size of ${p.op} would be ${p.size}`,
  shape_not_divisible: (p) => `a size of ${p.size} cannot be divided into ${p.parts} equal parts`,
  shape_ragged: (p) => `the rows of this array differ in length, ${p.first} and ${p.other}, so it is not a tensor`,
  shape_not_scalar: (p) => `${p.op} needs a scalar, not ${p.got}`,
  dtype_mismatch: (p) => `${p.op} cannot combine ${p.left} and ${p.right}`,
  dtype_unsupported: (p) => `${p.op} works on ${p.expected}, not on ${p.dtype}`,
  dtype_unknown: (p) => `there is no data type '${p.name}'`,
  model_not_running: (p) => `${p.callee} works while a model runs, and none does`,
  model_assign_target: (p) => `assign changes a buffer of the model, not ${p.got}`,
  model_assign_inside: () => 'assign stands outside the closures of combinators: return the value as a result or carry',
  flow_host_inside: () =>
    'a host function is called outside the closures of combinators: return what it needs from them',
  source_missing_argument: (p) => `${p.callee} needs an argument '${p.name}'`,
  source_extra_argument: (p) => `${p.callee} takes at most ${p.most} arguments, not ${p.got}`,
  source_bad_argument: (p) => `'${p.argument}' of ${p.callee} must be ${p.expected}, not ${p.got}`,
  option_unknown: (p) => `${p.callee} has no option '${p.option}'`,
  option_invalid: (p) => `the option '${p.option}' of ${p.callee} must be ${p.expected}, not ${p.got}`,
  option_conflict: (p) => `${p.callee} takes '${p.first}' or '${p.second}', not both`,
  flow_branch_types_differ: (p) => `the branches of ${p.op} differ at ${p.path}: ${p.left} and ${p.right}`,
  flow_loop_carry_changed: (p) => `${p.path} of ${p.op} is ${p.before} before the turn and ${p.after} after it`,
  flow_condition_not_scalar: (p) => `the condition of ${p.op} is one truth value, bool[], not ${p.got}`,
  flow_count_not_scalar: (p) => `'${p.name}' of ${p.op} is one whole number, i32[], not ${p.got}`,
  flow_bad_value: (p) =>
    `${p.path} of ${p.op} is ${p.got}: it holds tensors, numbers, truth values, and arrays and objects of them`,
  flow_no_branches: (p) => `${p.op} has no branches to choose from`,
  flow_scan_lengths: (p) =>
    `scan goes over ${p.leftName}, ${p.left}, and ${p.rightName}, ${p.right}: their lengths differ`,
  flow_scan_axis: (p) => `scan goes over axis 0, and ${p.path} is ${p.got}, which has none`,
  flow_scan_length_missing: () => `scan has nothing to go over: it needs xs or a length`,
  flow_scan_result: (p) => `the body of scan returns [carry, y], not ${p.got}`,
  flow_vmap_axis: (p) => `vmap goes over axis ${p.axis} of ${p.path}, and that is ${p.got}`,
  flow_vmap_sizes: (p) => `vmap goes over ${p.left}, and ${p.right}: their sizes differ`,
  flow_vmap_none: () => 'vmap has nothing to go over: `in` gives no argument an axis',
  flow_associative_changed: (p) =>
    `the function of associativeScan takes ${p.path} as ${p.before} and returns it as ${p.after}`,
}

/** What an OperationError may say beside its parameters. */
export interface OperationErrorDetails {
  /** The name of the argument at fault, so that a caller can point at it. */
  readonly argument?: string
  /** The name that was probably meant. */
  readonly suggestion?: string
  /** What to write instead, where that is more than the code says by itself. */
  readonly help?: string
  /** The values that do not go together, in the words of the message. */
  readonly places?: readonly ErrorPlace[]
}

/** A value that an error is about: a part of an argument, or of what a function among the arguments returns. */
export interface ErrorPlace {
  readonly message: string
  /** Where the value or the function is: the name of an argument, then keys and indices. */
  readonly argument: readonly [name: string, ...path: (string | number)[]]
  /** Where it is within what the function returns; missing for a value that is no function's. */
  readonly returned?: readonly (string | number)[]
  /** The value itself. */
  readonly value: unknown
}

/** Thrown by operations and type rules for a mistake of the caller; never for a bug of the library. */
export class OperationError<C extends OperationErrorCode = OperationErrorCode> extends Error {
  override readonly name: string = 'OperationError'
  readonly code: C
  readonly params: OperationErrorParams[C]
  readonly argument: string | undefined
  readonly suggestion: string | undefined
  readonly help: string | undefined
  readonly places: readonly ErrorPlace[]

  constructor(code: C, params: OperationErrorParams[C], details: OperationErrorDetails = {}) {
    const hint = details.suggestion === undefined ? '' : `; did you mean '${details.suggestion}'?`
    super(messages[code](params) + hint)
    this.code = code
    this.params = params
    this.argument = details.argument
    this.suggestion = details.suggestion
    this.help = details.help
    this.places = details.places ?? []
  }
}

/** Throws an OperationError. */
export function refuse<C extends OperationErrorCode>(
  code: C,
  params: OperationErrorParams[C],
  details?: OperationErrorDetails,
): never {
  throw new OperationError(code, params, details)
}

/** Returns a size as diagnostics carry it: a number, or the printed form. */
export function shownSize(size: Dim): number | string {
  return typeof size === 'number' ? size : printDim(size)
}

/** Returns `[2, B]`. */
export function shownShape(shape: readonly Dim[]): string {
  return `[${shape.map(printDim).join(', ')}]`
}

/** Returns `f32[2, B]`. */
export function shownType(type: TensorType): string {
  return printType(type)
}

// weight: `param(10, 784)`, `buffer(10)` -> a declared tensor of the weights file
//
// Identity is the object: one declaration used in two places is one weight, under the first path.

import { isDimExpression, printDim } from '../types/dim.ts'
import type { DType } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import { DeclarationError } from './declaration-error.ts'
import { describeValue } from './describe-value.ts'
import { type Initialiser, defaultInitialiser, readInitialiser } from './initialiser.ts'

/** Learned, or running state. */
export type WeightRole = 'param' | 'buffer'

/** A tensor of the weights file. Its name is its path in the tree of layers. */
export class WeightDeclaration {
  readonly role: WeightRole
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly init: Initialiser

  constructor(role: WeightRole, dtype: DType, shape: readonly number[], init: Initialiser) {
    this.role = role
    this.dtype = dtype
    this.shape = shape
    this.init = init
  }
}

/**
 * Returns the declaration of `param(…args)` or `buffer(…args)`: sizes, then possibly `{ init, dtype }`. Throws
 * DeclarationError (dim_in_parameter) and OperationError (source_bad_argument, option_unknown, option_invalid).
 */
export function declareWeight(role: WeightRole, args: readonly unknown[]): WeightDeclaration {
  const last = args.at(-1)
  const hasOptions = isPlainObject(last)
  const options = hasOptions ? readOptions(role, last) : {}
  const shape = (hasOptions ? args.slice(0, -1) : args).map((size) => fixedSize(role, size))
  const init = options.init === undefined ? defaultInitialiser(role, shape) : readInitialiser(role, options.init, shape)
  return new WeightDeclaration(role, options.dtype ?? 'f32', shape, init)
}

interface WeightOptions {
  readonly init?: unknown
  readonly dtype?: DType
}

const dtypes: readonly DType[] = ['f32', 'f16', 'bf16', 'i32', 'u32', 'i8', 'u8', 'bool']

function readOptions(callee: string, options: Readonly<Record<string, unknown>>): WeightOptions {
  for (const option of Object.keys(options))
    if (option !== 'init' && option !== 'dtype') refuse('option_unknown', { callee, option }, { argument: option })
  if (options['dtype'] === undefined) return { init: options['init'] }
  const dtype = dtypes.find((each) => each === options['dtype'])
  if (dtype === undefined)
    return refuse('option_invalid', {
      option: 'dtype',
      callee,
      expected: "a dtype such as 'f32'",
      got: describeValue(options['dtype']),
    })
  return { init: options['init'], dtype }
}

function fixedSize(callee: string, size: unknown): number {
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  if (isDimExpression(size)) throw new DeclarationError('dim_in_parameter', { path: callee, name: printDim(size) })
  return refuse('source_bad_argument', {
    argument: 'size',
    callee,
    expected: 'a whole number from 0',
    got: describeValue(size),
  })
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isDimExpression(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

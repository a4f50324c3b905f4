// dimension: `dim('B', { max: 64 })` -> a named dimension
//
// Checks the bounds; the algebra is types/dim.ts.

import { type Dim, symbol } from '../types/dim.ts'
import { refuse } from '../types/errors.ts'
import { DeclarationError } from './declaration-error.ts'
import { describeValue } from './describe-value.ts'

/** Bounds of a dimension, inclusive; `min` is 1 where nothing is said. */
export interface DimensionOptions {
  readonly min?: number
  readonly max?: number
  readonly multipleOf?: number
}

/**
 * Returns the named dimension. `current` gives its value during an eager run. Throws DeclarationError (dim_not_positive,
 * dim_empty) and OperationError (source_bad_argument, option_unknown).
 */
export function declareDimension(name: unknown, options: unknown = {}, current?: () => number): Dim {
  const callee = 'dim'
  if (typeof name !== 'string' || name === '')
    return refuse('source_bad_argument', { argument: 'name', callee, expected: 'a name', got: describeValue(name) })
  if (typeof options !== 'object' || options === null)
    return refuse('source_bad_argument', {
      argument: 'options',
      callee,
      expected: 'an object',
      got: describeValue(options),
    })
  for (const option of Object.keys(options))
    if (!['min', 'max', 'multipleOf'].includes(option))
      refuse('option_unknown', { callee, option }, { argument: option })
  const min = boundOf(name, options, 'min', 0) ?? 1
  const max = boundOf(name, options, 'max', 1)
  const multipleOf = boundOf(name, options, 'multipleOf', 1)
  const step = multipleOf ?? 1
  if (max !== undefined && Math.ceil(min / step) * step > max) {
    const bounds = `min ${min}, max ${max}${step === 1 ? '' : `, multipleOf ${step}`}`
    throw new DeclarationError('dim_empty', { name, bounds })
  }
  return symbol(name, {
    min,
    ...(max === undefined ? {} : { max }),
    ...(multipleOf === undefined ? {} : { multipleOf }),
    ...(current === undefined ? {} : { current }),
  })
}

function boundOf(name: string, options: object, option: string, least: number): number | undefined {
  const value: unknown = Reflect.get(options, option)
  if (value === undefined || value === Number.POSITIVE_INFINITY) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new DeclarationError('dim_not_positive', {
    option,
    name,
    got: typeof value === 'number' ? value : describeValue(value),
  })
}

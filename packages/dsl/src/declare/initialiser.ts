// initialiser: `init` of param and buffer -> how to draw the values when no weights are given
//
// The named ones are those of torch.nn.init, with PyTorch's rule for fan in and fan out of a weight's shape.

import { refuse } from '../types/errors.ts'
import { describeValue } from './describe-value.ts'

/** How a weight is drawn from a seed: a constant, uniform from low to high, or normal. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }

/** Names of initialisers that depend on the shape alone. */
export type InitialiserName = 'zeros' | 'ones' | 'kaimingUniform' | 'kaimingNormal' | 'xavierUniform' | 'xavierNormal'

/**
 * What `init` may be: a constant, a name, `{ uniform: bound }` from -bound to bound, `{ uniform: [low, high] }`,
 * `{ normal: deviation }` around 0, or `{ normal: [mean, deviation] }`.
 */
export type Init =
  | number
  | InitialiserName
  | { readonly uniform: number | readonly [low: number, high: number] }
  | { readonly normal: number | readonly [mean: number, deviation: number] }

const byName: { readonly [N in InitialiserName]: (fan: Fan) => Initialiser } = {
  zeros: () => ({ kind: 'constant', value: 0 }),
  ones: () => ({ kind: 'constant', value: 1 }),
  kaimingUniform: (fan) => uniform(Math.sqrt(6 / fan.in)),
  kaimingNormal: (fan) => ({ kind: 'normal', mean: 0, deviation: Math.sqrt(2 / fan.in) }),
  xavierUniform: (fan) => uniform(Math.sqrt(6 / (fan.in + fan.out))),
  xavierNormal: (fan) => ({ kind: 'normal', mean: 0, deviation: Math.sqrt(2 / (fan.in + fan.out)) }),
}

/** Returns the initialiser that `init` means for a weight of this shape. Throws OperationError (option_invalid). */
export function readInitialiser(callee: string, init: unknown, shape: readonly number[]): Initialiser {
  if (typeof init === 'number') return { kind: 'constant', value: init }
  if (typeof init === 'string') {
    const name = Object.keys(byName).find(isNamed(init))
    if (name !== undefined) return byName[name](fanOf(shape))
  }
  if (typeof init === 'object' && init !== null && !Array.isArray(init)) {
    const [[kind, value] = [], another] = Object.entries(init)
    const pair = another === undefined ? readPair(value) : undefined
    if (kind === 'uniform' && pair !== undefined)
      return pair.length === 1 ? uniform(pair[0]) : { kind, low: pair[0], high: pair[1] }
    if (kind === 'normal' && pair !== undefined)
      return pair.length === 1 ? { kind, mean: 0, deviation: pair[0] } : { kind, mean: pair[0], deviation: pair[1] }
  }
  const expected = "a number, 'zeros', 'ones', 'kaimingUniform' and its like, { uniform } or { normal }"
  return refuse('option_invalid', { option: 'init', callee, expected, got: describeValue(init) }, { argument: 'init' })
}

/** Returns how a weight without `init` is drawn: matrices and kernels as PyTorch's layers do, all others zero. */
export function defaultInitialiser(role: 'param' | 'buffer', shape: readonly number[]): Initialiser {
  return role === 'param' && shape.length > 1 ? uniform(1 / Math.sqrt(fanOf(shape).in)) : { kind: 'constant', value: 0 }
}

interface Fan {
  readonly in: number
  readonly out: number
}

/** PyTorch's: shape [out, in, …kernel]. */
function fanOf(shape: readonly number[]): Fan {
  const [first = 1, second = first, ...kernel] = shape
  const field = kernel.reduce((product, size) => product * size, 1)
  return { in: Math.max(1, second * field), out: Math.max(1, first * field) }
}

function uniform(bound: number): Initialiser {
  return { kind: 'uniform', low: -bound, high: bound }
}

function isNamed(init: string): (name: string) => name is InitialiserName {
  return (name): name is InitialiserName => name === init
}

function readPair(value: unknown): readonly [number] | readonly [number, number] | undefined {
  if (typeof value === 'number') return [value]
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [first, second]: readonly unknown[] = value
  return typeof first === 'number' && typeof second === 'number' ? [first, second] : undefined
}

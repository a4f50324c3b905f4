// interpret-values: expressions of the kernel form -> numbers
//
// Scalars are numbers, vectors arrays of them. `where` evaluates only what is chosen, so that loads under it may be out
// of range where they are not.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Copies } from './interpret-copies.ts'
import type { Warp } from './interpret-fragments.ts'
import type { Memory } from './interpret-memory.ts'
import type { Expr, Kernel, MatrixUnit } from './kernel.ts'
import { applyScalar, castScalar, operandTypeOf, wrap } from './scalar-meaning.ts'

/** A value of a lane. */
export type Value = number | readonly number[]

/** One lane: where it is, and what it holds. */
export interface Lane {
  /** Distinct among all lanes of the launch. */
  readonly number: number
  readonly kernel: Kernel
  readonly memory: Memory
  readonly symbols: Map<string, number>
  readonly locals: Map<string, Value>
  readonly arrays: Map<string, Value[]>
  /** The lane's warp, and the four warps that it is one of. */
  readonly warps: Readonly<Record<MatrixUnit['warps'], Warp>>
  readonly copies: Copies
}

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type Table = { readonly [K in Expr['kind']]: (expr: ExprOf<K>, lane: Lane) => Value }

const table: Table = {
  const: ({ type, width, value }) => each(width, () => wrap(value, type)),
  index: ({ value }, lane) => readDim(value, lane) | 0,
  local: ({ name, element }, lane) => {
    if (element === undefined) {
      return lane.locals.get(name) ?? lane.symbols.get(name) ?? internalError(`no local ${name}`)
    }
    const array = lane.arrays.get(name) ?? internalError(`no array ${name}`)
    const index = readDim(element, lane)
    return array[index] ?? internalError(`kernel ${lane.kernel.name}: ${name}[${index}] of ${array.length}`)
  },
  load: ({ width, param, index }, lane) => {
    const first = readDim(index, lane)
    return each(width, (i) => lane.memory.load(param, first + i, lane.number))
  },
  groupLoad: ({ array, index, width }, lane) => {
    const first = readDim(index, lane)
    if (width === 1 || !isOfScalars(lane.kernel, array)) return lane.memory.groupLoad(array, first, lane.number)
    return each(width, (i) => Number(lane.memory.groupLoad(array, first + i, lane.number)))
  },
  apply: (expr, lane) => (expr.op === 'where' ? choose(expr, lane) : applyOp(expr, lane)),
  multiplyAdd: ({ type, width, args: [a, b, c] }, lane) => {
    const [x, y, z] = [evaluate(a, lane), evaluate(b, lane), evaluate(c, lane)]
    const options = { operandType: type, type }
    return each(width, (i) => {
      if (type === 'f32') return Math.fround(at(x, i) * at(y, i) + at(z, i))
      return applyScalar('add', [applyScalar('mul', [at(x, i), at(y, i)], options), at(z, i)], options)
    })
  },
  multiplyAddHalves: ({ type, width, args: [a, b, c] }, lane) => {
    const [x, y, z] = [evaluate(a, lane), evaluate(b, lane), evaluate(c, lane)]
    const [low, high] = [(v: number): number => (v << 16) >> 16, (v: number): number => v >> 16]
    return each(width, (i) => wrap(low(at(x, i)) * low(at(y, i)) + high(at(x, i)) * high(at(y, i)) + at(z, i), type))
  },
  cast: ({ type, width, arg }, lane) => {
    const value = evaluate(arg, lane)
    return each(width, (i) => castScalar(at(value, i), arg.type, type))
  },
  splat: ({ width, arg }, lane) => {
    const value = evaluate(arg, lane)
    return each(width, () => at(value, 0))
  },
  pack: ({ args }, lane) => args.map((arg) => at(evaluate(arg, lane), 0)),
  sums: ({ args, type }, lane) => {
    const options = { operandType: type, type }
    return args.map((arg) => {
      const value = evaluate(arg, lane)
      return [1, 2, 3].reduce((sum, i) => applyScalar('add', [sum, at(value, i)], options), at(value, 0))
    })
  },
  component: ({ arg, at: index }, lane) => at(evaluate(arg, lane), index),
}

/** Returns the value of an expression for a lane. */
export function evaluate<K extends Expr['kind']>(expr: ExprOf<K> & { readonly kind: K }, lane: Lane): Value {
  return table[expr.kind](expr, lane)
}

/** Returns the value of an index expression for a lane. */
export function readDim(index: Dim, lane: Lane): number {
  return dims.valueOf(index, lane.symbols)
}

/** Returns whether a value is a vector. */
export function isVector(value: Value): value is readonly number[] {
  return typeof value !== 'number'
}

function each(width: number, component: (i: number) => number): Value {
  return width === 1 ? component(0) : Array.from({ length: width }, (_, i) => component(i))
}

/** Returns a component; a scalar is every component. */
export function at(value: Value, i: number): number {
  return isVector(value) ? (value[i] ?? internalError(`no component ${i}`)) : value
}

function applyOp(expr: ExprOf<'apply'>, lane: Lane): Value {
  const values = expr.args.map((arg) => evaluate(arg, lane))
  const types = { operandType: operandTypeOf(expr), type: expr.type }
  return each(expr.width, (i) =>
    applyScalar(
      expr.op,
      values.map((v) => at(v, i)),
      types,
    ),
  )
}

function choose({ args: [condition, a, b], width }: ExprOf<'apply'>, lane: Lane): Value {
  if (condition === undefined || a === undefined || b === undefined) return internalError('where of too few')
  const chosen = evaluate(condition, lane)
  const isNeeded = (wanted: boolean): boolean =>
    Array.from({ length: width }, (_, i) => (at(chosen, i) !== 0) === wanted).some(Boolean)
  const yes = isNeeded(true) ? evaluate(a, lane) : 0
  const no = isNeeded(false) ? evaluate(b, lane) : 0
  return each(width, (i) => (at(chosen, i) === 0 ? at(no, i) : at(yes, i)))
}

/** Whether an array holds scalars: a vector is then a run of them. */
export function isOfScalars({ arrays }: Kernel, name: string): boolean {
  return arrays.some((array) => array.name === name && array.width === 1)
}

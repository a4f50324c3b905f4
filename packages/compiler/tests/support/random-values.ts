// random-values: steps of random programs on values of every dtype
//
// What decides something, or becomes an integer, is exact: made of integers, truth values and untouched inputs, so that
// every target decides alike.

import { type DType, type Dim, type TensorType, dims } from '@tsjit/dsl/compiler'
import type { Value } from '../../src/ir/graph/graph.ts'
import type { GraphBuilder } from './graph-builder.ts'
import { step } from './random-graph.ts'
import { type Choose, at, move, rank } from './random-moves.ts'

/** The number of a turn, and what it stays below where that is known. */
export interface Counter {
  readonly index: Dim
  readonly below: Dim | undefined
}

/** Where the next step is made. */
export interface Scope {
  readonly g: GraphBuilder
  readonly choose: Choose
  /** What it may read, newest last. */
  readonly values: Value[]
  /** Floats that every target has to the last bit. */
  readonly exact: Set<Value>
  readonly counters: readonly Counter[]
  /** How often it runs, at most. */
  readonly turns: number
}

/** What dimensions count as where the size of a program is kept down. */
export const ASSUMED = 5

/** Returns one of the values that `fits`, mostly a new one. */
export function pick({ values, choose }: Scope, fits: (value: Value) => boolean = () => true): Value | undefined {
  const found = values.filter(fits)
  return found[found.length - 1 - (choose(4) === 0 ? choose(found.length) : choose(Math.min(4, found.length)))]
}

/** Returns a test for scalars of a dtype. */
export function isScalar(dtype: DType): (value: Value) => boolean {
  return (value) => value.type.dtype === dtype && rank(value) === 0
}

/** Returns whether two types are the same. */
export function isSameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && hasSameShape(a, b)
}

function hasSameShape(a: TensorType, b: TensorType): boolean {
  return a.shape.length === b.shape.length && a.shape.every((d, i) => dims.isSame(d, b.shape[i] ?? -1))
}

/** Returns how many elements a type has where dimensions are as large as is assumed. */
export function sizeOf({ shape }: TensorType): number {
  const size = dims.product(shape)
  return dims.valueOf(size, new Map(dims.symbolsOf(size).map(({ name }) => [name, ASSUMED])))
}

/** Returns whether every target has the same elements, to the last bit. */
export function isExact({ exact }: Scope, value: Value): boolean {
  return value.type.dtype !== 'f32' || exact.has(value)
}

/** Takes over what may be exact, where what it is made of is. */
function keepExact<V extends Value | undefined>(scope: Scope, value: V, ...sources: readonly Value[]): V {
  if (value !== undefined && sources.every((source) => isExact(scope, source))) scope.exact.add(value)
  return value
}

/** Adds a value to the scope, where a step is possible and not too large. */
export function valueStep(scope: Scope): void {
  const made = steps[scope.choose(steps.length)]?.(scope)
  if (made !== undefined && rank(made) <= 4 && sizeOf(made.type) * scope.turns <= 600) scope.values.push(made)
}

type Step = (scope: Scope) => Value | undefined

const steps: readonly Step[] = [floats, floats, floats, moved, integers, truths, converted, byCounter, chosen, sources]

function floats(scope: Scope): Value | undefined {
  const { g, choose, values } = scope
  const made = step(
    g,
    values.filter(({ type }) => type.dtype === 'f32'),
    choose,
  )
  return made !== undefined && choose(3) === 0 ? bounded(g, made) : made
}

/** Keeps numbers small, so that nothing overflows and errors do not grow. */
export function bounded(g: GraphBuilder, x: Value): Value {
  const low = g.binary('maximum', x, g.constant(-2, x.type.shape))
  return g.emit('minimum', [low, g.constant(2, x.type.shape)], {})
}

function moved(scope: Scope): Value | undefined {
  const x = pick(scope)
  return x && keepExact(scope, move(scope.g, x, scope.choose), x)
}

const isInteger = ({ type }: Value): boolean => type.dtype === 'i32' || type.dtype === 'u32'

function integers(scope: Scope): Value | undefined {
  const { g, choose } = scope
  const x = pick(scope, isInteger)
  if (x === undefined) return undefined
  const { dtype, shape } = x.type
  switch (choose(4)) {
    case 0:
      return g.emit(oneOf(choose, dtype === 'i32' ? ['neg', 'abs', 'bitNot'] : ['bitNot']), [x], {})
    case 1: {
      const y = pick(scope, (v) => isSameType(v.type, x.type)) ?? x
      return g.emit(oneOf(choose, ['add', 'sub', 'mul', 'maximum', 'minimum', 'and', 'or', 'xor']), [x, y], {})
    }
    case 2: {
      const y = g.constant(1 + choose(5), shape, dtype)
      return g.emit(oneOf(choose, ['mod', 'floorDiv', 'add', 'shiftRight', 'shiftLeft']), [x, y], {})
    }
    default:
      if (rank(x) === 0) return undefined
      if (choose(3) === 0 && dtype === 'i32') return g.emit('contract', [x, x], pairs(rank(x)))
      return g.emit('reduce', [x], { fn: oneOf(choose, ['sum', 'max', 'min', 'prod']), axes: [choose(rank(x))] })
  }
}

function pairs(count: number) {
  const labels = ['a', 'b', 'c', 'd'].slice(0, count)
  return { a: labels, b: labels, out: labels.slice(0, -1) }
}

function truths(scope: Scope): Value | undefined {
  const { g, choose } = scope
  const isBool = choose(2) === 0
  const x = pick(scope, (v) => (isBool ? v.type.dtype === 'bool' : isExact(scope, v)))
  if (x === undefined) return undefined
  const y = pick(scope, (v) => isSameType(v.type, x.type) && isExact(scope, v)) ?? x
  if (!isBool) {
    const kind = oneOf(choose, x.type.dtype === 'bool' ? ['eq', 'ne'] : ['eq', 'ne', 'lt', 'le', 'gt', 'ge'])
    return g.emit(kind, [x, choose(2) === 0 ? y : g.constant(choose(2), x.type.shape, x.type.dtype)], {})
  }
  switch (choose(3)) {
    case 0:
      return g.emit('not', [x], {})
    case 1:
      return g.emit(oneOf(choose, ['and', 'or', 'xor']), [x, y], {})
    default:
      return isTrueSomewhere(g, x)
  }
}

/** Returns whether any element is true. */
function isTrueSomewhere(g: GraphBuilder, x: Value): Value {
  const number = g.emit('cast', [x], { dtype: 'i32' })
  const most = g.emit('reduce', [number], { fn: 'max', axes: x.type.shape.map((_, axis) => axis) })
  return g.emit('cast', [most], { dtype: 'bool' })
}

function converted(scope: Scope): Value | undefined {
  const x = pick(scope, (v) => isExact(scope, v))
  return x && cast(scope, x, oneOf(scope.choose, ['f32', 'i32', 'u32', 'bool']))
}

/** Returns a value as another dtype. Integers become floats that are small and exact. */
export function cast(scope: Scope, x: Value, dtype: DType): Value {
  const { g } = scope
  const { type } = x
  if (type.dtype === dtype) return x
  if (dtype === 'f32' && isInteger(x)) {
    const small = g.emit('mod', [x, g.constant(17, type.shape, type.dtype)], {})
    const made = g.binary('mul', g.emit('cast', [small], { dtype }), g.constant(0.125, type.shape))
    return keepExact(scope, made, x)
  }
  if (type.dtype === 'f32' && dtype === 'u32')
    return g.emit('cast', [g.emit('abs', [g.binary('mul', x, g.constant(8, type.shape))], {})], { dtype })
  if (type.dtype === 'f32' && dtype === 'i32')
    return g.emit('cast', [g.binary('mul', x, g.constant(8, type.shape))], { dtype })
  return keepExact(scope, g.emit('cast', [x], { dtype }), x)
}

function byCounter(scope: Scope): Value | undefined {
  const { g, choose, counters } = scope
  const counter = counters[choose(counters.length)]
  if (counter === undefined) return undefined
  const x = pick(scope, (v) => rank(v) > 0)
  if (x === undefined || choose(4) === 0) return g.emit('dimension', [], { value: counter.index })
  const axis = choose(rank(x))
  if (choose(4) === 0) {
    const index = g.emit('dimension', [], { value: counter.index })
    return keepExact(scope, g.emit('gather', [x, index], { axis }), x)
  }
  const start = startBy(scope, counter, x.type.shape[axis] ?? 1)
  if (start === undefined) return undefined
  const slice = g.emit('slice', [x], at(x.type.shape, axis, start, 1, 1))
  const rest = x.type.shape.filter((_, i) => i !== axis)
  return keepExact(scope, choose(2) === 0 ? slice : g.emit('reshape', [slice], { shape: rest }), x)
}

/** Returns an index along an axis of this size, in terms of one counter or two. */
function startBy({ choose, counters }: Scope, { index, below }: Counter, size: Dim): Dim | undefined {
  if (below === undefined) return undefined
  const other = counters[choose(counters.length)]
  if (other?.below !== undefined && other.index !== index) {
    if (dims.compare(dims.sub(dims.add(below, other.below), 1), '<=', size) === 'yes')
      return dims.add(index, other.index)
    if (dims.compare(dims.mul(below, other.below), '<=', size) === 'yes')
      return dims.add(dims.mul(index, other.below), other.index)
  }
  if (dims.compare(below, '<=', size) !== 'yes') return undefined
  return choose(2) === 0 ? index : dims.sub(dims.sub(size, 1), index)
}

function chosen(scope: Scope): Value | undefined {
  const { g, choose } = scope
  const x = pick(scope)
  if (x === undefined) return undefined
  if (choose(2) === 0) {
    const indices = pick(scope, (v) => v.type.dtype === 'i32' && rank(v) <= 2)
    if (indices === undefined || rank(x) === 0) return undefined
    return keepExact(scope, g.emit('gather', [x, indices], { axis: choose(rank(x)) }), x)
  }
  const y = pick(scope, (v) => isSameType(v.type, x.type)) ?? x
  const condition = pick(scope, (v) => v.type.dtype === 'bool' && (rank(v) === 0 || hasSameShape(v.type, x.type)))
  return condition && keepExact(scope, g.emit('where', [g.expand(condition, x.type.shape), x, y], {}), x, y)
}

function sources(scope: Scope): Value | undefined {
  const { g, choose, values } = scope
  switch (choose(4)) {
    case 0:
      return keepExact(scope, g.emit('iota', [], { length: values[0]?.type.shape[0] ?? 3 }))
    case 1: {
      const data = Array.from({ length: 2 + choose(3) }, () => choose(9))
      return keepExact(
        scope,
        g.emit('literal', [], { data, dtype: oneOf(choose, ['f32', 'i32']), shape: [data.length] }),
      )
    }
    case 2:
      return keepExact(scope, g.constant(choose(3), choose(2) === 0 ? [] : [3], oneOf(choose, ['f32', 'i32', 'u32'])))
    default:
      return g.constant(choose(2), [], 'bool')
  }
}

/** Returns one of several words. */
export function oneOf<const T extends string>(choose: Choose, words: readonly T[]): T {
  return words[choose(words.length)] ?? (words[0] as T) // never empty
}

/** Returns a value of a type: one that is there, or the newest made to fit. */
export function valueOf(scope: Scope, type: TensorType, isNew = false): Value {
  const found = isNew ? undefined : pick(scope, (v) => isSameType(v.type, type))
  if (found !== undefined) return found
  const x = pick(scope, (v) => type.dtype === 'f32' || isExact(scope, v))
  return x === undefined ? scope.g.constant(1, type.shape, type.dtype) : fit(scope, x, type)
}

function fit(scope: Scope, x: Value, type: TensorType): Value {
  const { g } = scope
  let y = cast(scope, x, type.dtype)
  if (y.type.dtype === 'f32' && !isExact(scope, y)) y = bounded(g, y)
  if (hasSameShape(y.type, type)) return y
  const same = y.type.shape.length === type.shape.length
  const isKept = (d: Dim, axis: number): boolean => same && (d === 1 || dims.isSame(d, type.shape[axis] ?? -1))
  const starts = y.type.shape.map(() => 0)
  const sizes = y.type.shape.map((d, axis) => (isKept(d, axis) ? d : 1))
  const part = g.emit('slice', [y], { starts, steps: starts.map(() => 1), sizes })
  const small = same ? part : g.emit('reshape', [part], { shape: type.shape.map(() => 1) })
  return keepExact(scope, g.emit('expand', [small], { shape: type.shape }), y)
}

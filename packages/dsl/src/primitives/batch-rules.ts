// batch-rules: every primitive on many lanes at once
//
// Operands that differ by lane have one more axis, the first; the others are the same in every lane. Each rule gives the
// result with the lanes in front, in terms of primitives.

import { type Dim, mul, sub } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Builder } from './builder.ts'
import { type ElementwiseKind, classes } from './classes.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'
import { spread } from './philox.ts'

/** An operand: in every lane another, with an axis of lanes in front, or the same in all. */
export interface Operand {
  readonly value: TensorBase
  readonly isMapped: boolean
}

/** How many lanes, and what rules build with. */
export interface Lanes {
  readonly size: Dim
  readonly emit: Builder['emit']
}

/** Returns the result of all lanes. */
export type Rule<K extends PrimitiveKind> = (
  lanes: Lanes,
  operands: readonly Operand[],
  params: PrimitiveParams[K],
) => TensorBase

/** A rule for every primitive. */
export type Rules = { readonly [K in PrimitiveKind]: Rule<K> }

/** Returns the operand with an axis of lanes in front. */
export function withLanes({ size, emit }: Lanes, { value, isMapped }: Operand): TensorBase {
  if (isMapped) return value
  const one = emit('reshape', [value], { shape: [1, ...value.shape] })
  return emit('expand', [one], { shape: [size, ...value.shape] })
}

/** Applies a primitive to operands of which at least one is mapped. */
export function applyToLanes<K extends PrimitiveKind>(
  kind: K,
  lanes: Lanes,
  operands: readonly Operand[],
  params: PrimitiveParams[K],
): TensorBase {
  return batchRules[kind](lanes, operands, params)
}

const source = (): never => {
  throw new Error('internal: a source has no operand')
}

/** Elementwise primitives, and those whose parameters say nothing of axes. */
function same<K extends PrimitiveKind>(kind: K): Rule<K> {
  return (lanes, operands, params) =>
    lanes.emit(
      kind,
      operands.map((operand) => withLanes(lanes, operand)),
      params,
    )
}

/** Primitives whose parameters move by the axis of lanes. */
function moved<K extends PrimitiveKind>(
  kind: K,
  move: (params: PrimitiveParams[K], size: Dim) => PrimitiveParams[K],
): Rule<K> {
  return (lanes, operands, params) => same(kind)(lanes, operands, move(params, lanes.size))
}

const elementwise = Object.fromEntries(
  Object.entries(classes).flatMap(([kind, group]) =>
    group === 'elementwise' ? [[kind, same(kind as PrimitiveKind)]] : [],
  ),
  // one for each primitive of this class
) as unknown as { readonly [K in ElementwiseKind]: Rule<K> }

/** The rule of every primitive. */
export const batchRules: Rules = {
  ...elementwise,
  constant: source,
  literal: source,
  iota: source,
  dimension: source,
  reshape: moved('reshape', ({ shape }, size) => ({ shape: [size, ...shape] })),
  permute: moved('permute', ({ axes }) => ({ axes: [0, ...axes.map((axis) => axis + 1)] })),
  expand: moved('expand', ({ shape }, size) => ({ shape: [size, ...shape] })),
  slice: moved('slice', ({ starts, steps, sizes }, size) => ({
    starts: [0, ...starts],
    steps: [1, ...steps],
    sizes: [size, ...sizes],
  })),
  pad: moved('pad', ({ before, after, value }) => ({ before: [0, ...before], after: [0, ...after], value })),
  window: moved('window', (params) => ({ ...params, axis: params.axis + 1 })),
  concat: moved('concat', ({ axis }) => ({ axis: axis + 1 })),
  gather: (lanes, operands, { axis }) => {
    const [x, indices] = operands as readonly [Operand, Operand]
    if (!indices.isMapped) return lanes.emit('gather', [x.value, indices.value], { axis: axis + 1 })
    return x.isMapped ? gatherOfEach(lanes, x.value, indices.value, axis) : gatherOfOne(lanes, x, indices, axis)
  },
  gatherElements: moved('gatherElements', ({ axis }) => ({ axis: axis + 1 })),
  reduce: moved('reduce', ({ fn, axes }) => ({ fn, axes: axes.map((axis) => axis + 1) })),
  contract: ({ emit }, operands, { a, b, out }) => {
    const lane = freshLabel([...a, ...b])
    const label = (own: readonly string[], at: number): readonly string[] =>
      operands[at]?.isMapped === true ? [lane, ...own] : own
    const values = operands.map(({ value }) => value)
    return emit('contract', values, { a: label(a, 0), b: label(b, 1), out: [lane, ...out] })
  },
}

/** Indices of every lane into one tensor: the lanes come out where the indices stand. */
function gatherOfOne({ emit }: Lanes, x: Operand, indices: Operand, axis: number): TensorBase {
  const found = emit('gather', [x.value, indices.value], { axis })
  const others = found.shape.map((_, at) => at).filter((at) => at !== axis)
  return emit('permute', [found], { axes: [axis, ...others] })
}

/** Lanes and the axis become one axis, in which the indices of a lane begin at its own first element. */
function gatherOfEach({ size, emit }: Lanes, x: TensorBase, indices: TensorBase, axis: number): TensorBase {
  const length = x.shape[axis + 1] ?? 1
  const others = x.shape.map((_, at) => at).filter((at) => at !== 0 && at !== axis + 1)
  const front = emit('permute', [x], { axes: [0, axis + 1, ...others] })
  const rest = front.shape.slice(2)
  const { shape } = indices
  const scalar = (value: Dim): TensorBase => spread(emit, emit('dimension', [], { value }), shape)
  const clamped = emit('minimum', [emit('maximum', [indices, scalar(0)], {}), scalar(sub(length, 1))], {})
  const lane = emit('reshape', [emit('iota', [], { length: size })], {
    shape: shape.map((n, at) => (at === 0 ? n : 1)),
  })
  const start = emit('mul', [emit('expand', [lane], { shape }), scalar(length)], {})
  const flat = emit('reshape', [front], { shape: [mul(size, length), ...rest] })
  const found = emit('gather', [flat, emit('add', [clamped, start], {})], { axis: 0 })
  // [lane, …indices, …before, …after] -> [lane, …before, …indices, …after]
  const [count, inner] = [shape.length - 1, rest.map((_, at) => shape.length + at)]
  const own = Array.from({ length: count }, (_, at) => at + 1)
  return emit('permute', [found], { axes: [0, ...inner.slice(0, axis), ...own, ...inner.slice(axis)] })
}

/** Returns a label that is not taken. */
export function freshLabel(taken: readonly string[]): string {
  let label = '*'
  while (taken.includes(label)) label += '*'
  return label
}

// simplify: graph -> graph
//
// Algebra that holds for every value, -0.0, NaN and infinities included, and views of views. x + 0 is no such rule for
// floats (-0.0 + 0 is 0); x - 0, x * 1, x / 1 and x + -0 are.

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, PrimitiveKind, Value } from '../ir/graph/graph.ts'
import { type Rewriter, rewrite } from './rewrite.ts'
import { splatOf } from './splat.ts'

/**
 * Simplifies op by op.
 *
 * @example
 * %2 f32[4] mul %1 1   ->   %1
 */
export function simplify(graph: Graph): Graph {
  return rewrite(graph, (op, rewriter) => rules[op.kind]?.(op, rewriter))
}

type KindRule = (op: AnyOp, rewriter: Rewriter) => Value | undefined

const isFloat = (v: Value): boolean => v.type.dtype === 'f32' || v.type.dtype === 'f16' || v.type.dtype === 'bf16'

/** The other operand, when one operand is the given constant everywhere. */
function neutral(
  op: AnyOp,
  rewriter: Rewriter,
  side: 'right' | 'either',
  is: (c: number) => boolean,
): Value | undefined {
  const [a, b] = op.inputs
  if (a === undefined || b === undefined) return undefined
  const right = splatOf(b, rewriter)
  if (right !== undefined && is(right)) return a
  const left = side === 'either' ? splatOf(a, rewriter) : undefined
  return left !== undefined && is(left) ? b : undefined
}

const isSameShape = (a: readonly dims.Dim[], b: readonly dims.Dim[]): boolean =>
  a.length === b.length && a.every((d, i) => dims.isSame(d, b[i] ?? -1))

/** The operand, where a view shows it unchanged. */
function ifUnchanged(op: AnyOp): Value | undefined {
  const [input] = op.inputs
  return input !== undefined && isSameShape(input.type.shape, op.result.type.shape) ? input : undefined
}

/** The operand of the operand, where that is an op of the given kind. */
function inside<K extends PrimitiveKind>(
  op: AnyOp,
  rewriter: Rewriter,
  kind: K,
): Extract<AnyOp, { kind: K }> | undefined {
  const [input] = op.inputs
  const producer = input === undefined ? undefined : rewriter.producer(input)
  return producer?.kind === kind ? (producer as Extract<AnyOp, { kind: K }>) : undefined // the test above is the proof
}

const rules: { readonly [K in PrimitiveKind]?: KindRule } = {
  add: (op, r) => neutral(op, r, 'either', (c) => (isFloat(op.result) ? Object.is(c, -0) : c === 0)), // x + -0 -> x
  sub: (op, r) => neutral(op, r, 'right', (c) => Object.is(c, 0)), // x - 0 -> x
  mul: (op, r) => neutral(op, r, 'either', (c) => c === 1) ?? integerZero(op, r), // x * 1 -> x
  div: (op, r) => neutral(op, r, 'right', (c) => c === 1), // x / 1 -> x
  pow: (op, r) => {
    const [x, y] = op.inputs
    const exponent = y === undefined ? undefined : splatOf(y, r)
    if (x === undefined || exponent === undefined) return undefined
    if (exponent === 1) return x // x ** 1 -> x
    return exponent === 2 ? r.emit('mul', [x, x], {}, op.origin) : undefined // x ** 2 -> x * x
  },
  neg: (op, r) => inside(op, r, 'neg')?.inputs[0], // -(-x) -> x
  not: (op, r) => inside(op, r, 'not')?.inputs[0],
  where: (op, r) => {
    const [condition, a, b] = op.inputs
    if (a === b) return a
    const known = condition === undefined ? undefined : splatOf(condition, r)
    return known === undefined ? undefined : known !== 0 ? a : b
  },
  cast: (op) => (op.inputs[0]?.type.dtype === op.result.type.dtype ? op.inputs[0] : undefined),
  dimension: (op, r) =>
    op.kind === 'dimension' && typeof op.params.value === 'number'
      ? r.emit('constant', [], { value: op.params.value, dtype: 'i32' }, op.origin)
      : undefined,
  reshape: (op, r) => {
    const same = ifUnchanged(op)
    if (same !== undefined || op.kind !== 'reshape') return same
    const source = inside(op, r, 'reshape')?.inputs[0]
    if (source === undefined) return undefined
    const isSame = isSameShape(source.type.shape, op.result.type.shape)
    return isSame ? source : r.emit('reshape', [source], op.params, op.origin)
  },
  permute: (op, r) => {
    if (op.kind !== 'permute') return undefined
    if (op.params.axes.every((axis, i) => axis === i)) return op.inputs[0]
    const inner = inside(op, r, 'permute')
    const source = inner?.inputs[0]
    if (inner === undefined || source === undefined) return undefined
    const axes = op.params.axes.map((axis) => inner.params.axes[axis] ?? 0)
    return axes.every((axis, i) => axis === i) ? source : r.emit('permute', [source], { axes }, op.origin)
  },
  expand: (op, r) => {
    const same = ifUnchanged(op)
    if (same !== undefined || op.kind !== 'expand') return same
    const source = inside(op, r, 'expand')?.inputs[0]
    return source === undefined ? undefined : r.emit('expand', [source], op.params, op.origin)
  },
  slice: (op) => (op.kind === 'slice' && op.params.steps.every((s) => s === 1) ? ifUnchanged(op) : undefined),
  pad: ifUnchanged,
  concat: (op, r) => (op.inputs.length === 1 ? op.inputs[0] : joinSlices(op, r)),
}

/** Slices of one tensor that follow one another are one slice. */
function joinSlices(op: AnyOp, r: Rewriter): Value | undefined {
  if (op.kind !== 'concat') return undefined
  const { axis } = op.params
  const parts: SlicePart[] = []
  for (const value of op.inputs) {
    const part = slicePart(value, axis, r)
    const last = parts.at(-1)
    const isNext = last !== undefined && follows(last, part, axis)
    if (isNext) parts[parts.length - 1] = { ...last, size: dims.add(last.size, part.size) }
    else parts.push(part)
  }
  if (parts.length === op.inputs.length) return undefined
  const values = parts.map(({ value, slice, size }) => {
    const source = slice?.inputs[0]
    if (slice === undefined || source === undefined || value.type.shape[axis] === size) return value
    const sizes = slice.params.sizes.map((own, i) => (i === axis ? size : own))
    const isWhole = isSameShape(sizes, source.type.shape)
    return isWhole ? source : r.emit('slice', [source], { ...slice.params, sizes }, op.origin)
  })
  const [only] = values
  return values.length === 1 && only !== undefined ? only : r.emit('concat', values, op.params, op.origin)
}

interface SlicePart {
  readonly value: Value
  readonly slice: Extract<AnyOp, { kind: 'slice' }> | undefined
  readonly size: dims.Dim
}

function slicePart(value: Value, axis: number, r: Rewriter): SlicePart {
  const producer = r.producer(value)
  const isPlain = producer?.kind === 'slice' && producer.params.steps.every((step) => step === 1)
  return { value, slice: isPlain ? producer : undefined, size: value.type.shape[axis] ?? 1 }
}

function follows(a: SlicePart, b: SlicePart, axis: number): boolean {
  if (a.slice === undefined || b.slice === undefined || a.slice.inputs[0] !== b.slice.inputs[0]) return false
  const [first, second] = [a.slice.params, b.slice.params]
  return first.starts.every((start, i) => {
    const wanted = i === axis ? dims.add(start, a.size) : start
    const isAligned = dims.isSame(wanted, second.starts[i] ?? -1)
    return isAligned && (i === axis || dims.isSame(first.sizes[i] ?? 0, second.sizes[i] ?? -1))
  })
}

/** x * 0 -> 0 for integers only: 0 * NaN is NaN. */
function integerZero(op: AnyOp, rewriter: Rewriter): Value | undefined {
  if (isFloat(op.result)) return undefined
  const [a, b] = op.inputs
  return [a, b].find((v) => v !== undefined && splatOf(v, rewriter) === 0)
}

// operands: what was passed -> tensors of one dtype and one shape
//
// Promotion is PyTorch's (bool < integer < float), a whole number takes the tensor's dtype, a fractional number turns
// integers into f32; broadcasting is NumPy's.

import { type DType, kindOf, promote } from '../types/dtype.ts'
import { type Dim, isDimExpression } from '../types/dim.ts'
import { refuse } from '../types/errors.ts'
import { broadcastShape, isSameShape } from '../types/shape.ts'
import { type Shape, TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import type { Operand } from './signature.ts'

/** What an operation does to the promoted dtype: keeps it, makes bool i32, or makes bool and integers f32. */
export type Promotion = 'keep' | 'number' | 'float'

/** Returns the dtype that the operands meet in. */
export function commonDType(operands: readonly Operand[], promotion: Promotion): DType {
  const tensors = operands.flatMap((x) => (x instanceof TensorBase ? [x.dtype] : []))
  const [first, ...others] = tensors
  let dtype = others.reduce(promote, first ?? 'bool')
  for (const x of operands) {
    if (x instanceof TensorBase || typeof x === 'boolean') continue
    if (isDimExpression(x) || isWhole(x)) dtype = dtype === 'bool' ? 'i32' : dtype
    else if (kindOf(dtype) !== 'float') dtype = 'f32'
  }
  if (promotion === 'number' && dtype === 'bool') return 'i32'
  return promotion === 'float' && kindOf(dtype) !== 'float' ? 'f32' : dtype
}

/** Returns the operands as tensors of the dtype they meet in; shapes stay. */
export function promoteOperands(
  t: Bound,
  op: string,
  operands: readonly Operand[],
  promotion: Promotion,
): readonly TensorBase[] {
  const dtype = commonDType(operands, promotion)
  return operands.map((x) => lift(t, op, x, dtype))
}

/** Returns the operand as a tensor of this dtype. Throws source_bad_argument for a number that the dtype cannot hold. */
export function lift(t: Bound, op: string, x: Operand, dtype: DType): TensorBase {
  if (x instanceof TensorBase) return castTo(t, x, dtype)
  if (isDimExpression(x)) return castTo(t, t.emit('dimension', [], { value: x }), dtype)
  return t.emit('constant', [], { value: constantValue(op, Number(x), dtype), dtype })
}

/** Returns the operand as a tensor, in its own dtype; numbers as f32, or i32 where they are whole. */
export function asTensor(t: Bound, op: string, x: Operand): TensorBase {
  return lift(t, op, x, commonDType([x], 'keep'))
}

/** Returns x in another dtype; x itself where that is its dtype. */
export function castTo(t: Bound, x: TensorBase, dtype: DType): TensorBase {
  return x.dtype === dtype ? x : t.emit('cast', [x], { dtype })
}

/** Returns x as floats: integers and truth values become f32. */
export function toFloat(t: Bound, x: TensorBase): TensorBase {
  return kindOf(x.dtype) === 'float' ? x : castTo(t, x, 'f32')
}

/** Returns x with this shape, by adding axes at the left and stretching axes of size 1. */
export function stretch(t: Bound, x: TensorBase, shape: Shape): TensorBase {
  if (isSameShape(x.shape, shape)) return x
  const missing = shape.length - x.shape.length
  const ones: readonly Dim[] = Array.from({ length: Math.max(0, missing) }, () => 1)
  const padded = reshaped(t, x, [...ones, ...x.shape])
  return isSameShape(padded.shape, shape) ? padded : t.emit('expand', [padded], { shape })
}

/** Returns x reshaped; x itself where the shape is the same. */
export function reshaped(t: Bound, x: TensorBase, shape: Shape): TensorBase {
  return isSameShape(x.shape, shape) ? x : t.emit('reshape', [x], { shape })
}

/** Returns x permuted; x itself where no axis moves. */
export function permuted(t: Bound, x: TensorBase, axes: readonly number[]): TensorBase {
  return axes.every((axis, i) => axis === i) ? x : t.emit('permute', [x], { axes })
}

/** Returns the tensors with the shape they broadcast to. Throws shape_mismatch, shape_undecided. */
export function broadcastTensors(t: Bound, op: string, tensors: readonly TensorBase[]): readonly TensorBase[] {
  const shape = broadcastShape(op, tensors)
  return tensors.map((x) => stretch(t, x, shape))
}

/** Returns the operands as tensors of one dtype and one shape. */
export function matchOperands(
  t: Bound,
  op: string,
  operands: readonly Operand[],
  promotion: Promotion,
): readonly TensorBase[] {
  return broadcastTensors(t, op, promoteOperands(t, op, operands, promotion))
}

/** Returns a scalar constant. */
export function scalar(t: Bound, value: number, dtype: DType): TensorBase {
  return t.emit('constant', [], { value, dtype })
}

/** Returns a size as a scalar of this dtype: a constant, or a dimension read at the call. */
export function sizeScalar(t: Bound, size: Dim, dtype: DType): TensorBase {
  return lift(t, 'size', size, dtype)
}

/** Returns an element of an array that is known to be long enough. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index < 0 ? index + items.length : index]
  if (item === undefined) throw new RangeError(`internal: no item ${index} of ${items.length}`)
  return item
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value)
}

const ranges: { readonly [D in DType]?: readonly [number, number] } = {
  i32: [-(2 ** 31), 2 ** 32 - 1],
  u32: [-(2 ** 31), 2 ** 32 - 1],
  i8: [-128, 255],
  u8: [-128, 255],
}

/** Integers may be written signed or unsigned (`u8 - 1`, `0xffffffff`); they wrap into the dtype. */
function constantValue(op: string, value: number, dtype: DType): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1
  const range = ranges[dtype]
  if (range === undefined) return value
  const whole = Math.trunc(value)
  if (!(whole >= range[0] && whole <= range[1]))
    refuse('source_bad_argument', {
      argument: 'number',
      callee: op,
      expected: `a number that ${dtype} holds`,
      got: String(value),
    })
  switch (dtype) {
    case 'i8':
      return (whole << 24) >> 24
    case 'u8':
      return whole & 0xff
    case 'u32':
      return whole >>> 0
    default:
      return whole | 0
  }
}

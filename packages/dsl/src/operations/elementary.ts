// elementary: functions of one real number, elementwise; integers become f32 first

import type { PrimitiveKind } from '../primitives/params.ts'
import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { x1 } from './arithmetic.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { at, matchOperands, promoteOperands } from './operands.ts'
import type { Like } from './types.ts'

/** Elementary functions. */
export interface Elementary<T extends TensorBase, D extends Dim> {
  /** e to the power x. torch.exp, np.exp, ONNX Exp. */
  exp(x: Like<T, D>): T
  /** 2 to the power x. torch.exp2, np.exp2. */
  exp2(x: Like<T, D>): T
  /** exp(x) - 1, accurate near 0. torch.expm1, np.expm1. */
  expm1(x: Like<T, D>): T
  /** Natural logarithm; NaN below 0. torch.log, np.log, ONNX Log. */
  log(x: Like<T, D>): T
  /** Logarithm to base 2. torch.log2, np.log2. */
  log2(x: Like<T, D>): T
  /** Logarithm to base 10. torch.log10, np.log10. */
  log10(x: Like<T, D>): T
  /** log(1 + x), accurate near 0. torch.log1p, np.log1p. */
  log1p(x: Like<T, D>): T
  /** Square root; NaN below 0. torch.sqrt, np.sqrt, ONNX Sqrt. */
  sqrt(x: Like<T, D>): T
  /** 1 / sqrt(x). torch.rsqrt. */
  rsqrt(x: Like<T, D>): T
  /** 1 / x. torch.reciprocal, np.reciprocal, ONNX Reciprocal. */
  reciprocal(x: Like<T, D>): T
  /** Sine, in radians. torch.sin, np.sin, ONNX Sin. */
  sin(x: Like<T, D>): T
  /** Cosine. torch.cos, np.cos, ONNX Cos. */
  cos(x: Like<T, D>): T
  /** Tangent. torch.tan, np.tan, ONNX Tan. */
  tan(x: Like<T, D>): T
  /** Arc sine; NaN outside [-1, 1]. torch.asin, np.arcsin, ONNX Asin. */
  asin(x: Like<T, D>): T
  /** Arc cosine; NaN outside [-1, 1]. torch.acos, np.arccos, ONNX Acos. */
  acos(x: Like<T, D>): T
  /** Arc tangent. torch.atan, np.arctan, ONNX Atan. */
  atan(x: Like<T, D>): T
  /** Hyperbolic sine. torch.sinh, np.sinh, ONNX Sinh. */
  sinh(x: Like<T, D>): T
  /** Hyperbolic cosine. torch.cosh, np.cosh, ONNX Cosh. */
  cosh(x: Like<T, D>): T
  /** Hyperbolic tangent. torch.tanh, np.tanh, ONNX Tanh. */
  tanh(x: Like<T, D>): T
  /** Inverse hyperbolic sine. torch.asinh, np.arcsinh, ONNX Asinh. */
  asinh(x: Like<T, D>): T
  /** Inverse hyperbolic cosine; NaN below 1. torch.acosh, np.arccosh, ONNX Acosh. */
  acosh(x: Like<T, D>): T
  /** Inverse hyperbolic tangent; NaN outside [-1, 1]. torch.atanh, np.arctanh, ONNX Atanh. */
  atanh(x: Like<T, D>): T
  /** The error function. torch.erf, ONNX Erf. */
  erf(x: Like<T, D>): T
}

type FloatKind = Extract<
  PrimitiveKind,
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'erf'
>

/** A primitive as it is. */
function unary(kind: FloatKind): Unnamed {
  return ofFloat(kind, (t, x) => t.emit(kind, [x], {}))
}

function ofFloat(op: string, define: (t: Bound, x: TensorBase) => TensorBase): Unnamed {
  return operation({ params: x1, define: (t, { x }) => define(t, at(promoteOperands(t, op, [x], 'float'), 0)) })
}

/** The meaning of every elementary function. */
export const elementary: Family<Elementary<TensorBase, Dim>> = {
  exp: unary('exp'),
  exp2: ofFloat('exp2', (t, x) => t.emit('pow', matchOperands(t, 'exp2', [2, x], 'float'), {})),
  expm1: unary('expm1'),
  log: unary('log'),
  log2: ofFloat('log2', (t, x) => t.mul(t.log(x), Math.LOG2E)),
  log10: ofFloat('log10', (t, x) => t.mul(t.log(x), Math.LOG10E)),
  log1p: unary('log1p'),
  sqrt: unary('sqrt'),
  rsqrt: ofFloat('rsqrt', (t, x) => t.div(1, t.sqrt(x))),
  reciprocal: ofFloat('reciprocal', (t, x) => t.div(1, x)),
  sin: unary('sin'),
  cos: unary('cos'),
  tan: unary('tan'),
  asin: unary('asin'),
  acos: unary('acos'),
  atan: unary('atan'),
  sinh: unary('sinh'),
  cosh: unary('cosh'),
  tanh: unary('tanh'),
  asinh: ofFloat('asinh', (t, x) => {
    // log1p(|x| + x² / (1 + sqrt(1 + x²))), and log|x| + log 2 where x² would overflow
    const size = t.abs(x)
    const small = t.minimum(size, 1e9)
    const square = t.square(small)
    const near = t.log1p(t.add(small, t.div(square, t.add(t.sqrt(t.add(square, 1)), 1))))
    const value = t.where(t.gt(size, 1e9), t.add(t.log(size), Math.LN2), near)
    return t.where(t.lt(x, 0), t.neg(value), t.where(t.eq(x, 0), x, value))
  }),
  acosh: ofFloat('acosh', (t, x) => {
    const less = t.sub(x, 1)
    const small = t.minimum(less, 1e9)
    const near = t.log1p(t.add(small, t.sqrt(t.mul(small, t.add(small, 2)))))
    return t.where(t.gt(less, 1e9), t.add(t.log(x), Math.LN2), near)
  }),
  atanh: ofFloat('atanh', (t, x) => t.mul(t.sub(t.log1p(x), t.log1p(t.neg(x))), 0.5)),
  erf: unary('erf'),
}

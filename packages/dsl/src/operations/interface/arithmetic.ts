// arithmetic: elementwise numbers
//
// All broadcast as NumPy does and promote as PyTorch does, without widening to 64 bits.

import type { Dim } from '../../types/dim.ts'
import type { DType } from '../../types/dtype.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { Like } from './types.ts'

/** Elementwise arithmetic. */
export interface Arithmetic<T extends TensorBase, D extends Dim> {
  /** x + y, elementwise with broadcasting. torch.add, np.add, ONNX Add. Throws shape_mismatch. */
  add(x: Like<T, D>, y: Like<T, D>): T
  /** x - y. torch.sub, np.subtract, ONNX Sub. */
  sub(x: Like<T, D>, y: Like<T, D>): T
  /** x * y. torch.mul, np.multiply, ONNX Mul. */
  mul(x: Like<T, D>, y: Like<T, D>): T
  /** x / y; integers become f32 first. torch.div, np.true_divide, ONNX Div (floats). */
  div(x: Like<T, D>, y: Like<T, D>): T
  /** Floor of x / y, Python's `//`; an integer divided by 0 gives 0. torch.floor_divide, np.floor_divide. */
  floorDiv(x: Like<T, D>, y: Like<T, D>): T
  /** x / y rounded towards 0, as in C; an integer divided by 0 gives 0. torch.div (rounding_mode 'trunc'), ONNX and WebNN Div of integers. */
  truncDiv(x: Like<T, D>, y: Like<T, D>): T
  /** x - y * floor(x / y), Python's `%`: the sign of y. torch.remainder, np.mod, ONNX Mod (fmod = 0). */
  mod(x: Like<T, D>, y: Like<T, D>): T
  /** x - y * trunc(x / y): the sign of x. torch.fmod, np.fmod, ONNX Mod (fmod = 1). */
  fmod(x: Like<T, D>, y: Like<T, D>): T
  /** x to the power y. torch.pow, np.power, ONNX Pow. Integers to a negative power give 0, or ±1 for a base of ±1. */
  pow(x: Like<T, D>, y: Like<T, D>): T
  /** The larger, NaN if either is. torch.maximum, np.maximum, ONNX Max. */
  maximum(x: Like<T, D>, y: Like<T, D>): T
  /** The smaller, NaN if either is. torch.minimum, np.minimum, ONNX Min. */
  minimum(x: Like<T, D>, y: Like<T, D>): T
  /** The angle of the point (x, y) from the positive x axis. torch.atan2, np.arctan2. */
  atan2(y: Like<T, D>, x: Like<T, D>): T
  /** sqrt(x² + y²). torch.hypot, np.hypot. */
  hypot(x: Like<T, D>, y: Like<T, D>): T
  /** start + weight * (end - start). torch.lerp. */
  lerp(start: Like<T, D>, end: Like<T, D>, weight: Like<T, D>): T
  /** -x; integers wrap. torch.neg, np.negative, ONNX Neg. */
  neg(x: Like<T, D>): T
  /** |x|. torch.abs, np.abs, ONNX Abs. */
  abs(x: Like<T, D>): T
  /** -1, 0 or 1; NaN stays. torch.sign, np.sign, ONNX Sign. */
  sign(x: Like<T, D>): T
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
  /** x * x. torch.square, np.square. */
  square(x: Like<T, D>): T
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
  /** Rounds down. torch.floor, np.floor, ONNX Floor. Integers stay. */
  floor(x: Like<T, D>): T
  /** Rounds up. torch.ceil, np.ceil, ONNX Ceil. */
  ceil(x: Like<T, D>): T
  /** Rounds to the nearest whole number, halves to the even one. torch.round, np.round, ONNX Round. */
  round(x: Like<T, D>): T
  /** Rounds towards 0. torch.trunc, np.trunc. */
  trunc(x: Like<T, D>): T
  /** Limits x to [min, max]; either may be left out. NaN stays. torch.clamp, np.clip, ONNX Clip. */
  clip(x: Like<T, D>, min?: Like<T, D> | { readonly min?: Like<T, D>; readonly max?: Like<T, D> }, max?: Like<T, D>): T
  /** The same bits as another dtype of that width: f32, i32 and u32, or i8, u8 and bool. torch `.view(dtype)`, ONNX BitCast. Throws dtype_mismatch. */
  bitCast(x: T, dtype: DType): T
  /** Converts values: float to integer truncates and saturates, NaN gives 0; anything to bool is x != 0. torch `.to`, ONNX Cast. */
  cast(x: Like<T, D>, dtype: DType): T
}

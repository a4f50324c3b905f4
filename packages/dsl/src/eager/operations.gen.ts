// operations: every operation as a function of eager tensors
//
// Generated from the interfaces in operations by scripts/generate-operations.mjs: edit those, not this file.

import type { Operations } from '../operations/operations.ts'
import { eagerOperations } from './apply.ts'

/** max(x, 0); NaN stays. torch relu, ONNX Relu. */
export const relu: Operations['relu'] = eagerOperations.relu

/** min(max(x, 0), 6). torch relu6. */
export const relu6: Operations['relu6'] = eagerOperations.relu6

/** x where x >= 0, else negativeSlope * x (0.01). torch leaky_relu, ONNX LeakyRelu (alpha). */
export const leakyRelu: Operations['leakyRelu'] = eagerOperations.leakyRelu

/** x where x >= 0, else slope * x; a slope of one axis is per channel (axis 1). torch prelu, ONNX PRelu. */
export const prelu: Operations['prelu'] = eagerOperations.prelu

/** x * Φ(x), exact by erf or the tanh approximation. torch gelu, ONNX Gelu. */
export const gelu: Operations['gelu'] = eagerOperations.gelu

/** 1 / (1 + exp(-x)). torch sigmoid, ONNX Sigmoid. */
export const sigmoid: Operations['sigmoid'] = eagerOperations.sigmoid

/** log(sigmoid(x)), without overflow. torch logsigmoid. */
export const logSigmoid: Operations['logSigmoid'] = eagerOperations.logSigmoid

/** x * sigmoid(x), also called swish. torch silu. */
export const silu: Operations['silu'] = eagerOperations.silu

/** log(1 + exp(beta * x)) / beta, without overflow. torch softplus, ONNX Softplus. */
export const softplus: Operations['softplus'] = eagerOperations.softplus

/** x / (1 + |x|). torch softsign, ONNX Softsign. */
export const softsign: Operations['softsign'] = eagerOperations.softsign

/** x where x > 0, else alpha * (exp(x) - 1). torch elu, ONNX Elu. */
export const elu: Operations['elu'] = eagerOperations.elu

/** max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0). torch celu, ONNX Celu. */
export const celu: Operations['celu'] = eagerOperations.celu

/** The self-normalising exponential unit. torch selu, ONNX Selu. */
export const selu: Operations['selu'] = eagerOperations.selu

/** min(max(alpha * x + beta, 0), 1), by default x / 6 + 1/2 as PyTorch. ONNX HardSigmoid (alpha 0.2). */
export const hardSigmoid: Operations['hardSigmoid'] = eagerOperations.hardSigmoid

/** x * hardSigmoid(x). torch hardswish, ONNX HardSwish. */
export const hardSwish: Operations['hardSwish'] = eagerOperations.hardSwish

/** Limits x to [min, max], by default [-1, 1]. torch hardtanh. */
export const hardTanh: Operations['hardTanh'] = eagerOperations.hardTanh

/** x * tanh(softplus(x)). torch mish, ONNX Mish. */
export const mish: Operations['mish'] = eagerOperations.mish

/** x where x > alpha (1), else 0. ONNX ThresholdedRelu. */
export const thresholdedRelu: Operations['thresholdedRelu'] = eagerOperations.thresholdedRelu

/** x - lambda above lambda (0.5), x + lambda below -lambda, 0 between. torch softshrink, ONNX Shrink (bias = lambd). */
export const softShrink: Operations['softShrink'] = eagerOperations.softShrink

/** x above lambda (0.5) and below -lambda, 0 between. torch hardshrink, ONNX Shrink (bias 0). */
export const hardShrink: Operations['hardShrink'] = eagerOperations.hardShrink

/** x - tanh(x). torch tanhshrink. */
export const tanhShrink: Operations['tanhShrink'] = eagerOperations.tanhShrink

/** 1 at the largest of an axis (-1), the first on ties; 0 elsewhere. ONNX Hardmax. */
export const hardmax: Operations['hardmax'] = eagerOperations.hardmax

/** The first half of an axis times the sigmoid of the second. torch glu. */
export const glu: Operations['glu'] = eagerOperations.glu

/** exp(x - max) / sum(exp(x - max)) along an axis (-1). torch softmax, ONNX Softmax. */
export const softmax: Operations['softmax'] = eagerOperations.softmax

/** log(softmax(x)), without underflow. torch log_softmax, ONNX LogSoftmax. */
export const logSoftmax: Operations['logSoftmax'] = eagerOperations.logSoftmax

/**
 * In training each element is 0 with this rate (0.5), by `random.bernoulli`, and else x / (1 - rate); at evaluation x.
 * torch.nn.functional.dropout, ONNX Dropout.
 */
export const dropout: Operations['dropout'] = eagerOperations.dropout

/** x + y, elementwise with broadcasting. torch.add, np.add, ONNX Add. Throws shape_mismatch. */
export const add: Operations['add'] = eagerOperations.add

/** x - y. torch.sub, np.subtract, ONNX Sub. */
export const sub: Operations['sub'] = eagerOperations.sub

/** x * y. torch.mul, np.multiply, ONNX Mul. */
export const mul: Operations['mul'] = eagerOperations.mul

/** x / y; integers become f32 first. torch.div, np.true_divide, ONNX Div (floats). */
export const div: Operations['div'] = eagerOperations.div

/** Floor of x / y, Python's `//`; an integer divided by 0 gives 0. torch.floor_divide, np.floor_divide. */
export const floorDiv: Operations['floorDiv'] = eagerOperations.floorDiv

/** x / y rounded towards 0, as in C; an integer divided by 0 gives 0. torch.div (rounding_mode 'trunc'), ONNX and WebNN Div of integers. */
export const truncDiv: Operations['truncDiv'] = eagerOperations.truncDiv

/** x - y * floor(x / y), Python's `%`: the sign of y. torch.remainder, np.mod, ONNX Mod (fmod = 0). */
export const mod: Operations['mod'] = eagerOperations.mod

/** x - y * trunc(x / y): the sign of x. torch.fmod, np.fmod, ONNX Mod (fmod = 1). */
export const fmod: Operations['fmod'] = eagerOperations.fmod

/** x to the power y. torch.pow, np.power, ONNX Pow. Integers to a negative power give 0, or ±1 for a base of ±1. */
export const pow: Operations['pow'] = eagerOperations.pow

/** The larger, NaN if either is. torch.maximum, np.maximum, ONNX Max. */
export const maximum: Operations['maximum'] = eagerOperations.maximum

/** The smaller, NaN if either is. torch.minimum, np.minimum, ONNX Min. */
export const minimum: Operations['minimum'] = eagerOperations.minimum

/** The angle of the point (x, y) from the positive x axis. torch.atan2, np.arctan2. */
export const atan2: Operations['atan2'] = eagerOperations.atan2

/** sqrt(x² + y²). torch.hypot, np.hypot. */
export const hypot: Operations['hypot'] = eagerOperations.hypot

/** start + weight * (end - start). torch.lerp. */
export const lerp: Operations['lerp'] = eagerOperations.lerp

/** -x; integers wrap. torch.neg, np.negative, ONNX Neg. */
export const neg: Operations['neg'] = eagerOperations.neg

/** |x|. torch.abs, np.abs, ONNX Abs. */
export const abs: Operations['abs'] = eagerOperations.abs

/** -1, 0 or 1; NaN stays. torch.sign, np.sign, ONNX Sign. */
export const sign: Operations['sign'] = eagerOperations.sign

/** x * x. torch.square, np.square. */
export const square: Operations['square'] = eagerOperations.square

/** Rounds down. torch.floor, np.floor, ONNX Floor. Integers stay. */
export const floor: Operations['floor'] = eagerOperations.floor

/** Rounds up. torch.ceil, np.ceil, ONNX Ceil. */
export const ceil: Operations['ceil'] = eagerOperations.ceil

/** Rounds to the nearest whole number, halves to the even one. torch.round, np.round, ONNX Round. */
export const round: Operations['round'] = eagerOperations.round

/** Rounds towards 0. torch.trunc, np.trunc. */
export const trunc: Operations['trunc'] = eagerOperations.trunc

/** Limits x to [min, max]; either may be left out. NaN stays. torch.clamp, np.clip, ONNX Clip. */
export const clip: Operations['clip'] = eagerOperations.clip

/** The same bits as another dtype of that width: f32, i32 and u32, or i8, u8 and bool. torch `.view(dtype)`, ONNX BitCast. Throws dtype_mismatch. */
export const bitCast: Operations['bitCast'] = eagerOperations.bitCast

/** Converts values: float to integer truncates and saturates, NaN gives 0; anything to bool is x != 0. torch `.to`, ONNX Cast. */
export const cast: Operations['cast'] = eagerOperations.cast

/** [..., n, k] @ [..., k, m] → [..., n, m]; leading axes broadcast, a vector is a row on the left and a column on the right. torch.matmul, np.matmul, ONNX MatMul. Throws shape_contraction. */
export const matmul: Operations['matmul'] = eagerOperations.matmul

/** The sum of x * y of two vectors; of others as matmul. torch.dot, np.dot of vectors. */
export const dot: Operations['dot'] = eagerOperations.dot

/** [n], [m] → [n, m]: x[i] * y[j]. torch.outer, np.outer. */
export const outer: Operations['outer'] = eagerOperations.outer

/**
 * Einstein summation of one operand or more. Labels are letters (`'ij,jk->ik'`), or words where an operand has spaces
 * (`'b h q d, b h k d -> b h q k'`). A label that is not in the result is summed over; twice in one operand is the
 * diagonal; `...` stands for axes that broadcast. Without `->` the result has the labels that occur once, sorted.
 * torch.einsum, np.einsum, ONNX Einsum. Throws shape_equation.
 */
export const einsum: Operations['einsum'] = eagerOperations.einsum

/** x @ weight.T + bias: [..., in], [out, in], [out] → [..., out]. torch linear. */
export const linear: Operations['linear'] = eagerOperations.linear

/** softmax(q @ k.T * scale + mask) @ v: [..., queries, d], [..., keys, d], [..., keys, e] → [..., queries, e]. torch scaled_dot_product_attention. */
export const scaledDotProductAttention: Operations['scaledDotProductAttention'] = eagerOperations.scaledDotProductAttention

/** The sum of the diagonal of the last two axes. torch.trace, np.trace. */
export const trace: Operations['trace'] = eagerOperations.trace

/** [n, c, l], [out, c / groups, k] → [n, out, (l + 2p - d(k-1) - 1) // s + 1]. torch conv1d, ONNX Conv. Throws shape_rank_mismatch, shape_contraction, shape_window. */
export const conv1d: Operations['conv1d'] = eagerOperations.conv1d

/** [n, c, h, w], [out, c / groups, kh, kw] → [n, out, h', w']. torch conv2d, ONNX Conv. */
export const conv2d: Operations['conv2d'] = eagerOperations.conv2d

/** [n, c, d, h, w], [out, c / groups, kd, kh, kw] → [n, out, d', h', w']. torch conv3d, ONNX Conv. */
export const conv3d: Operations['conv3d'] = eagerOperations.conv3d

/** [n, c, l], [c, out / groups, k] → [n, out, (l-1)s - 2p + d(k-1) + outputPadding + 1]. torch conv_transpose1d, ONNX ConvTranspose. */
export const convTranspose1d: Operations['convTranspose1d'] = eagerOperations.convTranspose1d

/** [n, c, h, w], [c, out / groups, kh, kw] → [n, out, h', w']. torch conv_transpose2d, ONNX ConvTranspose. */
export const convTranspose2d: Operations['convTranspose2d'] = eagerOperations.convTranspose2d

/** [n, c, d, h, w], [c, out / groups, …] → [n, out, d', h', w']. torch conv_transpose3d, ONNX ConvTranspose. */
export const convTranspose3d: Operations['convTranspose3d'] = eagerOperations.convTranspose3d

/** A tensor of nested arrays: f32, or bool for truth values. torch.tensor, np.array. Throws shape_ragged. */
export const tensor: Operations['tensor'] = eagerOperations.tensor

/** All 0. torch.zeros, np.zeros. */
export const zeros: Operations['zeros'] = eagerOperations.zeros

/** All 1. torch.ones, np.ones. */
export const ones: Operations['ones'] = eagerOperations.ones

/** All of one value; a whole number is f32 too unless `dtype` says otherwise. torch.full, np.full. */
export const full: Operations['full'] = eagerOperations.full

/** 0 in the shape and dtype of x. torch.zeros_like. */
export const zerosLike: Operations['zerosLike'] = eagerOperations.zerosLike

/** 1 in the shape and dtype of x. torch.ones_like. */
export const onesLike: Operations['onesLike'] = eagerOperations.onesLike

/** A value in the shape and dtype of x. torch.full_like. */
export const fullLike: Operations['fullLike'] = eagerOperations.fullLike

/** start, start + step, … before stop: i32, or f32 where a number is fractional. arange(stop) starts at 0. torch.arange, np.arange, ONNX Range. */
export const arange: Operations['arange'] = eagerOperations.arange

/** `count` numbers from start to stop, both included. torch.linspace, np.linspace. */
export const linspace: Operations['linspace'] = eagerOperations.linspace

/** 1 on the diagonal of [n, m], 0 elsewhere; m is n where left out. torch.eye, np.eye. */
export const eye: Operations['eye'] = eagerOperations.eye

/** e to the power x. torch.exp, np.exp, ONNX Exp. */
export const exp: Operations['exp'] = eagerOperations.exp

/** 2 to the power x. torch.exp2, np.exp2. */
export const exp2: Operations['exp2'] = eagerOperations.exp2

/** exp(x) - 1, accurate near 0. torch.expm1, np.expm1. */
export const expm1: Operations['expm1'] = eagerOperations.expm1

/** Natural logarithm; NaN below 0. torch.log, np.log, ONNX Log. */
export const log: Operations['log'] = eagerOperations.log

/** Logarithm to base 2. torch.log2, np.log2. */
export const log2: Operations['log2'] = eagerOperations.log2

/** Logarithm to base 10. torch.log10, np.log10. */
export const log10: Operations['log10'] = eagerOperations.log10

/** log(1 + x), accurate near 0. torch.log1p, np.log1p. */
export const log1p: Operations['log1p'] = eagerOperations.log1p

/** Square root; NaN below 0. torch.sqrt, np.sqrt, ONNX Sqrt. */
export const sqrt: Operations['sqrt'] = eagerOperations.sqrt

/** 1 / sqrt(x). torch.rsqrt. */
export const rsqrt: Operations['rsqrt'] = eagerOperations.rsqrt

/** 1 / x. torch.reciprocal, np.reciprocal, ONNX Reciprocal. */
export const reciprocal: Operations['reciprocal'] = eagerOperations.reciprocal

/** Sine, in radians. torch.sin, np.sin, ONNX Sin. */
export const sin: Operations['sin'] = eagerOperations.sin

/** Cosine. torch.cos, np.cos, ONNX Cos. */
export const cos: Operations['cos'] = eagerOperations.cos

/** Tangent. torch.tan, np.tan, ONNX Tan. */
export const tan: Operations['tan'] = eagerOperations.tan

/** Arc sine; NaN outside [-1, 1]. torch.asin, np.arcsin, ONNX Asin. */
export const asin: Operations['asin'] = eagerOperations.asin

/** Arc cosine; NaN outside [-1, 1]. torch.acos, np.arccos, ONNX Acos. */
export const acos: Operations['acos'] = eagerOperations.acos

/** Arc tangent. torch.atan, np.arctan, ONNX Atan. */
export const atan: Operations['atan'] = eagerOperations.atan

/** Hyperbolic sine. torch.sinh, np.sinh, ONNX Sinh. */
export const sinh: Operations['sinh'] = eagerOperations.sinh

/** Hyperbolic cosine. torch.cosh, np.cosh, ONNX Cosh. */
export const cosh: Operations['cosh'] = eagerOperations.cosh

/** Hyperbolic tangent. torch.tanh, np.tanh, ONNX Tanh. */
export const tanh: Operations['tanh'] = eagerOperations.tanh

/** Inverse hyperbolic sine. torch.asinh, np.arcsinh, ONNX Asinh. */
export const asinh: Operations['asinh'] = eagerOperations.asinh

/** Inverse hyperbolic cosine; NaN below 1. torch.acosh, np.arccosh, ONNX Acosh. */
export const acosh: Operations['acosh'] = eagerOperations.acosh

/** Inverse hyperbolic tangent; NaN outside [-1, 1]. torch.atanh, np.arctanh, ONNX Atanh. */
export const atanh: Operations['atanh'] = eagerOperations.atanh

/** The error function. torch.erf, ONNX Erf. */
export const erf: Operations['erf'] = eagerOperations.erf

/** NumPy indexing, as in a template: integers, ranges (also with negative steps), null, '...', index tensors. Throws shape_index_out_of_range. */
export const index: Operations['index'] = eagerOperations.index

/** Slices along an axis (0) at the indices, whose shape replaces the axis. np.take, torch.index_select, ONNX Gather. */
export const gather: Operations['gather'] = eagerOperations.gather

/** result[…i…] = x[…indices[…i…]…] along an axis (0). torch.gather, ONNX GatherElements. */
export const gatherElements: Operations['gatherElements'] = eagerOperations.gatherElements

/** As gatherElements, along the last axis. np.take_along_axis. */
export const takeAlongAxis: Operations['takeAlongAxis'] = eagerOperations.takeAlongAxis

/** Rows of a table [n, d] at the indices: [...] → [..., d]. torch embedding. */
export const embedding: Operations['embedding'] = eagerOperations.embedding

/** 1 at the index along a new last axis of size n, 0 elsewhere. torch one_hot, ONNX OneHot. */
export const oneHot: Operations['oneHot'] = eagerOperations.oneHot

/** x with source added at the indices along an axis; equal indices add up. torch.scatter_add, or index_add where the indices have one axis. */
export const scatterAdd: Operations['scatterAdd'] = eagerOperations.scatterAdd

/** x with source written at the indices along an axis; of equal indices the last wins, or all are combined with x. torch.scatter, scatter_reduce, ONNX ScatterElements. */
export const scatter: Operations['scatter'] = eagerOperations.scatter

/** Slices at indices [..., k] into the first k axes, after `batchDims` axes that both have. tf.gather_nd, ONNX GatherND. */
export const gatherND: Operations['gatherND'] = eagerOperations.gatherND

/** x with slices written at indices [..., k] into the first k axes; of equal indices the last wins, or all are combined with x. ONNX ScatterND. */
export const scatterND: Operations['scatterND'] = eagerOperations.scatterND

/** Adds [before, after] elements to every axis; negative sizes crop in constant mode. torch pad, np.pad, ONNX Pad. */
export const pad: Operations['pad'] = eagerOperations.pad

/** Joins tensors along an axis (0). torch.cat, np.concatenate, ONNX Concat. Throws shape_mismatch. */
export const concat: Operations['concat'] = eagerOperations.concat

/** Joins tensors along a new axis (0). torch.stack, np.stack. */
export const stack: Operations['stack'] = eagerOperations.stack

/** n equal parts, or parts of the given sizes, along an axis (0). np.split, torch.split by sizes, ONNX Split. Throws shape_not_divisible. */
export const split: Operations['split'] = eagerOperations.split

/** n parts, the last smaller where it does not divide. torch.chunk. The size must be known. */
export const chunk: Operations['chunk'] = eagerOperations.chunk

/** The slices along an axis (0), without it. torch.unbind. The size must be known. */
export const unstack: Operations['unstack'] = eagerOperations.unstack

/** Sliding windows along an axis, which shrinks; the window becomes the last axis. torch `unfold`. Throws shape_window. */
export const window: Operations['window'] = eagerOperations.window

/** Columns of image patches: [n, c, h, w] → [n, c * kh * kw, places]. torch.nn.functional.unfold. */
export const unfold: Operations['unfold'] = eagerOperations.unfold

/** Images [n, c, …size] of columns [n, c * kernel, places], overlaps added. torch.nn.functional.fold, ONNX Col2Im. */
export const fold: Operations['fold'] = eagerOperations.fold

/** The determinant [..., n, n] → [...], by elimination with pivots. torch.linalg.det, np.linalg.det, ONNX Det. The size must be known. */
export const det: Operations['det'] = eagerOperations.det

/** x == y as bool; NaN equals nothing. torch.eq, np.equal, ONNX Equal. */
export const eq: Operations['eq'] = eagerOperations.eq

/** x != y as bool. torch.ne, np.not_equal. */
export const ne: Operations['ne'] = eagerOperations.ne

/** x < y as bool. torch.lt, np.less, ONNX Less. */
export const lt: Operations['lt'] = eagerOperations.lt

/** x <= y as bool. torch.le, np.less_equal, ONNX LessOrEqual. */
export const le: Operations['le'] = eagerOperations.le

/** x > y as bool. torch.gt, np.greater, ONNX Greater. */
export const gt: Operations['gt'] = eagerOperations.gt

/** x >= y as bool. torch.ge, np.greater_equal, ONNX GreaterOrEqual. */
export const ge: Operations['ge'] = eagerOperations.ge

/** Both, of bool tensors. Throws dtype_unsupported for others: compare first, or use logicalAnd. */
export const and: Operations['and'] = eagerOperations.and

/** Either, of bool tensors. */
export const or: Operations['or'] = eagerOperations.or

/** One but not the other, of bool tensors. */
export const xor: Operations['xor'] = eagerOperations.xor

/** The opposite, of a bool tensor. */
export const not: Operations['not'] = eagerOperations.not

/** (x != 0) and (y != 0), of any dtype. torch.logical_and, np.logical_and, ONNX And. */
export const logicalAnd: Operations['logicalAnd'] = eagerOperations.logicalAnd

/** (x != 0) or (y != 0). torch.logical_or, np.logical_or, ONNX Or. */
export const logicalOr: Operations['logicalOr'] = eagerOperations.logicalOr

/** (x != 0) xor (y != 0). torch.logical_xor, np.logical_xor, ONNX Xor. */
export const logicalXor: Operations['logicalXor'] = eagerOperations.logicalXor

/** x == 0. torch.logical_not, np.logical_not, ONNX Not. */
export const logicalNot: Operations['logicalNot'] = eagerOperations.logicalNot

/** `&` of integers bit by bit, or of bools. torch.bitwise_and, ONNX BitwiseAnd. */
export const bitwiseAnd: Operations['bitwiseAnd'] = eagerOperations.bitwiseAnd

/** `|` of integers bit by bit, or of bools. torch.bitwise_or, ONNX BitwiseOr. */
export const bitwiseOr: Operations['bitwiseOr'] = eagerOperations.bitwiseOr

/** Exclusive or of integers bit by bit, or of bools. torch.bitwise_xor, ONNX BitwiseXor. */
export const bitwiseXor: Operations['bitwiseXor'] = eagerOperations.bitwiseXor

/** `~` of integers bit by bit, or of bools. torch.bitwise_not, ONNX BitwiseNot. */
export const bitwiseNot: Operations['bitwiseNot'] = eagerOperations.bitwiseNot

/** x shifted left by y bits, modulo the width. torch.bitwise_left_shift, ONNX BitShift. */
export const shiftLeft: Operations['shiftLeft'] = eagerOperations.shiftLeft

/** x shifted right by y bits: arithmetic for signed, logical for unsigned. torch.bitwise_right_shift, ONNX BitShift. */
export const shiftRight: Operations['shiftRight'] = eagerOperations.shiftRight

/** Whether x is not a number. torch.isnan, np.isnan, ONNX IsNaN. */
export const isNaN: Operations['isNaN'] = eagerOperations.isNaN

/** Whether x is infinite, of either sign. torch.isinf, np.isinf, ONNX IsInf. */
export const isInf: Operations['isInf'] = eagerOperations.isInf

/** Whether x is neither infinite nor NaN. torch.isfinite, np.isfinite. */
export const isFinite: Operations['isFinite'] = eagerOperations.isFinite

/** x where the condition holds, y elsewhere; all broadcast. torch.where, np.where, ONNX Where. */
export const where: Operations['where'] = eagerOperations.where

/** x with `value` where the mask holds. torch.masked_fill. */
export const maskedFill: Operations['maskedFill'] = eagerOperations.maskedFill

/** -log softmax(logits) at the target: integer classes, or probabilities in the shape of the logits. torch cross_entropy, ONNX SoftmaxCrossEntropyLoss. */
export const crossEntropy: Operations['crossEntropy'] = eagerOperations.crossEntropy

/** -logProbs at the target classes. torch nll_loss, ONNX NegativeLogLikelihoodLoss. */
export const nllLoss: Operations['nllLoss'] = eagerOperations.nllLoss

/** (x - target)². torch mse_loss. */
export const mseLoss: Operations['mseLoss'] = eagerOperations.mseLoss

/** |x - target|. torch l1_loss. */
export const l1Loss: Operations['l1Loss'] = eagerOperations.l1Loss

/** Squared below beta (1), then linear; divided by beta. torch smooth_l1_loss. */
export const smoothL1Loss: Operations['smoothL1Loss'] = eagerOperations.smoothL1Loss

/** Squared below delta (1), then linear. torch huber_loss. */
export const huberLoss: Operations['huberLoss'] = eagerOperations.huberLoss

/** -target log x - (1 - target) log(1 - x) of probabilities; logarithms are at least -100. torch binary_cross_entropy. */
export const binaryCrossEntropy: Operations['binaryCrossEntropy'] = eagerOperations.binaryCrossEntropy

/** binaryCrossEntropy of sigmoid(logits), without overflow. torch binary_cross_entropy_with_logits. */
export const binaryCrossEntropyWithLogits: Operations['binaryCrossEntropyWithLogits'] = eagerOperations.binaryCrossEntropyWithLogits

/** target * (log target - logProbs). torch kl_div. */
export const klDiv: Operations['klDiv'] = eagerOperations.klDiv

/** (x - mean) / sqrt(variance + eps) * weight + bias per channel, with given statistics. torch batch_norm in evaluation, ONNX BatchNormalization. */
export const batchNorm: Operations['batchNorm'] = eagerOperations.batchNorm

/** Normalises the last axes to mean 0 and variance 1, then scales. torch layer_norm, ONNX LayerNormalization. */
export const layerNorm: Operations['layerNorm'] = eagerOperations.layerNorm

/** x / sqrt(mean(x²) + eps) * weight over the last axes. torch rms_norm, ONNX RMSNormalization. */
export const rmsNorm: Operations['rmsNorm'] = eagerOperations.rmsNorm

/** Normalises groups of channels (axis 1) with their spatial axes. torch group_norm, ONNX GroupNormalization. Throws shape_not_divisible. */
export const groupNorm: Operations['groupNorm'] = eagerOperations.groupNorm

/** Normalises every channel of every item over its spatial axes. torch instance_norm, ONNX InstanceNormalization. */
export const instanceNorm: Operations['instanceNorm'] = eagerOperations.instanceNorm

/** Divides by the sum over neighbouring channels. torch local_response_norm, ONNX LRN. */
export const localResponseNorm: Operations['localResponseNorm'] = eagerOperations.localResponseNorm

/** x / max(norm(x), eps) along an axis (1). torch normalize, ONNX LpNormalization. */
export const normalize: Operations['normalize'] = eagerOperations.normalize

/** Sorted along an axis (-1), NaN last (first where descending). np.sort, torch.sort (values). */
export const sort: Operations['sort'] = eagerOperations.sort

/** The i32 indices that sort an axis (-1), equal elements in their order. np.argsort (stable), torch.argsort. */
export const argsort: Operations['argsort'] = eagerOperations.argsort

/** [values, i32 indices] of the k largest along an axis (-1), in order; equal elements by index. torch.topk, ONNX TopK. */
export const topK: Operations['topK'] = eagerOperations.topK

/** For each axis the i32 indices [size] of elements that are not 0, row by row; `size` bounds them, 0 fills up. jnp.nonzero (size), ONNX NonZero. */
export const nonzero: Operations['nonzero'] = eagerOperations.nonzero

/**
 * [values, first indices, inverse indices, counts] of the distinct slices along an axis (0), sorted, or by first
 * occurrence; `size` bounds them, the last slice and count 0 fill up. jnp.unique (size), ONNX Unique.
 */
export const unique: Operations['unique'] = eagerOperations.unique

/**
 * Boxes [n, boxes, 4] and scores [n, classes, boxes] → i32 [size, 3] of image, class and box, best first in each
 * class; `size` bounds them, -1 fills up. torchvision nms, ONNX NonMaxSuppression.
 */
export const nonMaxSuppression: Operations['nonMaxSuppression'] = eagerOperations.nonMaxSuppression

/** The largest of each window: [n, c, l] → [n, c, l']. torch max_pool1d, ONNX MaxPool. Throws shape_window. */
export const maxPool1d: Operations['maxPool1d'] = eagerOperations.maxPool1d

/** The largest of each window: [n, c, h, w] → [n, c, h', w']. torch max_pool2d, ONNX MaxPool. */
export const maxPool2d: Operations['maxPool2d'] = eagerOperations.maxPool2d

/** The largest of each window: [n, c, d, h, w] → [n, c, d', h', w']. torch max_pool3d, ONNX MaxPool. */
export const maxPool3d: Operations['maxPool3d'] = eagerOperations.maxPool3d

/** The mean of each window. torch avg_pool1d, ONNX AveragePool. */
export const avgPool1d: Operations['avgPool1d'] = eagerOperations.avgPool1d

/** The mean of each window: [n, c, h, w] → [n, c, h', w']. torch avg_pool2d, ONNX AveragePool. */
export const avgPool2d: Operations['avgPool2d'] = eagerOperations.avgPool2d

/** The mean of each window. torch avg_pool3d, ONNX AveragePool. */
export const avgPool3d: Operations['avgPool3d'] = eagerOperations.avgPool3d

/** [largest, i32 index of it in its channel] of each window, over as many axes as the kernel has sizes. torch max_pool (return_indices). */
export const maxPoolWithIndices: Operations['maxPoolWithIndices'] = eagerOperations.maxPoolWithIndices

/** (sum |x|^order)^(1/order) of each window, over as many axes as the kernel has sizes. torch lp_pool, ONNX LpPool, WebNN l2Pool2d. */
export const lpPool: Operations['lpPool'] = eagerOperations.lpPool

/** Means over windows that divide the axis in `size` parts. torch adaptive_avg_pool1d. */
export const adaptiveAvgPool1d: Operations['adaptiveAvgPool1d'] = eagerOperations.adaptiveAvgPool1d

/** Means over windows that divide the axes in `size` parts. torch adaptive_avg_pool2d. */
export const adaptiveAvgPool2d: Operations['adaptiveAvgPool2d'] = eagerOperations.adaptiveAvgPool2d

/** The largest over windows that divide the axes in `size` parts. torch adaptive_max_pool2d. */
export const adaptiveMaxPool2d: Operations['adaptiveMaxPool2d'] = eagerOperations.adaptiveMaxPool2d

/** The mean over all spatial axes, kept with size 1. ONNX GlobalAveragePool. */
export const globalAvgPool: Operations['globalAvgPool'] = eagerOperations.globalAvgPool

/** The largest over all spatial axes, kept with size 1. ONNX GlobalMaxPool. */
export const globalMaxPool: Operations['globalMaxPool'] = eagerOperations.globalMaxPool

/** Resizes the spatial axes (all after the second). torch interpolate, ONNX Resize. */
export const interpolate: Operations['interpolate'] = eagerOperations.interpolate

/** round(x / scale) + zeroPoint, halves to even, within the range of the dtype. torch.quantize_per_tensor, ONNX and WebNN QuantizeLinear. */
export const quantizeLinear: Operations['quantizeLinear'] = eagerOperations.quantizeLinear

/** (x - zeroPoint) * scale, in the dtype of the scale. torch dequantize, ONNX and WebNN DequantizeLinear. */
export const dequantizeLinear: Operations['dequantizeLinear'] = eagerOperations.dequantizeLinear

/** The sum; of bool or small integers as i32. torch.sum, np.sum, ONNX ReduceSum. Throws shape_axis_out_of_range. */
export const sum: Operations['sum'] = eagerOperations.sum

/** The mean; of integers as f32. torch.mean, np.mean, ONNX ReduceMean. */
export const mean: Operations['mean'] = eagerOperations.mean

/** The product; of bool or small integers as i32. torch.prod, np.prod, ONNX ReduceProd. */
export const prod: Operations['prod'] = eagerOperations.prod

/** The largest, NaN if any is. torch.amax, np.max, ONNX ReduceMax. */
export const max: Operations['max'] = eagerOperations.max

/** The smallest, NaN if any is. torch.amin, np.min, ONNX ReduceMin. */
export const min: Operations['min'] = eagerOperations.min

/** Whether any element is not 0, as bool. torch.any, np.any. */
export const any: Operations['any'] = eagerOperations.any

/** Whether all elements are not 0, as bool. torch.all, np.all. */
export const all: Operations['all'] = eagerOperations.all

/** sum((x - mean)²) / (n - correction), correction 1. torch.var, np.var (ddof). */
export const variance: Operations['variance'] = eagerOperations.variance

/** sqrt(variance). torch.std, np.std (ddof). */
export const std: Operations['std'] = eagerOperations.std

/** (sum |x|^order)^(1/order), order 2. torch.linalg.vector_norm, ONNX ReduceL1, ReduceL2. */
export const norm: Operations['norm'] = eagerOperations.norm

/** log(sum(exp(x))), without overflow. torch.logsumexp, ONNX ReduceLogSumExp. */
export const logSumExp: Operations['logSumExp'] = eagerOperations.logSumExp

/** The i32 index of the largest, the first on ties, NaN before all; of all elements where no axis is given. torch.argmax, np.argmax, ONNX ArgMax. */
export const argmax: Operations['argmax'] = eagerOperations.argmax

/** The i32 index of the smallest. torch.argmin, np.argmin, ONNX ArgMin. */
export const argmin: Operations['argmin'] = eagerOperations.argmin

/** The sum of all elements up to each one along an axis. torch.cumsum, np.cumsum, ONNX CumSum. */
export const cumsum: Operations['cumsum'] = eagerOperations.cumsum

/** The product of all elements up to each one along an axis. torch.cumprod, np.cumprod. */
export const cumprod: Operations['cumprod'] = eagerOperations.cumprod

/** The largest element up to each one along an axis. torch.cummax (values). */
export const cummax: Operations['cummax'] = eagerOperations.cummax

/** The smallest element up to each one along an axis. torch.cummin (values). */
export const cummin: Operations['cummin'] = eagerOperations.cummin

/** The number of elements that are not 0, as i32. torch.count_nonzero. */
export const countNonzero: Operations['countNonzero'] = eagerOperations.countNonzero

/** The same elements in row-major order; one size may be -1. torch.reshape, np.reshape, ONNX Reshape. Throws shape_reshape. */
export const reshape: Operations['reshape'] = eagerOperations.reshape

/** Joins axes start … end (both included) to one. torch.flatten. */
export const flatten: Operations['flatten'] = eagerOperations.flatten

/** Splits an axis in several; one size may be -1. torch.unflatten. */
export const unflatten: Operations['unflatten'] = eagerOperations.unflatten

/** Result axis i is axis axes[i]. torch.permute, np.transpose, ONNX Transpose. */
export const permute: Operations['permute'] = eagerOperations.permute

/** Swaps two axes, by default the last two. torch.transpose, np.swapaxes. */
export const transpose: Operations['transpose'] = eagerOperations.transpose

/** Moves an axis to another place. torch.movedim, np.moveaxis. */
export const moveAxis: Operations['moveAxis'] = eagerOperations.moveAxis

/** Drops axes of size 1: the given ones, or all. torch.squeeze, np.squeeze, ONNX Squeeze. Throws shape_reshape for another size. */
export const squeeze: Operations['squeeze'] = eagerOperations.squeeze

/** Adds axes of size 1, at places of the result. torch.unsqueeze, ONNX Unsqueeze. */
export const unsqueeze: Operations['unsqueeze'] = eagerOperations.unsqueeze

/** As unsqueeze. np.expand_dims. */
export const expandDims: Operations['expandDims'] = eagerOperations.expandDims

/** Stretches axes of size 1 and adds axes at the left; -1 keeps a size. torch.expand, ONNX Expand. */
export const expand: Operations['expand'] = eagerOperations.expand

/** As expand. np.broadcast_to. */
export const broadcastTo: Operations['broadcastTo'] = eagerOperations.broadcastTo

/** The diagonal of the last two axes, as the last axis. torch.diagonal, np.diagonal. */
export const diagonal: Operations['diagonal'] = eagerOperations.diagonal

/** [n, r² * c, h, w] → [n, c, h * r, w * r], the block before the channels. tf.nn.depth_to_space, ONNX DepthToSpace (DCR). */
export const depthToSpace: Operations['depthToSpace'] = eagerOperations.depthToSpace

/** [n, c, h * r, w * r] → [n, r² * c, h, w], the block before the channels. tf.nn.space_to_depth, ONNX SpaceToDepth. */
export const spaceToDepth: Operations['spaceToDepth'] = eagerOperations.spaceToDepth

/** [n, c * r², h, w] → [n, c, h * r, w * r]. torch pixel_shuffle, ONNX DepthToSpace (CRD). */
export const pixelShuffle: Operations['pixelShuffle'] = eagerOperations.pixelShuffle

/** [n, c, h * r, w * r] → [n, c * r², h, w]. torch pixel_unshuffle. */
export const pixelUnshuffle: Operations['pixelUnshuffle'] = eagerOperations.pixelUnshuffle

/** Other sizes, in every coordinate mode. torch interpolate, ONNX Resize, WebNN resample2d. */
export const resize: Operations['resize'] = eagerOperations.resize

/** [n, c, …sizes], grid [n, …places, rank] of positions from -1 to 1, last axis first → [n, c, …places]. torch grid_sample, ONNX GridSample. */
export const gridSample: Operations['gridSample'] = eagerOperations.gridSample

/** The grid [n, …sizes, rank] that affine maps [n, rank, rank + 1] make of an image of shape [n, c, …sizes]. torch affine_grid, ONNX AffineGrid. */
export const affineGrid: Operations['affineGrid'] = eagerOperations.affineGrid

/** Regions [r, 4] of corners x1, y1, x2, y2 in the images `batch` [r] → [r, c, h, w]. torchvision roi_align, ONNX RoiAlign. */
export const roiAlign: Operations['roiAlign'] = eagerOperations.roiAlign

/** conv2d whose windows read at offsets [n, offsetGroups * kh * kw * 2, h', w'] of y and x. torchvision deform_conv2d, ONNX DeformConv. */
export const deformConv2d: Operations['deformConv2d'] = eagerOperations.deformConv2d

/** [..., n, ..., 1 or 2] → [..., n or n/2 + 1, ..., 2] along an axis (-2). torch.fft, np.fft, ONNX DFT. The size must be known. */
export const dft: Operations['dft'] = eagerOperations.dft

/** Frames of a signal [b, t, 1 or 2], `step` apart → [b, frames, frequencies, 2]. torch.stft, ONNX STFT. */
export const stft: Operations['stft'] = eagerOperations.stft

/** 0.5 - 0.5 cos(2πk/n). torch.hann_window, np.hanning, ONNX HannWindow. */
export const hannWindow: Operations['hannWindow'] = eagerOperations.hannWindow

/** alpha - (1 - alpha) cos(2πk/n), alpha 0.54. torch.hamming_window, np.hamming, ONNX HammingWindow (25/46). */
export const hammingWindow: Operations['hammingWindow'] = eagerOperations.hammingWindow

/** 0.42 - 0.5 cos(2πk/n) + 0.08 cos(4πk/n). torch.blackman_window, np.blackman, ONNX BlackmanWindow. */
export const blackmanWindow: Operations['blackmanWindow'] = eagerOperations.blackmanWindow

/** Triangles of equal width on the mel scale: [length / 2 + 1, bins]. ONNX MelWeightMatrix. */
export const melWeights: Operations['melWeights'] = eagerOperations.melWeights

/** Part of axes, from start to before stop; beyond the end is cut off. np `x[start:stop:step]`, ONNX Slice. */
export const slice: Operations['slice'] = eagerOperations.slice

/** Repeats the whole along axes. torch.tile, np.tile, ONNX Tile. */
export const tile: Operations['tile'] = eagerOperations.tile

/** Repeats every element along an axis. torch.repeat_interleave, np.repeat. */
export const repeat: Operations['repeat'] = eagerOperations.repeat

/** Reverses axes; all where left out. torch.flip, np.flip. */
export const flip: Operations['flip'] = eagerOperations.flip

/** Moves elements along an axis, those that leave come in at the other end. torch.roll, np.roll. */
export const roll: Operations['roll'] = eagerOperations.roll

/** The part of the last two axes on and below the diagonal; 0 elsewhere. torch.tril, np.tril, ONNX Trilu. */
export const tril: Operations['tril'] = eagerOperations.tril

/** The part of the last two axes on and above the diagonal; 0 elsewhere. torch.triu, np.triu, ONNX Trilu. */
export const triu: Operations['triu'] = eagerOperations.triu

// shape: the same elements, arranged otherwise

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { AxisOptions, Axes, Padding, Parts, Sizes } from './types.ts'

/** Options of slice. */
export interface SliceOptions<D extends Dim> {
  /** The first index; negative counts from the end. */
  readonly start?: Sizes<D>
  /** The index after the last; the end of the axis where left out. */
  readonly stop?: Sizes<D>
  /** The axes that starts, stops and steps belong to; the first ones where left out. */
  readonly axes?: Axes
  /** Steps, negative to walk back; 1 where left out. */
  readonly step?: Axes
}

/** Options of pad. */
export interface PadOptions {
  readonly mode?: 'constant' | 'reflect' | 'symmetric' | 'replicate' | 'edge' | 'circular' | 'wrap'
  /** What constant mode fills with: 0. */
  readonly value?: number
}

/** Rearrangements. */
export interface Rearrangement<T extends TensorBase, D extends Dim> {
  /** The same elements in row-major order; one size may be -1. torch.reshape, np.reshape, ONNX Reshape. Throws shape_reshape. */
  reshape(x: T, shape: readonly D[]): T
  /** Joins axes start … end (both included) to one. torch.flatten. */
  flatten(x: T, start?: number | { readonly start?: number; readonly end?: number }, end?: number): T
  /** Splits an axis in several; one size may be -1. torch.unflatten. */
  unflatten(x: T, axis: number, sizes: readonly D[]): T
  /** Result axis i is axis axes[i]. torch.permute, np.transpose, ONNX Transpose. */
  permute(x: T, axes: readonly number[]): T
  /** Swaps two axes, by default the last two. torch.transpose, np.swapaxes. */
  transpose(x: T, first?: number, second?: number): T
  /** Moves an axis to another place. torch.movedim, np.moveaxis. */
  moveAxis(x: T, from: number, to: number): T
  /** Drops axes of size 1: the given ones, or all. torch.squeeze, np.squeeze, ONNX Squeeze. Throws shape_reshape for another size. */
  squeeze(x: T, axis?: Axes | { readonly axis?: Axes }): T
  /** Adds axes of size 1, at places of the result. torch.unsqueeze, ONNX Unsqueeze. */
  unsqueeze(x: T, axis: Axes): T
  /** As unsqueeze. np.expand_dims. */
  expandDims(x: T, axis: Axes): T
  /** Stretches axes of size 1 and adds axes at the left; -1 keeps a size. torch.expand, ONNX Expand. */
  expand(x: T, shape: readonly D[]): T
  /** As expand. np.broadcast_to. */
  broadcastTo(x: T, shape: readonly D[]): T
  /** Part of axes, from start to before stop; beyond the end is cut off. np `x[start:stop:step]`, ONNX Slice. */
  slice(x: T, start?: Sizes<D> | SliceOptions<D>, stop?: Sizes<D> | SliceOptions<D>, options?: SliceOptions<D>): T
  /** Adds [before, after] elements to every axis; negative sizes crop in constant mode. torch pad, np.pad, ONNX Pad. */
  pad(x: T, pads: readonly (readonly D[])[], options?: PadOptions): T
  /** Repeats the whole along axes. torch.tile, np.tile, ONNX Tile. */
  tile(x: T, repeats: readonly D[]): T
  /** Repeats every element along an axis. torch.repeat_interleave, np.repeat. */
  repeat(x: T, repeats: D, axis?: number | AxisOptions): T
  /** Joins tensors along an axis (0). torch.cat, np.concatenate, ONNX Concat. Throws shape_mismatch. */
  concat(tensors: readonly T[], axis?: number | AxisOptions): T
  /** Joins tensors along a new axis (0). torch.stack, np.stack. */
  stack(tensors: readonly T[], axis?: number | AxisOptions): T
  /** n equal parts, or parts of the given sizes, along an axis (0). np.split, torch.split by sizes, ONNX Split. Throws shape_not_divisible. */
  split<const N extends D | readonly D[]>(x: T, parts: N, axis?: number | AxisOptions): Parts<T, N>
  /** n parts, the last smaller where it does not divide. torch.chunk. The size must be known. */
  chunk<const N extends number>(x: T, parts: N, axis?: number | AxisOptions): Parts<T, N>
  /** The slices along an axis (0), without it. torch.unbind. The size must be known. */
  unstack(x: T, axis?: number | AxisOptions): T[]
  /** Reverses axes; all where left out. torch.flip, np.flip. */
  flip(x: T, axis?: Axes | { readonly axis?: Axes }): T
  /** Moves elements along an axis, those that leave come in at the other end. torch.roll, np.roll. */
  roll(x: T, shift: Sizes<D>, axis?: Axes | { readonly axis?: Axes }): T
  /** The part of the last two axes on and below the diagonal; 0 elsewhere. torch.tril, np.tril, ONNX Trilu. */
  tril(x: T, diagonal?: number | { readonly diagonal?: number }): T
  /** The part of the last two axes on and above the diagonal; 0 elsewhere. torch.triu, np.triu, ONNX Trilu. */
  triu(x: T, diagonal?: number | { readonly diagonal?: number }): T
  /** The diagonal of the last two axes, as the last axis. torch.diagonal, np.diagonal. */
  diagonal(x: T): T
  /** Sliding windows along an axis, which shrinks; the window becomes the last axis. torch `unfold`. Throws shape_window. */
  window(x: T, axis: number, size: D, options?: { readonly stride?: number; readonly dilation?: number }): T
  /** Columns of image patches: [n, c, h, w] → [n, c * kh * kw, places]. torch.nn.functional.unfold. */
  unfold(
    x: T,
    kernel: Sizes<D>,
    options?: { readonly stride?: Axes; readonly padding?: Sizes<D>; readonly dilation?: Axes },
  ): T
  /** [n, r² * c, h, w] → [n, c, h * r, w * r], the block before the channels. tf.nn.depth_to_space, ONNX DepthToSpace (DCR). */
  depthToSpace(x: T, factor: number): T
  /** [n, c, h * r, w * r] → [n, r² * c, h, w], the block before the channels. tf.nn.space_to_depth, ONNX SpaceToDepth. */
  spaceToDepth(x: T, factor: number): T
  /** Images [n, c, …size] of columns [n, c * kernel, places], overlaps added. torch.nn.functional.fold, ONNX Col2Im. */
  fold(
    x: T,
    size: readonly D[],
    kernel: Axes,
    options?: { readonly stride?: Axes; readonly padding?: Padding<D>; readonly dilation?: Axes },
  ): T
  /** [n, c * r², h, w] → [n, c, h * r, w * r]. torch pixel_shuffle, ONNX DepthToSpace (CRD). */
  pixelShuffle(x: T, factor: number): T
  /** [n, c, h * r, w * r] → [n, c * r², h, w]. torch pixel_unshuffle. */
  pixelUnshuffle(x: T, factor: number): T
}

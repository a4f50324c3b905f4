// combinators: control flow for users
//
// Eager closures are called as they are; the meaning is that of combinators/, which the compiler shares. What is carried
// or returned is any structure: arrays and plain objects of tensors, numbers and truth values.

import { type CombinatorName, applyCombinator } from '../combinators/combinators.ts'
import type { Tensor, TensorLike } from '../operations/tensor.ts'
import { eagerMachine } from './control.ts'

/** A structure as closures receive it: numbers and truth values have become tensors. */
export type Carried<S> = S extends Tensor | undefined | null
  ? S
  : S extends number | boolean
    ? Tensor
    : { -readonly [K in keyof S]: Carried<S[K]> }

/** A structure as closures return it: a number may stand for a scalar, a template that ends in a tuple for an array. */
export type Carrying<S> = S extends Tensor
  ? TensorLike
  : S extends number | boolean
    ? TensorLike
    : S extends undefined | null
      ? S
      : S extends readonly unknown[]
        ? { readonly [K in keyof S]: Carrying<S[K]> } | Tensor
        : { readonly [K in keyof S]: Carrying<S[K]> }

/** Options of whileLoop. */
export interface WhileOptions {
  /** The most turns that run, whatever the test says. Needed where gradients go through the loop. */
  readonly maxIterations?: number
}

/** Options of scan. */
export interface ScanOptions {
  /** Goes from the last element to the first; ys keep the order of xs. */
  readonly reverse?: boolean
  /** The number of turns, where there are no xs. */
  readonly length?: number
}

/** What the body of scan returns: the next carry, and what is stacked. */
export type ScanTurn<C, Y> = readonly [carry: Carrying<C>, y: Y]

/**
 * Runs `then` where `pred` is true, else `otherwise`, never both. `pred` is one truth value: a bool scalar, or a static
 * boolean, which is decided at build. Both return the same structure of equal dtypes and shapes; a number takes the
 * dtype of the other side. jax.lax.cond, torch.cond, ONNX If. Throws flow_condition_not_scalar,
 * flow_branch_types_differ.
 */
export function cond<const R>(
  pred: Tensor | boolean,
  then: () => R,
  otherwise: () => Carrying<NoInfer<R>>,
): Carried<R> {
  return apply('cond', [pred, then, otherwise]) as Carried<R>
}

/**
 * Runs one of the branches: number `index`, an i32 scalar, clamped to those there are. All return the same structure of
 * equal dtypes and shapes. jax.lax.switch. Throws flow_count_not_scalar, flow_no_branches, flow_branch_types_differ.
 */
export function select<const R>(
  index: Tensor | number,
  branches: readonly [first: () => R, ...others: (() => Carrying<NoInfer<R>>)[]],
): Carried<R>
export function select<const R>(index: Tensor | number, branches: readonly (() => R)[]): Carried<R>
export function select(index: Tensor | number, branches: readonly (() => unknown)[]): unknown {
  return apply('select', [index, branches])
}

/**
 * Repeats `body` while `test` of the carry gives true; the last carry is the result. The types of the carry never
 * change; a number in `init` is f32, or an integer where the body makes it one. jax.lax.while_loop, ONNX Loop. Throws
 * flow_condition_not_scalar, flow_loop_carry_changed.
 */
export function whileLoop<const C>(
  init: C,
  test: (carry: Carried<NoInfer<C>>) => Tensor | boolean,
  body: (carry: Carried<NoInfer<C>>) => Carrying<NoInfer<C>>,
  options: WhileOptions = {},
): Carried<C> {
  return apply('whileLoop', [init, test, body, options]) as Carried<C>
}

/**
 * Repeats `body` n times on the carry and `i`, the number of the turn as an i32 scalar. `n` is static, a dimension or an
 * integer scalar; 0 gives `init`. jax.lax.fori_loop, ONNX Loop. Throws flow_count_not_scalar, flow_loop_carry_changed.
 */
export function forLoop<const C>(
  n: number | Tensor,
  init: C,
  body: (carry: Carried<NoInfer<C>>, i: Tensor) => Carrying<NoInfer<C>>,
): Carried<C> {
  return apply('forLoop', [n, init, body]) as Carried<C>
}

/**
 * Goes along axis 0 of every tensor in `xs`: `body(carry, x, i)` returns `[carry, y]`. Returns the last carry, and the ys
 * stacked along a new first axis, in the order of xs also where `reverse` runs from the end. `i` is the index of x, an
 * i32 scalar. jax.lax.scan, ONNX Scan. Throws flow_scan_lengths, flow_scan_axis, flow_scan_result,
 * flow_loop_carry_changed.
 */
export function scan<const C, X, const Y>(
  init: C,
  xs: X,
  body: (carry: Carried<NoInfer<C>>, x: Carried<NoInfer<X>>, i: Tensor) => ScanTurn<NoInfer<C>, Y> | Tensor,
  options: ScanOptions = {},
): [carry: Carried<C>, ys: Carried<Y>] {
  return apply('scan', [init, xs, body, options]) as [Carried<C>, Carried<Y>]
}

/** Axes of an argument of vmap: one for all tensors in it, null for none, or a structure of such. */
export type MapAxes = number | null | readonly MapAxes[] | { readonly [name: string]: MapAxes }

/** Options of vmap. */
export interface MapOptions {
  /** The axis of every argument (0), or an array with the axes of each: null leaves one the same in all lanes. */
  readonly in?: number | readonly MapAxes[]
  /** Where the lanes are in the results (0), or a structure of such axes. */
  readonly out?: MapAxes
}

/**
 * Returns `fn` for many lanes at once: called with tensors that have an axis of lanes each, it gives what `fn` gives for
 * each lane, stacked. What `fn` sees has no such axis. Maps nest, and go through all other combinators: a `cond` whose
 * predicate differs by lane computes both sides, a loop goes on until every lane is done. Every lane draws random numbers
 * of its own. jax.vmap, torch.func.vmap. Throws flow_vmap_axis, flow_vmap_sizes, flow_vmap_none.
 */
export function vmap<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: MapOptions = {},
): (...args: A) => Carried<R> {
  return (...args) => apply('vmap', [fn, args, options.in, options.out]) as Carried<R>
}

/**
 * Returns what an associative function makes of all elements up to each one along an axis (0), in the structure of xs:
 * x₀, fn(x₀, x₁), fn(fn(x₀, x₁), x₂), … `fn` takes two elements, without that axis, and returns one. In about 2 log n
 * steps. jax.lax.associative_scan, torch.associative_scan. Throws flow_associative_changed, shape_mismatch.
 */
export function associativeScan<X>(
  fn: (a: Carried<NoInfer<X>>, b: Carried<NoInfer<X>>) => Carrying<NoInfer<X>>,
  xs: X,
  axis: number = 0,
): Carried<X> {
  return apply('associativeScan', [fn, xs, axis]) as Carried<X>
}

function apply(name: CombinatorName, args: readonly unknown[]): unknown {
  return applyCombinator(eagerMachine(), name, args)
}

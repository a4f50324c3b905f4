// lanes: a builder on which every tensor may be another in each lane
//
// What runs on it sees one lane: tensors without the axis of lanes. It stands on another builder, which sees all lanes at
// once; so maps nest, and everything that a builder does goes through them.

import type { Dim } from '../types/dim.ts'
import { TensorBase, type TensorType } from '../types/tensor-type.ts'
import { type Lanes, type Operand, applyToLanes, withLanes } from './batch-rules.ts'
import type { ControlBuilder, LoopResult, LoopSpec, Turn } from './builder.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'
import { spread } from './philox.ts'

/** A builder of lanes. */
export class LaneBuilder implements ControlBuilder {
  readonly training: boolean
  readonly size: Dim
  readonly #inner: ControlBuilder
  readonly #blank: (type: TensorType) => TensorBase
  readonly #lanes: Lanes
  /** What stands for one lane of a tensor of the builder below. */
  readonly #mapped = new WeakMap<TensorBase, TensorBase>()

  /** `blank` makes a tensor that only has a type, to stand for one lane. */
  constructor(inner: ControlBuilder, size: Dim, blank: (type: TensorType) => TensorBase) {
    this.training = inner.training
    this.size = size
    this.#inner = inner
    this.#blank = blank
    this.#lanes = { size, emit: (kind, inputs, params) => inner.emit(kind, inputs, params) }
  }

  /** Returns what stands for one lane of `all`, whose first axis is that of lanes. */
  lane(all: TensorBase): TensorBase {
    const [, ...shape] = all.shape
    const one = this.#blank({ dtype: all.dtype, shape })
    this.#mapped.set(one, all)
    return one
  }

  /** Returns one lane of a tensor of the builder below, by one of its axes. */
  split(all: TensorBase, axis: number): TensorBase {
    const others = all.shape.map((_, at) => at).filter((at) => at !== axis)
    return this.lane(axis === 0 ? all : this.#inner.emit('permute', [all], { axes: [axis, ...others] }))
  }

  /** Returns a tensor of the builder below with all lanes along an axis. */
  join(one: TensorBase, axis: number): TensorBase {
    const all = this.lanesOf(one)
    if (axis === 0) return all
    const axes = one.shape.map((_, at) => at + 1)
    return this.#inner.emit('permute', [all], { axes: [...axes.slice(0, axis), 0, ...axes.slice(axis)] })
  }

  /** Returns all lanes of a tensor, along its first axis. */
  lanesOf(x: TensorBase): TensorBase {
    return withLanes(this.#lanes, this.#operand(x))
  }

  /** Returns all lanes of this map and of those around it, below all of them; tensors that are the same in all stay. */
  all(x: TensorBase): TensorBase {
    const { value, isMapped } = this.#operand(x)
    const below = isMapped ? value : x
    return this.#inner instanceof LaneBuilder ? this.#inner.all(below) : below
  }

  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): TensorBase {
    const operands = inputs.map((x) => this.#operand(x))
    if (operands.some(({ isMapped }) => isMapped)) return this.lane(applyToLanes(kind, this.#lanes, operands, params))
    return this.#inner.emit(
      kind,
      operands.map(({ value }) => value),
      params,
    )
  }

  /** With one index for all lanes one arm runs; else all do, and each lane takes what is its own. */
  branch(index: TensorBase, arms: readonly (() => readonly TensorBase[])[]): readonly TensorBase[] {
    const { value, isMapped } = this.#operand(index)
    if (isMapped)
      return this.#choose(
        index,
        arms.map((arm) => arm()),
      )
    const all = arms.map((arm) => () => arm().map((x) => this.lanesOf(x)))
    return this.#inner.branch(value, all).map((x) => this.lane(x))
  }

  loop(spec: LoopSpec): LoopResult {
    const { init, count, test, body, ...rest } = spec
    const own = count instanceof TensorBase && this.#operand(count).isMapped ? count : undefined
    const below = count instanceof TensorBase ? this.#most(count) : count
    const each = (carry: readonly TensorBase[]): readonly TensorBase[] => carry.map((x) => this.lane(x))
    const result = this.#inner.loop({
      ...rest,
      count: below,
      init: init.map((x) => this.lanesOf(x)),
      ...(test && { test: (carry, index) => this.#any(test(each(carry), index)) }),
      body: (carry, index): Turn => {
        const before = each(carry)
        const goesOn = this.#goesOn(own, index, test?.(before, index))
        const turn = body(before, index)
        const next = turn.carry.map((x, i) => (goesOn === undefined ? x : this.#where(goesOn, x, before[i] ?? x)))
        return {
          carry: next.map((x) => this.lanesOf(x)),
          stacked: turn.stacked.map((x) => this.lanesOf(x)),
        }
      },
    })
    // turns come first below, and lanes here
    const swapped = result.stacked.map((x) => {
      const axes = x.shape.map((_, at) => (at < 2 ? 1 - at : at))
      return this.lane(this.#inner.emit('permute', [x], { axes }))
    })
    return { carry: each(result.carry), stacked: swapped }
  }

  #operand(x: TensorBase): Operand {
    const all = this.#mapped.get(x)
    return all === undefined ? { value: x, isMapped: false } : { value: all, isMapped: true }
  }

  #choose(index: TensorBase, results: readonly (readonly TensorBase[])[]): readonly TensorBase[] {
    const [first = [], ...others] = results
    if (index.dtype === 'bool') return first.map((x, i) => this.#where(index, x, others[0]?.[i] ?? x))
    // the first arm stands for everything below it, and the last for everything above
    return first.map((x, i) =>
      others.reduce<TensorBase>((chosen, arm, at) => {
        const isFrom = this.emit('ge', [index, this.#number(at + 1)], {})
        return this.#where(isFrom, arm[i] ?? x, chosen)
      }, x),
    )
  }

  #where(condition: TensorBase, yes: TensorBase, no: TensorBase): TensorBase {
    const { emit } = this
    const wide = spread(emit.bind(this), condition, yes.shape)
    return this.emit('where', [wide, yes, no], {})
  }

  /** Returns the largest count of all lanes. */
  #most(count: TensorBase): TensorBase {
    const { value, isMapped } = this.#operand(count)
    return isMapped ? this.#inner.emit('reduce', [value], { fn: 'max', axes: [0] }) : value
  }

  /** Returns whether a truth value holds in any lane. */
  #any(truth: TensorBase): TensorBase {
    const { value, isMapped } = this.#operand(truth)
    if (!isMapped) return value
    const number = this.#inner.emit('cast', [value], { dtype: 'i32' })
    const most = this.#inner.emit('reduce', [number], { fn: 'max', axes: [0] })
    return this.#inner.emit('cast', [most], { dtype: 'bool' })
  }

  /** Returns whether this lane takes part in a turn; undefined where all do. */
  #goesOn(count: TensorBase | undefined, index: Dim, answer: TensorBase | undefined): TensorBase | undefined {
    const tested = answer !== undefined && this.#operand(answer).isMapped ? answer : undefined
    if (count === undefined) return tested
    const turn = this.emit('dimension', [], { value: index })
    const counted = this.emit('lt', [turn, count], {})
    return tested === undefined ? counted : this.emit('and', [tested, counted], {})
  }

  #number(value: number): TensorBase {
    return this.#inner.emit('constant', [], { value, dtype: 'i32' })
  }
}

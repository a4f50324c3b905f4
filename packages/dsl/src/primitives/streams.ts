// streams: which random numbers each draw gets
//
// A draw is told from every other by the words of its counter: the element, the number of the draw within its region,
// and the path of the region. Arms of branches, turns of loops and lanes of maps are regions, whose paths are random words of
// the path around them: so what one arm draws does not depend on which other arm ran, and every turn draws anew.

import type { Dim } from '../types/dim.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type { Builder, ControlBuilder } from './builder.ts'
import { type Key, philox } from './philox.ts'

/** What tells a draw from all others: the seed, and the three upper words of its counter. */
export interface Draw {
  readonly key: Key
  readonly counter: readonly [TensorBase, TensorBase, TensorBase]
}

/** A scope of draws: the program, an arm, a turn of a loop, a lane of a map. */
interface Region {
  readonly around: Region | undefined
  /** The number of the op that opened it, and which of its regions it is. */
  readonly site: number
  readonly index: Dim | TensorBase
  /** Draws and regions inside so far. */
  sites: number
  /** The words of its path, where something inside has asked for them already. */
  path?: Key
}

/** Returns the builder with arms and turns as regions of their own. */
export function withRegions(builder: ControlBuilder): ControlBuilder {
  const region = (): (<T>(index: Dim | TensorBase, action: () => T) => T) => {
    const { streams } = builder
    const site = streams?.site() ?? 0
    return (index, action) => (streams === undefined ? action() : streams.within(site, index, action))
  }
  return {
    training: builder.training,
    get streams() {
      return builder.streams
    },
    emit: (kind, inputs, params) => builder.emit(kind, inputs, params),
    branch(index, arms) {
      const within = region()
      return builder.branch(
        index,
        arms.map((arm, i) => () => within(i, arm)),
      )
    },
    loop({ test, body, ...spec }) {
      const [inTest, inBody] = [region(), region()]
      return builder.loop({
        ...spec,
        ...(test && { test: (carry, index) => inTest(index, () => test(carry, index)) }),
        body: (carry, index) => inBody(index, () => body(carry, index)),
      })
    },
  }
}

/** Runs `action` without counting its draws: for the types of what it gives. */
export function aside<T>(streams: Streams | undefined, action: () => T): T {
  return streams === undefined ? action() : streams.within(0, 0, action)
}

/** The draws of one program. */
export class Streams {
  readonly #emit: Builder['emit']
  readonly #seed: () => TensorBase
  #region: Region = { around: undefined, site: 0, index: 0, sites: 0 }

  /** `seed` gives the seed of the run, u32[2]. */
  constructor(emit: Builder['emit'], seed: () => TensorBase) {
    this.#emit = emit
    this.#seed = seed
  }

  /** Whether this is the closure of a combinator, and not the program itself. */
  get isInside(): boolean {
    return this.#region.around !== undefined
  }

  /** Returns the next number within this region, for a draw or for an op with regions. */
  site(): number {
    return this.#region.sites++
  }

  /** Runs what belongs to region `index` of the op that has this number. */
  within<T>(site: number, index: Dim | TensorBase, action: () => T): T {
    const around = this.#region
    this.#region = { around, site, index, sites: 0 }
    try {
      return action()
    } finally {
      this.#region = around
    }
  }

  /** Returns what the next draw is made of. */
  draw(): Draw {
    const site = this.site()
    const key = this.#key()
    return { key, counter: [this.#word(2 * site), ...this.#path(this.#region, key)] }
  }

  /** Returns streams of another emitter whose draws are those of lane `index` of this one. */
  fork(emit: Builder['emit'], index: TensorBase): Streams {
    const inner = new Streams(emit, this.#seed)
    inner.#region = { around: this.#region, site: this.site(), index, sites: 0 }
    return inner
  }

  #key(): Key {
    const seed = this.#seed()
    const word = (at: number): TensorBase => {
      const part = this.#emit('slice', [seed], { starts: [at], steps: [1], sizes: [1] })
      return this.#emit('reshape', [part], { shape: [] })
    }
    return [word(0), word(1)]
  }

  /** Only the region at hand keeps its path: what is made inside must not be read outside. */
  #path(region: Region, key: Key): Key {
    if (region.path !== undefined) return region.path
    const { around, site, index } = region
    const path = around === undefined ? this.#root() : this.#step(this.#path(around, key), key, site, index)
    if (region === this.#region) region.path = path
    return path
  }

  #root(): Key {
    return [this.#word(0), this.#word(0)]
  }

  /** Odd numbers are for regions, even ones for draws. */
  #step(around: Key, key: Key, site: number, index: Dim | TensorBase): Key {
    const [a, b] = philox(this.#emit, [this.#asWord(index), this.#word(2 * site + 1), ...around], key)
    return [a, b]
  }

  #asWord(index: Dim | TensorBase): TensorBase {
    if (typeof index === 'number') return this.#word(index)
    const number = index instanceof TensorBase ? index : this.#emit('dimension', [], { value: index })
    return number.dtype === 'u32' ? number : this.#emit('cast', [number], { dtype: 'u32' })
  }

  #word(value: number): TensorBase {
    return this.#emit('constant', [], { value, dtype: 'u32' })
  }
}

// order-transients: lifetimes -> the order in which the arena takes its buffers
//
// Placing a buffer is "the lowest free offset" (see `place`), so the order decides how tight the arena gets. The build
// has time to search: good rules first (largest first: Pisarchyk and Lee, "Efficient memory management for deep neural
// net inference", 2020), then moves of one buffer at a time while that helps. The arena is judged at several sizes of
// the dimensions, for one order has to serve them all.

import { dims } from '@tsjit/dsl/compiler'
import { place } from '@tsjit/host'
import type { GraphDim } from '../ir/graph/graph.ts'
import type { Transient } from '../ir/plan/plan.ts'

/** What decides where a buffer may lie. */
type Lifetime = Omit<Transient, 'dtype'>

/** Good enough: nothing is gained by searching on. */
const TIGHT = 1.01
/** Moves that are tried, and the pairs of buffers that all of them together may look at. */
const MOVES = 4000
const PAIRS = 4_000_000
/** The size assumed for a dimension without a declared maximum. */
const UNBOUNDED = 64

/** The buffers at one combination of sizes. */
interface Sample {
  readonly bytes: readonly number[]
  /** The most bytes that are alive at once, aligned: no arena need be larger than a little over it. */
  readonly live: number
}

/** Returns the indices of `transients` in the order in which they are to be placed. */
export function orderTransients(transients: readonly Lifetime[], graphDims: readonly GraphDim[]): readonly number[] {
  const samples = samplesOf(transients, graphDims)
  const score = (order: readonly number[]): number => Math.max(...samples.map((s) => waste(transients, order, s)))
  let best = transients.map((_, i) => i)
  let bestScore = score(best)
  const consider = (order: number[]): void => {
    const own = score(order)
    // an order that is no worse may lead on to a better one
    if (own <= bestScore) [best, bestScore] = [order, own]
  }
  for (const key of keysOf(transients, samples)) {
    if (bestScore <= TIGHT) return best
    consider(transients.map((_, i) => i).sort((a, b) => (key[b] ?? 0) - (key[a] ?? 0) || a - b))
  }
  // always the same numbers: a build is reproducible
  let seed = 1
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below
  const moves = Math.min(MOVES, PAIRS / (transients.length ** 2 * samples.length))
  for (let i = 0; i < moves && bestScore > TIGHT; i++) {
    const order = [...best]
    const [moved = 0] = order.splice(random(order.length), 1)
    order.splice(random(order.length + 1), 0, moved)
    consider(order)
  }
  return best
}

/** All dimensions at their least, all at their most, and each at its most among others at their least. */
function samplesOf(transients: readonly Lifetime[], graphDims: readonly GraphDim[]): readonly Sample[] {
  const least = new Map(graphDims.map((d) => [d.name, Math.max(1, d.min)]))
  const most = new Map(
    graphDims.map((d) => [d.name, Number.isFinite(d.max) ? d.max : Math.max(d.min, UNBOUNDED)] as const),
  )
  const mixed = graphDims.length < 2 ? [] : graphDims.map((d) => new Map([...least, [d.name, most.get(d.name) ?? 1]]))
  const all = graphDims.length === 0 ? [least] : [most, least, ...mixed]
  const samples = new Map<string, Sample>()
  for (const sizes of all) {
    const bytes = transients.map((t) => dims.valueOf(t.bytes, sizes))
    // sizes in the same proportions need the same order
    samples.set(bytes.map((b) => (b / (bytes[0] ?? 1)).toPrecision(6)).join(), {
      bytes,
      live: liveBytes(transients, bytes),
    })
  }
  return [...samples.values()]
}

function liveBytes(transients: readonly Lifetime[], bytes: readonly number[]): number {
  const launches = new Set(transients.map((t) => t.first))
  const aliveAt = (launch: number): number =>
    transients.reduce((sum, t, i) => sum + (t.first <= launch && launch <= t.last ? aligned(bytes[i] ?? 0) : 0), 0)
  return Math.max(0, ...[...launches].map(aliveAt))
}

/** Every buffer of the arena starts at a multiple of 256 bytes. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 256) * 256
}

/** Numbers to sort by, largest first. */
function keysOf(transients: readonly Lifetime[], samples: readonly Sample[]): readonly (readonly number[])[] {
  const span = transients.map((t) => t.last - t.first + 1)
  return [span, ...samples.flatMap(({ bytes }) => [bytes, bytes.map((b, i) => b * (span[i] ?? 1))])]
}

function waste(transients: readonly Lifetime[], order: readonly number[], { bytes, live }: Sample): number {
  const placed = place(order.flatMap((i) => [bytes[i] ?? 0, transients[i]?.first ?? 0, transients[i]?.last ?? 0]))
  return live === 0 ? 1 : (placed.at(-1) ?? 0) / live
}

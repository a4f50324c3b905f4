// random-pieces: parts of a value that are computed alike, and put together or added up

import type { Value } from '../../src/ir/graph/graph.ts'
import type { GraphBuilder } from './graph-builder.ts'
import { type Choose, at, rank } from './random-moves.ts'

/** Returns the products of some parts of a value and as many weights, or undefined where it cannot be cut. */
export function pieces(g: GraphBuilder, x: Value, choose: Choose): Value | undefined {
  const { shape } = x.type
  const axis = rank(x) === 0 ? 0 : choose(rank(x))
  const [size, depth] = [shape[axis], shape.at(-1)]
  const [run, step] = [1 + choose(2), 1 + choose(2)]
  if (typeof size !== 'number' || typeof depth !== 'number') return undefined
  const count = Math.min(4, Math.floor((size - run) / step) + 1)
  if (count < 2) return undefined
  const isLast = axis === rank(x) - 1
  const weights = g.weight(`w${g.weights.length}`, [count, 3, isLast ? run : depth])
  const [isShared, isBackwards, isBent, isAdded] = [choose(4) === 0, choose(4) === 0, choose(3) === 0, choose(2) === 0]
  const parts = Array.from({ length: count }, (_, i) => {
    const place = isBackwards ? count - 1 - i : i
    const part = g.emit('slice', [x], at(shape, axis, place * step, 1, run))
    const row = g.emit('slice', [weights], at([count, 3, isLast ? run : depth], 0, isShared ? 0 : i, 1, 1))
    const product = g.linear(part, g.emit('reshape', [row], { shape: [3, isLast ? run : depth] }))
    return isBent ? g.emit('tanh', [product], {}) : product
  })
  const all = isAdded
    ? parts.reduce((sum, part) => g.emit('add', [sum, part], {}))
    : g.emit('concat', parts, { axis: choose(rank(x)) })
  return g.binary('mul', all, g.constant(0.3, all.type.shape))
}

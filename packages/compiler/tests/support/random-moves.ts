// random-moves: random arrangements of the elements of a value

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { PrimitiveParams, Value } from '../../src/ir/graph/graph.ts'
import type { GraphBuilder } from './graph-builder.ts'

/** Answers with the next choice: an integer in 0 .. below-1. */
export type Choose = (below: number) => number

/** Returns how many axes a value has. */
export const rank = (v: Value): number => v.type.shape.length

/** Returns another arrangement of a value's elements, of any dtype, or undefined where the one chosen does not apply. */
export function move(g: GraphBuilder, x: Value, choose: Choose): Value | undefined {
  const { shape } = x.type
  const axis = rank(x) === 0 ? 0 : choose(rank(x))
  const size = shape[axis] ?? 1
  switch (choose(7)) {
    case 0:
      if (rank(x) < 2) return undefined
      return g.emit('permute', [x], { axes: rotate(rank(x), 1 + choose(rank(x) - 1)) })
    case 1:
      return rank(x) < 2
        ? undefined
        : g.emit('reshape', [x], { shape: [dims.mul(shape[0] ?? 1, shape[1] ?? 1), ...shape.slice(2)] })
    case 2: {
      if (typeof size !== 'number' || size < 2) return undefined
      const start = choose(size - 1)
      return g.emit('slice', [x], at(shape, axis, start, choose(2) === 0 ? 1 : 2, Math.ceil((size - start) / 2)))
    }
    case 3:
      if (typeof size !== 'number' || size < 1) return undefined
      return g.emit('slice', [x], at(shape, axis, size - 1, -1, size))
    case 4:
      return g.emit('pad', [x], {
        before: shape.map((_, i) => (i === axis ? choose(3) : 0)),
        after: shape.map((_, i) => (i === axis ? choose(3) : 0)),
        value: choose(2),
      })
    case 5: {
      if (rank(x) === 0) return undefined
      const parts = Array.from({ length: 2 + choose(4) }, () => x)
      return g.emit('concat', parts, { axis })
    }
    default: {
      if (rank(x) === 0 || rank(x) > 3 || typeof size !== 'number' || size < 2) return undefined
      return g.emit('window', [x], { axis, size: 2, stride: 1 + choose(2), dilation: 1 })
    }
  }
}

function rotate(count: number, by: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + by) % count)
}

/** Returns a slice along one axis. */
export function at(
  shape: readonly Dim[],
  axis: number,
  start: Dim,
  stepBy: number,
  size: Dim,
): PrimitiveParams['slice'] {
  return {
    starts: shape.map((_, i) => (i === axis ? start : 0)),
    steps: shape.map((_, i) => (i === axis ? stepBy : 1)),
    sizes: shape.map((d, i) => (i === axis ? size : d)),
  }
}

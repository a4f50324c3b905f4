// random-graph: programs of the vocabulary from random choices
//
// Every choice is a number below something, so that a failing program shrinks. Shapes stay small; one dimension may be
// symbolic. Values stay near 1, so that a comparison by error means something.

import { dims } from '@tsjit/dsl/compiler'
import type { Graph, Value } from '../../src/ir/graph/graph.ts'
import { GraphBuilder } from './graph-builder.ts'
import { type Choose, move, rank } from './random-moves.ts'
import { pieces } from './random-pieces.ts'

/** Returns a program of about `length` steps. */
export function randomGraph(choose: Choose, length: number): Graph {
  const g = new GraphBuilder()
  const n = dims.symbol('N', { min: 1, max: 16 })
  const first = choose(2) === 0 ? n : 4
  const values: Value[] = [g.input('x', [first, 6]), g.input('y', [first, 6]), g.weight('w', [6, 5])]
  for (let i = 0; i < length; i++) {
    const value = step(g, values, choose)
    if (value !== undefined && rank(value) <= 4) values.push(value)
  }
  const outputs: Record<string, Value> = { last: values.at(-1) ?? g.input('z', [1]) }
  if (choose(3) === 0)
    outputs['other'] = values[3 + choose(Math.max(1, values.length - 3))] ?? values[0] ?? outputs['last']!
  return g.graph(outputs)
}

/** Returns a program that computes and joins parts, some of them parts of parts. */
export function randomPieces(choose: Choose, length: number): Graph {
  const g = new GraphBuilder()
  const first = choose(2) === 0 ? dims.symbol('N', { min: 1, max: 16 }) : 4
  const values: Value[] = [g.input('x', [first, 6]), g.input('y', [3, 4, 6])]
  const add = (value: Value | undefined): void => {
    if (value !== undefined && rank(value) <= 4) values.push(value)
  }
  for (let i = 0; i < length; i++) {
    const newest = values[values.length - 1 - choose(Math.min(2, values.length))]
    add(choose(3) === 0 || newest === undefined ? step(g, values, choose) : pieces(g, newest, choose))
  }
  // all of them are needed
  return g.graph(Object.fromEntries(values.map((value, i) => [`o${i}`, value])))
}

/** Returns a new value of f32 made from `values`, or undefined where what was chosen does not apply. */
export function step(g: GraphBuilder, values: readonly Value[], choose: Choose): Value | undefined {
  // mostly the newest values, so that programs are deep
  const back = choose(4) === 0 ? choose(values.length) : choose(Math.min(3, values.length))
  const x = values[values.length - 1 - back]
  if (x === undefined) return undefined
  const shape = x.type.shape
  const axis = rank(x) === 0 ? 0 : choose(rank(x))
  switch (choose(16)) {
    case 0:
      return g.emit((['tanh', 'sin', 'abs', 'neg'] as const)[choose(4)] ?? 'tanh', [x], {})
    case 1: {
      const mate = values.filter(
        (v) => rank(v) === rank(x) && v.type.shape.every((d, i) => dims.isSame(d, shape[i] ?? -1)),
      )
      const y = mate[choose(mate.length)]
      return y === undefined
        ? undefined
        : g.emit((['add', 'mul', 'sub', 'maximum'] as const)[choose(4)] ?? 'add', [x, y], {})
    }
    case 2:
      return g.binary('mul', x, g.constant(0.5, shape))
    case 3: {
      if (rank(x) === 0) return undefined
      const r = g.emit('reduce', [x], { fn: choose(2) === 0 ? 'sum' : 'max', axes: [axis] })
      const scaled = g.binary('mul', r, g.constant(0.25, r.type.shape))
      if (choose(2) === 0) return scaled
      const kept = g.emit('reshape', [scaled], { shape: shape.map((d, i) => (i === axis ? 1 : d)) })
      return g.binary('sub', x, kept)
    }
    case 4:
      return rank(x) === 0 ? undefined : g.softmax(x)
    case 5: {
      const w = g.weight(`w${g.weights.length}`, [1 + choose(40), Number(shape.at(-1))])
      if (rank(x) === 0 || typeof shape.at(-1) !== 'number') {
        g.weights.pop()
        return undefined
      }
      return g.binary('mul', g.linear(x, w), g.constant(0.3, [...shape.slice(0, -1), w.type.shape[0] ?? 1]))
    }
    case 6: {
      if (rank(x) < 2) return undefined
      const l = ['a', 'b', 'c', 'd'].slice(0, rank(x) - 1)
      const y = g.emit('contract', [x, x], { a: [...l, 'k'], b: [...l.slice(0, -1), 'z', 'k'], out: [...l, 'z'] })
      return g.binary('mul', y, g.constant(0.2, y.type.shape))
    }
    case 7:
    case 8:
      return pieces(g, x, choose)
    default:
      return move(g, x, choose)
  }
}

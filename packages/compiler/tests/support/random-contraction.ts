// random-contraction: contractions over operands that lie in memory in any order, behind views, with something after them

import { type Dim, type DType, dims } from '@tsjit/dsl/compiler'
import type { Graph, Value } from '../../src/ir/graph/graph.ts'
import { TOLERANCE } from './compare.ts'
import { GraphBuilder } from './graph-builder.ts'
import type { Choose } from './random-moves.ts'

/** Sizes of labels: whole runs, whole vectors, neither; of one beside another on its side, and of batches. */
const SIZES = [8, 16, 24, 40, 48, 12, 20, 5, 17, 33]
const SMALL = [1, 2, 3]

interface Chosen {
  readonly g: GraphBuilder
  readonly choose: Choose
  readonly sizes: ReadonlyMap<string, Dim>
  readonly dtype: DType
}

/** The error that a contraction of rounded factors may have, in parts of the largest result. */
const ROUNDED = 4e-3

/** Returns how far from the reference the result of a program may be: only f32 is rounded on the way. */
export function toleranceOf({ inputs }: Graph): number {
  return inputs.some(({ path, value }) => path === 'a' && value.type.dtype === 'f32') ? ROUNDED : TOLERANCE
}

/** Returns a program with one contraction. */
export function randomContraction(choose: Choose): Graph {
  const g = new GraphBuilder()
  const labels = { rows: some('im', choose, 1), columns: some('jn', choose, 1), summed: some('kl', choose, 1) }
  const batch = some('b', choose, 0)
  const all = [...labels.rows, ...labels.columns, ...labels.summed, ...batch]
  const unknown = choose(3) === 0 ? all[choose(all.length)] : undefined
  const N = dims.symbol('N', { max: 40, ...(choose(2) === 0 && { multipleOf: 8 }) })
  const sizes = new Map<string, Dim>(
    all.map((label) => {
      const among = 'mnlb'.includes(label) ? SMALL : SIZES
      return [label, label === unknown ? N : (among[choose(among.length)] ?? 1)]
    }),
  )
  const chosen: Chosen = { g, choose, sizes, dtype: (['bf16', 'f16', 'f32'] as const)[choose(3)] ?? 'bf16' }
  const [a, b] = [
    shuffled([...labels.rows, ...labels.summed, ...batch], choose),
    shuffled([...labels.summed, ...labels.columns, ...batch], choose),
  ]
  const out = shuffled([...labels.rows, ...labels.columns, ...batch], choose)
  const [left, right] = [operand(chosen, 'a', a), operand(chosen, 'b', b)]
  return g.graph({ y: epilogue(chosen, g.emit('contract', [left, right], { a, b, out })) })
}

function some(labels: string, choose: Choose, least: number): readonly string[] {
  const count = Math.min(labels.length, least + (choose(4) === 0 ? 1 : 0))
  return [...labels].slice(0, count)
}

function shuffled(labels: readonly string[], choose: Choose): readonly string[] {
  const rest = [...labels]
  return labels.flatMap(() => rest.splice(choose(rest.length), 1))
}

/** A value with these axes, read through some view, in f32. */
function operand(chosen: Chosen, name: string, labels: readonly string[]): Value {
  const { g, choose, sizes, dtype } = chosen
  const shape = labels.map((label) => sizes.get(label) ?? 1)
  const view = views[choose(views.length)] ?? plain
  const value = view(chosen, name, shape)
  return dtype === 'f32' ? value : g.emit('cast', [value], { dtype: 'f32' })
}

type View = (chosen: Chosen, name: string, shape: readonly Dim[]) => Value

const plain: View = ({ g, dtype }, name, shape) => g.input(name, shape, dtype)

const views: readonly View[] = [
  plain,
  plain,
  plain,
  // the axes in another order
  ({ g, choose, dtype }, name, shape) => {
    const order = shuffled(
      shape.map((_, axis) => String(axis)),
      choose,
    ).map(Number)
    const x = g.input(
      name,
      order.map((axis) => shape[axis] ?? 1),
      dtype,
    )
    return g.emit('permute', [x], { axes: shape.map((_, axis) => order.indexOf(axis)) })
  },
  // a part, which begins at a whole run or anywhere
  ({ g, choose, dtype }, name, shape) => {
    const starts = shape.map(() => [0, 8, 3][choose(3)] ?? 0)
    const x = g.input(
      name,
      shape.map((size, axis) => dims.add(size, starts[axis] === 3 ? 5 : (starts[axis] ?? 0))),
      dtype,
    )
    return g.emit('slice', [x], { starts, steps: shape.map(() => 1), sizes: shape })
  },
  // with zeros around it
  ({ g, dtype }, name, shape) => {
    const last = shape.length - 1
    const x = g.input(name, shape, dtype)
    const grown = g.emit('pad', [x], { before: shape.map(() => 1), after: shape.map(() => 0), value: 0 })
    const starts = shape.map((_, axis) => (axis === last ? 0 : 1))
    return g.emit('slice', [grown], { starts, steps: shape.map(() => 1), sizes: shape })
  },
  // computed, to what halves hold
  ({ g, dtype }, name, shape) => g.emit('neg', [g.input(name, shape, dtype)], {}),
]

function epilogue({ g, choose }: Chosen, value: Value): Value {
  const { shape } = value.type
  switch (choose(5)) {
    case 0:
      return g.relu(value)
    case 1: // of the last axis
      return g.binary('add', value, g.input('bias', shape.slice(-1)))
    case 2: // turned
      return g.emit('permute', [g.relu(value)], { axes: shape.map((_, axis) => shape.length - 1 - axis) })
    case 3: // and another value of the same shape
      return g.binary('mul', value, g.input('other', shape))
    default:
      return value
  }
}

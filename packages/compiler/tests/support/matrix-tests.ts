// matrix-tests: contractions for matrix units, for everything that runs kernels

import { type DType, dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { type Machine, type MatrixTileShape, cuda, cudaTf32, onHopper } from '../../src/4-schedule/machine.ts'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph, Value } from '../../src/ir/graph/graph.ts'
import { GraphBuilder } from './graph-builder.ts'
import { randomContraction, toleranceOf } from './random-contraction.ts'
import type { Choose } from './random-moves.ts'
import { checkPrograms } from './random-programs.ts'

/** Runs a graph at sizes of its dimensions and compares with the reference. */
type Check = (
  graph: Graph,
  sizes: readonly number[],
  options: { readonly machine: Machine; readonly tolerance?: number },
) => void

/** A contraction of operands of a type. */
type Make = (g: GraphBuilder, dtype: DType) => Value

const B = dims.symbol('B', { max: 300 })

/** The product of two operands in f32, whatever they are kept as. */
function product(g: GraphBuilder, a: Value, b: Value, labels: Readonly<Record<'a' | 'b' | 'out', string>>): Value {
  const [left, right] = [a, b].map((x) => (x.type.dtype === 'f32' ? x : g.emit('cast', [x], { dtype: 'f32' })))
  const each = { a: [...labels.a], b: [...labels.b], out: [...labels.out] }
  return g.emit('contract', [left ?? a, right ?? b], each)
}

/** Contractions of whole tiles, with edges, and of operands that cannot be copied as they are. */
export const matrixCases: Readonly<Record<string, Make>> = {
  'whole tiles': (g, t) =>
    product(g, g.input('a', [64, 96], t), g.input('b', [96, 64], t), { a: 'ik', b: 'kj', out: 'ij' }),
  'edges of whole runs': (g, t) =>
    product(g, g.input('a', [70, 40], t), g.input('b', [40, 72], t), { a: 'ik', b: 'kj', out: 'ij' }),
  'runs that begin anywhere': (g, t) =>
    product(g, g.input('a', [67, 37], t), g.input('b', [37, 71], t), { a: 'ik', b: 'kj', out: 'ij' }),
  'weights, as rows': (g, t) =>
    product(g, g.input('a', [40, 48], t), g.input('b', [56, 48], t), { a: 'ik', b: 'jk', out: 'ij' }),
  'both by columns': (g, t) =>
    product(g, g.input('a', [48, 40], t), g.input('b', [48, 56], t), { a: 'ki', b: 'kj', out: 'ij' }),
  'the left one by columns': (g, t) =>
    product(g, g.input('a', [35, 72], t), g.input('b', [40, 35], t), { a: 'ki', b: 'jk', out: 'ij' }),
  'a result by columns': (g, t) =>
    product(g, g.input('a', [40, 64], t), g.input('b', [64, 48], t), { a: 'ik', b: 'kj', out: 'ji' }),
  'in batches': (g, t) =>
    product(g, g.input('a', [3, 40, 32], t), g.input('b', [3, 32, 40], t), { a: 'nik', b: 'nkj', out: 'nij' }),
  'heads side by side': (g, t) => {
    const heads = (name: string): Value =>
      g.emit('permute', [g.emit('reshape', [g.input(name, [40, 96], t)], { shape: [40, 3, 32] })], { axes: [1, 0, 2] })
    return product(g, heads('a'), heads('b'), { a: 'hik', b: 'hjk', out: 'hij' })
  },
  'few rows': (g, t) =>
    product(g, g.input('a', [7, 64], t), g.input('b', [64, 200], t), { a: 'ik', b: 'kj', out: 'ij' }),
  'few columns': (g, t) =>
    product(g, g.input('a', [150, 64], t), g.input('b', [9, 64], t), { a: 'ik', b: 'jk', out: 'ij' }),
  'short sums': (g, t) =>
    product(g, g.input('a', [80, 16], t), g.input('b', [16, 64], t), { a: 'ik', b: 'kj', out: 'ij' }),
  'sizes known at the call': (g, t) =>
    product(g, g.input('a', [B, 48], t), g.input('b', [48, 64], t), { a: 'ik', b: 'kj', out: 'ij' }),
  'sums of a length known at the call': (g, t) =>
    product(g, g.input('a', [B, 48], t), g.input('b', [B, 64], t), { a: 'ki', b: 'kj', out: 'ij' }),
  'an operand that is computed': (g, t) => {
    const a = g.emit('tanh', [g.input('a', [48, 64], t)], {})
    return product(g, a, g.input('b', [64, 48], t), { a: 'ik', b: 'kj', out: 'ij' })
  },
  'an epilogue, of four neighbours': (g, t) => {
    const y = product(g, g.input('a', [40, 64], t), g.input('b', [64, 48], t), { a: 'ik', b: 'kj', out: 'ij' })
    const biased = g.binary('add', y, g.input('bias', [48]))
    return g.emit('tanh', [g.binary('mul', biased, g.input('scale', [40, 1]))], {})
  },
  'an epilogue, one by one': (g, t) => {
    const y = product(g, g.input('a', [40, 64], t), g.input('b', [64, 45], t), { a: 'ik', b: 'kj', out: 'ij' })
    return g.relu(g.binary('add', y, g.input('bias', [45])))
  },
  windows: (g, t) => {
    const x = g.emit('cast', [g.input('a', [1, 4, 9, 10], t)], { dtype: 'f32' })
    const w = g.emit('cast', [g.input('b', [20, 4, 3, 3], t)], { dtype: 'f32' })
    return g.conv(x, w, g.input('bias', [20]))
  },
  'a slice, whose rows begin at whole runs': (g, t) => {
    const a = g.emit('slice', [g.input('a', [64, 80], t)], { starts: [3, 16], steps: [1, 1], sizes: [48, 48] })
    return product(g, a, g.input('b', [48, 40], t), { a: 'ik', b: 'kj', out: 'ij' })
  },
}

/** Every shape of tile by itself, where the machine has the units. */
const shapes = new Map((cuda.matrices?.tiles ?? []).map((tile) => [`${tile.rows} by ${tile.columns}`, tile]))

/** Returns a machine with one shape of tiles, so that small products have large ones too. */
function withTile(machine: Machine, tile: MatrixTileShape): Machine {
  const tiles = [{ ...tile, leastTiles: 0, leastFilled: 0 }]
  return { ...machine, ...(machine.matrices && { matrices: { ...machine.matrices, tiles } }) }
}

/** A machine with kernels for 150 rows and more, and for 280, besides those for fewer. */
export const machineForMore: Machine = {
  ...cuda,
  assumed: [150, 280],
  tiles: cuda.tiles.map((tile, i) => ({ ...tile, leastTiles: [6, 9, 0][i] ?? 0 })),
  ...(cuda.matrices && {
    matrices: {
      ...cuda.matrices,
      tiles: [128, 64, 32].flatMap((side, i) =>
        [...shapes.values()]
          .filter(({ rows, columns }) => rows === side && columns === side)
          .map((tile) => ({ ...tile, leastTiles: [6, 9, 0][i] ?? 0, leastFilled: 0 })),
      ),
    },
  }),
}

/** A product of as many rows as there are. */
export function productOfRows(dtype: DType): Graph {
  const g = new GraphBuilder()
  const [x, w] = [g.input('x', [B, 16], dtype), g.input('w', [16, 192], dtype)]
  const y = product(g, x, w, { a: 'ik', b: 'kj', out: 'ij' })
  return g.graph({ y: g.relu(g.binary('add', y, g.input('bias', [192]))) })
}

/** What can be run. */
export interface Abilities {
  /** Products of four warps: on devices of compute capability 9.0. */
  readonly hasFourWarps: boolean
}

/** Declares a test of random contractions. */
export function describeRandom(check: Check, runs: number, { hasFourWarps }: Abilities): void {
  // with products of f32 as well
  const machines = [cudaTf32, ...(hasFourWarps ? [onHopper(cudaTf32)] : [])].flatMap((machine) =>
    (cudaTf32.matrices?.tiles ?? []).map((tile) => withTile(machine, tile)),
  )
  test('random contractions', { timeout: 3_000_000 }, async () => {
    // chosen with the program, so that one that fails does so again
    let machine: Machine = cudaTf32
    const make = (choose: Choose): Graph => {
      machine = machines[choose(machines.length)] ?? cudaTf32
      return randomContraction(choose)
    }
    await checkPrograms(runs, make, (graph) => check(graph, [24, 8], { machine, tolerance: toleranceOf(graph) }))
  })
}

/** Declares the tests; `isQuick` leaves out tiles for which an interpreter takes long. */
export function describeMatrices(
  check: Check,
  { isQuick, hasFourWarps }: Abilities & { readonly isQuick: boolean },
): void {
  const graphOf = (make: Make, dtype: DType): Graph => {
    const g = new GraphBuilder()
    return g.graph({ y: make(g, dtype) })
  }
  describe.each(['bf16', 'f32'] as const)('more work than usual, in %s', (dtype) => {
    const graph = productOfRows(dtype)
    const { launches, kernels } = schedule(graph, { buffers: 64, machine: machineForMore })
    const [launch] = launches

    test('has kernels of larger tiles', () => {
      expect(launch?.larger).toMatchObject([
        { size: expect.anything(), least: 150 * 192 },
        { size: expect.anything(), least: 280 * 192 },
      ])
      const all = [launch, ...(launch?.larger ?? [])].map((each) => kernels[each?.kernel ?? -1]?.lanes[0])
      expect(new Set([launch, ...(launch?.larger ?? [])].map((each) => each?.kernel)).size).toBe(3)
      expect(all.every((lanes) => lanes !== undefined)).toBe(true)
    })

    test.each(isQuick ? [149, 280] : [1, 149, 150, 279, 280, 300])('%i rows', (rows) =>
      check(graph, [rows], { machine: machineForMore, tolerance: 2 ** -8 }),
    )
  })

  describe.each(['bf16', 'f16', 'f32'] as const)('matrices of %s', (dtype) => {
    // tf32 keeps ten bits of each factor
    const options = dtype === 'f32' ? { machine: cudaTf32, tolerance: 2e-3 } : { machine: cuda }
    test.each(Object.entries(matrixCases))('%s', (_, make) => check(graphOf(make, dtype), [83], options))
  })

  const halves = isQuick ? (['bf16'] as const) : (['bf16', 'f16'] as const)
  describe.runIf(hasFourWarps).each(halves)('matrices of %s, by four warps', (dtype) => {
    const tile = shapes.get('64 by 64')
    const machine = tile && withTile(onHopper(cuda), tile)
    test.each(Object.entries(matrixCases))('%s', (_, make) => {
      expect(machine).toBeDefined()
      if (machine) check(graphOf(make, dtype), [83], { machine })
    })
  })

  test('a result of bf16 is rounded once', () => {
    const g = new GraphBuilder()
    const labels = { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] }
    const y = g.emit('contract', [g.input('a', [40, 64], 'bf16'), g.input('b', [64, 48], 'bf16')], labels)
    check(g.graph({ y }), [1], { machine: cuda, tolerance: 2 ** -8 })
  })

  const byFour = [...shapes].filter(([, { rows, columns }]) => hasFourWarps && Math.min(rows, columns) >= 64)
  describe.each([
    ...[...shapes].map(([name, tile]) => [name, tile, cuda] as const),
    ...byFour.map(([name, tile]) => [`${name}, by four warps`, tile, onHopper(cuda)] as const),
  ])('tiles of %s', (_, tile, base) => {
    const machine = withTile(base, tile)
    const sides = ['kj', 'jk'].flatMap((b) => ['ik', 'ki'].map((a) => [a, b] as const))
    const isLarge = tile.rows * tile.columns > 4096
    test.each(isQuick && isLarge ? sides.slice(0, 1) : sides)('%s by %s', (a, b) => {
      const g = new GraphBuilder()
      const sizes = new Map([
        ['i', tile.rows + 8],
        ['j', tile.columns + 16],
        ['k', 72],
      ])
      const input = (name: string, labels: string): Value =>
        g.input(
          name,
          [...labels].map((l) => sizes.get(l) ?? 1),
          'bf16',
        )
      check(g.graph({ y: product(g, input('a', a), input('b', b), { a, b, out: 'ij' }) }), [1], { machine })
    })
  })
}

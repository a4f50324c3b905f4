// Graphs through schedule and PTX on a CUDA driver, against the plain reference and eager. TSJIT_FULL=1 runs many.

import { describe, expect, test, vi } from 'vitest'
import { cuda } from '../src/4-schedule/machine.ts'
import { schedule } from '../src/4-schedule/schedule.ts'
import { printPtx } from '../src/5-codegen/ptx/print-ptx.ts'
import type { Graph, Value } from '../src/ir/graph/graph.ts'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { describeFlow } from './support/flow-tests.ts'
import { describeColumns } from './support/column-tests.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { randomProgram } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'
import { driverPath } from './support/run-ptx.ts'
import { works } from './support/works.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Contractions with edges, of each shape that tiles may have. */
const contractions: Readonly<Record<string, (side: number) => Graph>> = {
  'as tall as wide': (side) => linear(side + 22, 37, side + 12),
  tall: (side) => linear(2 * side + 34, 18, side / 4 + 3),
  wide: (side) => linear(side / 4 + 3, 18, 2 * side + 44),
  'in batches': () => {
    const g = new GraphBuilder()
    const [a, b] = [g.input('a', [3, 140, 20]), g.input('b', [3, 20, 150])]
    const labels = { a: ['n', 'i', 'k'], b: ['n', 'k', 'j'], out: ['n', 'j', 'i'] }
    return g.graph({ y: g.emit('tanh', [g.emit('contract', [a, b], labels)], {}) })
  },
  'of windows': () => {
    const g = new GraphBuilder()
    const x = g.input('x', [2, 2, 15, 17])
    return g.graph({ y: g.relu(g.conv(x, g.weight('w', [40, 2, 3, 3]), g.weight('b', [40]))) })
  },
}

/** Maps of which lanes compute four elements each, and some of which they cannot. */
const maps: Readonly<Record<string, (g: GraphBuilder, x: Value) => Value>> = {
  'with a row, a column and a number': (g, x) => {
    const row = g.emit('expand', [g.emit('reshape', [g.input('r', [256])], { shape: [1, 256] })], { shape: [300, 256] })
    const column = g.emit('expand', [g.emit('reshape', [g.input('c', [300])], { shape: [300, 1] })], {
      shape: [300, 256],
    })
    const scaled = g.binary('mul', g.binary('add', x, row), g.emit('tanh', [column], {}))
    return g.binary('sub', scaled, g.constant(0.25, [300, 256]))
  },
  'of whole vectors further on': (g) =>
    g.emit(
      'tanh',
      [g.emit('slice', [g.input('z', [301, 264])], { starts: [1, 8], steps: [1, 1], sizes: [300, 256] })],
      {},
    ),
  'that begin within vectors': (g) =>
    g.emit(
      'tanh',
      [g.emit('slice', [g.input('z', [300, 259])], { starts: [0, 3], steps: [1, 1], sizes: [300, 256] })],
      {},
    ),
  'across the rows': (g) => g.emit('tanh', [g.emit('permute', [g.input('z', [256, 300])], { axes: [1, 0] })], {}),
  'and of truths': (g, x) => {
    const isUp = g.emit('gt', [x, g.constant(0, [300, 256])], {})
    return g.emit('cast', [g.emit('not', [isUp], {})], { dtype: 'i32' })
  },
}

/** Rows that lanes walk four elements at a time, and some that they cannot. */
const rows: Readonly<Record<string, (g: GraphBuilder) => Value>> = {
  'softmax of whole vectors': (g) => g.softmax(g.input('x', [5, 1024])),
  'softmax of all but whole vectors': (g) => g.softmax(g.input('x', [5, 1022])),
  'softmax of whole vectors, some lanes without': (g) => g.softmax(g.input('x', [3, 768])),
  'layer norm': (g) => g.layerNorm(g.input('x', [4, 2048]), g.weight('g', [2048]), g.weight('b', [2048])),
  'the largest of a whole tensor': (g) => g.emit('reduce', [g.input('x', [30, 64])], { fn: 'max', axes: [0, 1] }),
  'a product of rows': (g) => {
    const labels = { a: ['i', 'k'], b: ['j', 'k'], out: ['i', 'j'] }
    return g.emit('contract', [g.input('x', [3, 1200]), g.weight('w', [50, 1200])], labels)
  },
  'rows that begin within vectors': (g) => {
    const x = g.emit('slice', [g.input('x', [4, 1030])], { starts: [0, 5], steps: [1, 1], sizes: [4, 1024] })
    return g.softmax(x)
  },
}

function linear(rows: number, depth: number, columns: number): Graph {
  const g = new GraphBuilder()
  const x = g.input('x', [rows, depth])
  const y = g.linear(x, g.weight('w', [columns, depth]), g.weight('b', [columns]))
  return g.graph({ y: g.relu(y) })
}

if (driverPath !== undefined) {
  test.each(Object.entries(maps))('a map %s', (_, make) => {
    const g = new GraphBuilder()
    checkOnPtx(g.graph({ y: make(g, g.input('x', [300, 256])) }), [1])
  })

  test.each(Object.entries(rows))('%s', (_, make) => {
    const g = new GraphBuilder()
    checkOnPtx(g.graph({ y: make(g) }), [1])
  })

  test('rows of whole vectors are read by them', () => {
    const loadsOf = (size: number): readonly number[] => {
      const g = new GraphBuilder()
      const { kernels } = schedule(g.graph({ y: g.softmax(g.input('x', [5, size])) }), { buffers: 64, machine: 'cuda' })
      const ptx = kernels.map((kernel) => printPtx(kernel, 'readable').text('k')).join('')
      return [/ld\.global\S*\.v4/g, /ld\.global\.nc\.f32/g].map((load) => ptx.match(load)?.length ?? 0)
    }
    expect(loadsOf(1024)).toEqual([expect.any(Number), 0])
    expect(loadsOf(1022)).toEqual([0, expect.any(Number)])
  })

  describe.each(cuda.tiles.map((tile) => [tile.lanes, tile] as const))('tiles of %i lanes', (_, tile) => {
    const machine = { ...cuda, tiles: [{ ...tile, leastTiles: 0 }] }
    const side = 4 * Math.sqrt(tile.lanes * tile.rowBlocks * tile.columnBlocks)
    test.each(Object.entries(contractions))('%s', (__, make) => checkOnPtx(make(side), [1], { machine }))
  })

  describe.each([
    ['many', 0],
    ['few', Infinity],
  ])('%s results of each lane', (_, leastGroups) => {
    const machine = { ...cuda, columns: cuda.columns && { ...cuda.columns, leastGroups, staged: 2048 } }
    describeColumns((graph, sizes, extra = {}) => {
      checkOnPtx(graph, typeof sizes === 'number' ? [sizes] : sizes, { extra, machine })
      return Promise.resolve()
    })
  })

  test('lanes have rows of their own where these lie side by side', () => {
    const arraysOf = (out: readonly string[]): number => {
      const g = new GraphBuilder()
      const x = g.input('x', [27, 4096])
      const y = g.emit('contract', [g.weight('w', [16, 27]), x], { a: ['o', 'k'], b: ['k', 'i'], out })
      const { kernels } = schedule(g.graph({ y }), { buffers: 64, machine: 'cuda' })
      return kernels.flatMap(({ arrays }) => arrays).length
    }
    expect([arraysOf(['o', 'i']), arraysOf(['i', 'o'])]).toEqual([1, 3])
  })

  test('large contractions have large tiles', () => {
    const lanesOf = (graph: Graph): readonly number[] => {
      return schedule(graph, { buffers: 64, machine: 'cuda' }).kernels.map(({ lanes: [lanes] }) => lanes)
    }
    expect(lanesOf(linear(4096, 512, 512))).toEqual([256])
    expect(lanesOf(linear(512, 512, 512))).toEqual([128])
    expect(lanesOf(linear(64, 512, 512))).toEqual([64])
  })

  describe('kernels in PTX', () =>
    describeKernels((graph, sizes, extra = {}) => {
      checkOnPtx(graph, typeof sizes === 'number' ? [sizes] : sizes, { extra })
      return Promise.resolve()
    }))

  describe.each(works)('control flow in PTX, %s', (_, work) => {
    describeFlow((graph) => checkOnPtx(graph, [1], { work }))

    test('random programs', { timeout: 3_000_000 }, () =>
      checkPrograms(runsOf(4, 500), randomProgram, (graph) => checkOnPtx(graph, [3, 1], { work })),
    )
  })
}

// matrix-faults: ways to break a kernel for matrix units, and who notices

import { dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../src/base/invariant.ts'
import { type Machine, cuda, onHopper } from '../../src/4-schedule/machine.ts'
import type { Expr, Kernel, Stmt } from '../../src/ir/kernel/kernel.ts'
import type { GroupMatrix } from '../../src/ir/kernel/matrix-unit.ts'
import { mapBlocks } from '../../src/ir/kernel/visit.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** A planted fault. */
export interface Fault {
  readonly change: (kernel: Kernel) => Kernel
  /** What verifying says, where it can tell. */
  readonly refused?: RegExp
  /** What the interpreter says. */
  readonly caught?: RegExp
}

/** A product whose kernel copies both operands, over several slices. */
export function faultyGraph(): Graph {
  const g = new GraphBuilder()
  const labels = { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] }
  const y = g.emit('contract', [g.input('a', [64, 288], 'bf16'), g.input('b', [288, 64], 'bf16')], labels)
  return g.graph({ y })
}

/** Rewrites all statements; `at` counts those of a kind. */
function rewrite(kernel: Kernel, change: (stmt: Stmt, at: number) => readonly Stmt[]): Kernel {
  const counts = new Map<string, number>()
  const walk = (body: readonly Stmt[]): readonly Stmt[] =>
    body.flatMap((stmt) => {
      const at = counts.get(stmt.kind) ?? 0
      counts.set(stmt.kind, at + 1)
      return change(mapBlocks(stmt, walk), at)
    })
  return { ...kernel, body: walk(kernel.body) }
}

const without =
  (kind: Stmt['kind'], which: number) =>
  (kernel: Kernel): Kernel =>
    rewrite(kernel, (stmt, at) => (stmt.kind === kind && at === which ? [] : [stmt]))

const lane = dims.symbol('l0', { min: 0, below: 64 })

/** Only the first five lanes run a statement. */
function ofSomeLanes(kind: Stmt['kind']): (kernel: Kernel) => Kernel {
  const condition: Expr = {
    kind: 'apply',
    type: 'bool',
    width: 1,
    op: 'lt',
    args: [
      { kind: 'index', type: 'i32', width: 1, value: lane },
      { kind: 'const', type: 'i32', width: 1, value: 5 },
    ],
  }
  return (kernel) =>
    rewrite(kernel, (stmt) => [stmt.kind === kind ? { kind: 'if', condition, then: [stmt], otherwise: [] } : stmt])
}

/** Rewrites the operands of products. */
function withMatrices(change: (matrix: GroupMatrix) => GroupMatrix): (kernel: Kernel) => Kernel {
  return (kernel) =>
    rewrite(kernel, (stmt) => {
      if (stmt.kind !== 'startProducts') return [stmt]
      const products = stmt.products.map(({ name, left, right }) => ({
        name,
        left: change(left),
        right: change(right),
      }))
      return [{ ...stmt, products }]
    })
}

/** A machine whose kernel for that is one of four warps. */
export const fourWarps: Machine = {
  ...onHopper(cuda),
  matrices: {
    ...(onHopper(cuda).matrices ?? internalError('units')),
    tiles: (cuda.matrices?.tiles ?? [])
      .filter(({ rows, columns }) => rows === 64 && columns === 64)
      .map((tile) => ({ ...tile, leastTiles: 0, leastFilled: 0 })),
  },
}

/** Faults of all kernels that copy slices. */
const faultsOfCopies: Readonly<Record<string, Fault>> = {
  'nobody waits for copies': { change: without('awaitCopies', 0), refused: /is read before its copies are waited for/ },
  'lanes do not wait for one another': {
    change: without('barrier', 0),
    refused: /is read before all lanes see its copies/,
  },
}

/** Faults of kernels whose products are of four warps. */
export const faultsOfFour: Readonly<Record<string, Fault>> = {
  ...faultsOfCopies,
  'nobody waits for products': {
    change: without('awaitProducts', 0),
    caught: /changes while|a race|is read before it is written/,
  },
  'one product too many may be on its way': {
    change: (kernel) =>
      rewrite(kernel, (stmt, at) => [
        stmt.kind === 'awaitProducts' && at === 0 ? { ...stmt, pending: stmt.pending + 1 } : stmt,
      ]),
    caught: /changes while|a race|is read before it is written/,
  },
  'sums are stored before the last product has come': {
    change: without('awaitProducts', 1),
    caught: /is stored before its products have come/,
  },
  'only some lanes start products': {
    change: ofSomeLanes('startProducts'),
    refused: /a fragment is used where not all lanes arrive/,
  },
  'a matrix for each lane': {
    change: withMatrices((matrix) => ({ ...matrix, index: dims.mul(lane, 8) })),
    refused: /is at another place for each lane/,
  },
  'a matrix beyond its array': {
    change: withMatrices((matrix) => ({ ...matrix, index: 8192 })),
    refused: /is outside its 8192 elements/,
  },
  'rows that lie otherwise': {
    change: withMatrices((matrix) => ({ ...matrix, stride: 2 * matrix.stride })),
    refused: /does not lie as c\d takes it/,
  },
  'a matrix that begins within eight rows': {
    change: withMatrices((matrix) => ({ ...matrix, index: 4 * matrix.stride })),
    refused: /is multiplied from within eight rows/,
  },
}

/** The faults. */
export const faults: Readonly<Record<string, Fault>> = {
  ...faultsOfCopies,
  'one batch too many may be on its way': {
    change: (kernel) =>
      rewrite(kernel, (stmt) => [stmt.kind === 'awaitCopies' ? { ...stmt, pending: stmt.pending + 1 } : stmt]),
    caught: /is read before it is written/,
  },
  'copies are no batches': {
    change: (kernel) => rewrite(kernel, (stmt) => (stmt.kind === 'commitCopies' ? [] : [stmt])),
    caught: /is read before it is written/,
  },
  'a slice is copied to where one is read': {
    change: (kernel) =>
      rewrite(kernel, (stmt, at) => [
        stmt.kind === 'copy' && at >= 12 ? { ...stmt, at: dims.mod(dims.add(stmt.at, 1024), 4096) } : stmt,
      ]),
    caught: /a race|is read before it is written/,
  },
  'sums take the place of slices that are read': {
    change: without('barrier', 1),
    caught: /a race|is read before it is written/,
  },
  'sums are read before they are there': {
    change: without('barrier', 2),
    caught: /a race|is read before it is written/,
  },
  'a copy begins within 16 bytes': {
    change: (kernel) =>
      rewrite(kernel, (stmt) => [stmt.kind === 'copy' ? { ...stmt, index: dims.add(dims.mul(lane, 8), 4) } : stmt]),
    refused: /a copy of p\d does not begin at 16 bytes/,
  },
  'a fragment for each lane': {
    change: (kernel) =>
      rewrite(kernel, (stmt) => [stmt.kind === 'loadFragment' ? { ...stmt, index: dims.mul(lane, 8) } : stmt]),
    refused: /is at another place for each lane/,
  },
  'a fragment beyond its array': {
    change: (kernel) => rewrite(kernel, (stmt) => [stmt.kind === 'loadFragment' ? { ...stmt, index: 4096 } : stmt]),
    refused: /is outside its 4096 elements/,
  },
  'operands the wrong way round': {
    change: (kernel) =>
      rewrite(kernel, (stmt) => [
        stmt.kind === 'multiplyFragments' ? { ...stmt, left: stmt.right, right: stmt.left } : stmt,
      ]),
    refused: /is no operand 0 of/,
  },
  'halves of another kind': {
    change: (kernel) => ({
      ...kernel,
      arrays: kernel.arrays.map((array) => (array.stored === undefined ? array : { ...array, stored: 'f16' })),
    }),
    refused: /does not keep elements as p\d does/,
  },
  'only some lanes have a fragment': {
    change: ofSomeLanes('multiplyFragments'),
    refused: /a fragment is used where not all lanes arrive/,
  },
}

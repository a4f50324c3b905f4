// Which contractions go to matrix units, by which tiles, and how their operands get there.
import { type DType, dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../tests/support/graph-builder.ts'
import type { Value } from '../../ir/graph/graph.ts'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import { forEachStmt } from '../../ir/kernel/visit.ts'
import { type MachineName, cuda } from '../machine.ts'
import { schedule } from '../schedule.ts'
import { chooseMatrixTile } from './choose-unit.ts'

interface Formed {
  /** Lanes of a group, or nothing where it does not multiply fragments. */
  readonly lanes: number | undefined
  /** The operands that are copied. */
  readonly copied: readonly number[]
  /** How operands are kept. */
  readonly stored: readonly (string | undefined)[]
  /** That hold sums together. */
  readonly warps: number | undefined
}

function formed(kernel: Kernel | undefined): Formed {
  const copies = new Set<string>()
  const arrays = new Map<string, number>()
  let warps: number | undefined
  forEachStmt(kernel?.body ?? [], (stmt) => {
    if (stmt.kind === 'copy') copies.add(stmt.array)
    if (stmt.kind === 'loadFragment') arrays.set(stmt.array, stmt.side)
    if (stmt.kind === 'fragment') warps = stmt.unit.warps
    if (stmt.kind === 'startProducts')
      for (const { left, right } of stmt.products) arrays.set(left.array, 0).set(right.array, 1)
  })
  const kept = (kernel?.arrays ?? []).filter(({ name }) => arrays.has(name)).map(({ stored }) => stored)
  const copied = [...arrays].flatMap(([name, side]) => (copies.has(name) ? [side] : []))
  return { lanes: arrays.size === 0 ? undefined : kernel?.lanes[0], copied: copied.sort(), stored: kept, warps }
}

function product(
  [left, right]: readonly [DType, DType],
  { rows = 256, depth = 256, columns = 256 }: Partial<Record<'rows' | 'depth' | 'columns', dims.Dim>> = {},
  machine: MachineName = 'cuda',
): Formed {
  const g = new GraphBuilder()
  const inF32 = (x: Value): Value =>
    left === right || x.type.dtype === 'f32' ? x : g.emit('cast', [x], { dtype: 'f32' })
  const [a, b] = [inF32(g.input('a', [rows, depth], left)), inF32(g.input('b', [depth, columns], right))]
  const y = g.emit('contract', [a, b], { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] })
  return formed(schedule(g.graph({ y }), { buffers: 64, machine }).kernels[0])
}

describe('operands', () => {
  const none = { lanes: undefined, copied: [], stored: [], warps: undefined }

  test('halves of one kind are multiplied as they are', () => {
    expect(product(['bf16', 'bf16'])).toMatchObject({ copied: [0, 1], stored: ['bf16', 'bf16'] })
    expect(product(['f16', 'f16'])).toMatchObject({ copied: [0, 1], stored: ['f16', 'f16'] })
  })

  test('f32 stays f32, alone and beside halves, unless it may be rounded', () => {
    expect(product(['f32', 'f32'])).toEqual(none)
    expect(product(['f32', 'bf16'])).toEqual(none)
    expect(product(['f16', 'bf16'])).toEqual(none)
    const all = { copied: [0, 1], stored: [undefined, undefined] }
    expect(product(['f32', 'f32'], {}, 'cudaTf32')).toMatchObject(all)
    // halves are widened on the way
    expect(product(['f32', 'bf16'], {}, 'cudaTf32')).toMatchObject({ copied: [0], stored: [undefined, undefined] })
    expect(product(['bf16', 'bf16'], {}, 'cudaTf32')).toMatchObject({ stored: ['bf16', 'bf16'] })
  })

  test('on Hopper four warps multiply halves together, as the same lanes do elsewhere; words are rounded by one', () => {
    const large = { rows: 1024, columns: 1024 }
    const [own, other] = [product(['f16', 'f16'], large, 'hopper'), product(['f16', 'f16'], large)]
    expect([own, other]).toMatchObject([{ warps: 4 }, { warps: 1 }])
    expect({ ...own, warps: 1 }).toEqual(other)
    expect(product(['f32', 'f32'], large, 'hopperTf32')).toMatchObject({ warps: 1, stored: [undefined, undefined] })
    expect(product(['bf16', 'bf16'], large, 'hopperTf32')).toMatchObject({ warps: 4, stored: ['bf16', 'bf16'] })
    expect(product(['bf16', 'bf16'], { rows: 40, columns: 40 }, 'hopper')).toMatchObject({ warps: 1 })
  })

  test('other machines have no such units', () => {
    expect(product(['bf16', 'bf16'], {}, 'lanes')).toEqual(none)
    expect(product(['bf16', 'bf16'], {}, 'loops')).toEqual(none)
  })

  test('whole numbers are no floats', () => {
    expect(product(['i8', 'i8'], {}, 'cudaTf32')).toEqual(none)
  })

  test('rows that begin within 16 bytes are staged by the lanes', () => {
    expect(product(['bf16', 'bf16'], { depth: 252 })).toMatchObject({ copied: [1] })
    expect(product(['bf16', 'bf16'], { columns: 252 })).toMatchObject({ copied: [0] })
    // four words are 16 bytes
    expect(product(['f32', 'f32'], { depth: 252 }, 'cudaTf32')).toMatchObject({ copied: [0, 1] })
  })

  test('a size of the call is copied along where it is known to be a multiple', () => {
    const [N, E] = [dims.symbol('N', { max: 999 }), dims.symbol('E', { max: 992, multipleOf: 8 })]
    expect(product(['bf16', 'bf16'], { rows: N })).toMatchObject({ copied: [0, 1] })
    expect(product(['bf16', 'bf16'], { depth: N })).toMatchObject({ copied: [1] })
    expect(product(['bf16', 'bf16'], { depth: E, columns: E })).toMatchObject({ copied: [0, 1] })
  })
})

test('tiles are as large as the work allows, and none where they would be empty', () => {
  const tileOf = (rows: dims.Dim, columns: dims.Dim, depth: dims.Dim = 256): string | undefined => {
    const unit = { elements: 'bf16', rows: 16, columns: 16, depth: 16, warps: 1 } as const
    const tile = chooseMatrixTile(cuda, unit, { rows, columns, depth, batch: 1 })
    return tile && `${tile.rows} x ${tile.columns} x ${tile.depth}`
  }
  expect(tileOf(4096, 4096)).toBe('128 x 256 x 32')
  expect(tileOf(32_768, 128)).toBe('256 x 128 x 32')
  expect(tileOf(1544, 1544)).toBe('128 x 128 x 32')
  expect(tileOf(64, 16_384)).toBe('64 x 128 x 32')
  expect(tileOf(16_384, 64)).toBe('128 x 64 x 32')
  expect(tileOf(512, 512)).toBe('64 x 64 x 32')
  expect(tileOf(100, 100)).toBe('32 x 32 x 32')
  expect(tileOf(8, 4096)).toBe('16 x 64 x 32')
  expect(tileOf(4096, 8)).toBe('64 x 16 x 32')
  expect(tileOf(4096, 4096, 16)).toBe('128 x 256 x 16')
  expect(tileOf(12, 12)).toBeUndefined()
  expect(tileOf(512, 512, 8)).toBeUndefined()
})

test('slices share their memory with the sums, and all fit', () => {
  for (const [rows, columns] of [
    [4096, 4096],
    [64, 16_384],
    [16_384, 64],
    [512, 512],
  ]) {
    const g = new GraphBuilder()
    const [a, b] = [g.input('a', [rows ?? 1, 64], 'bf16'), g.input('b', [columns ?? 1, 64], 'bf16')]
    const [kernel] = schedule(g.graph({ y: g.linear(a, b) }), { buffers: 64, machine: 'cuda' }).kernels
    const ends = (kernel?.arrays ?? []).map(({ place = 0, length, stored }) => place + length * (stored ? 2 : 4))
    expect(Math.max(...ends)).toBeLessThanOrEqual(rows === columns && rows === 4096 ? 101_376 : 49_152)
    expect(kernel?.arrays.map(({ place }) => place)).toEqual([0, expect.any(Number), 0])
  }
})

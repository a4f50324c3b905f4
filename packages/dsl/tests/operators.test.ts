// Operations that networks of other formats bring: results worked out by hand, and what they refuse.

import { describe, expect, it } from 'vitest'
import { OperationError } from '../src/types/errors.ts'
import { type Value, nested, ops } from './evaluate.ts'

const i32 = (data: readonly number[] | readonly (readonly number[])[]): Value => ops.tensor(data, { dtype: 'i32' })
const flat = (x: Value): readonly number[] => Array.from(x.data)
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof OperationError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'nothing'
}

describe('ordering', () => {
  it('sorts, stable, NaN last', () => {
    const x = ops.tensor([3, Number.NaN, 1, 3, -Infinity])
    expect(nested(ops.argsort(x))).toEqual([4, 2, 0, 3, 1])
    expect(nested(ops.argsort(x, { descending: true }))).toEqual([1, 0, 3, 2, 4])
    expect(
      nested(
        ops.sort(
          i32([
            [3, 1],
            [2, 5],
          ]),
          0,
        ),
      ),
    ).toEqual([
      [2, 1],
      [3, 5],
    ])
  })

  it.each([300, 2100])('sorts %i elements, equal ones in their order', (length) => {
    const numbers = Array.from({ length }, (_, i) => ((i * 7919) % 101) - 50)
    const expected = range(length).toSorted((a, b) => numbers[a]! - numbers[b]! || a - b)
    for (const x of [ops.tensor(numbers), ops.cast(ops.tensor(numbers), 'i8')])
      expect(nested(ops.argsort(x))).toEqual(expected)
    const rows = ops.reshape(ops.tensor([...numbers, ...numbers.map((v) => -v)]), [2, length, 1])
    const [values] = ops.topK(rows, 2, { axis: 1 })
    expect(flat(values!)).toEqual([50, 50, 50, 50])
    const withNaN = ops.sort(ops.tensor([...numbers, Number.NaN]), { descending: true })
    expect(flat(withNaN).slice(0, 3)).toEqual([Number.NaN, 50, 50])
  })

  it('sorts as the dtype has it', () => {
    expect(nested(ops.sort(ops.cast(i32([-1, 5, 0]), 'u32')))).toEqual([0, 5, 4294967295])
    expect(nested(ops.argsort(ops.tensor([0, -0, -1, 0])))).toEqual([2, 0, 1, 3])
    expect(nested(ops.sort(ops.tensor([true, false, true])))).toEqual([false, true, true])
  })

  it('chooses the largest and the smallest', () => {
    const [values, places] = ops.topK(ops.tensor([[1, 4, 4, 2]]), 2)
    expect(nested(values!)).toEqual([[4, 4]])
    expect(nested(places!)).toEqual([[1, 2]])
    expect(nested(ops.topK(i32([5, 3, 9]), 1, { largest: false })[1]!)).toEqual([1])
    expect(refusal(() => ops.topK(i32([1, 2]), 3))).toBe(
      'shape_index_out_of_range: there is no index 3 on an axis of size 2',
    )
  })

  it('bounds results whose size depends on the data', () => {
    const [rows, columns] = ops.nonzero(
      i32([
        [0, 2],
        [3, 0],
      ]),
      { size: 3 },
    )
    expect([nested(rows!), nested(columns!)]).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ])
    const [values, first, inverse, counts] = ops.unique(i32([7, 2, 7, 5]), { size: 4 }).map(nested)
    expect([first, inverse, counts]).toEqual([
      [1, 3, 0, 3],
      [2, 0, 2, 1],
      [1, 1, 2, 0],
    ])
    expect((values as number[]).slice(0, 3)).toEqual([2, 5, 7])
    expect(nested(ops.unique(i32([7, 2, 7, 5]), { size: 3, sorted: false })[0]!)).toEqual([7, 2, 5])
  })

  it('keeps the best boxes that do not overlap', () => {
    const boxes = ops.tensor([
      [
        [0, 0, 1, 1],
        [0, 0.1, 1, 1.1],
        [0, 5, 1, 6],
      ],
    ])
    const scores = ops.tensor([[[0.8, 0.9, 0.3]]])
    const kept = ops.nonMaxSuppression(boxes, scores, { size: 3, perClass: 3, iouThreshold: 0.5 })
    expect(nested(kept)).toEqual([
      [0, 0, 1],
      [0, 0, 2],
      [-1, -1, -1],
    ])
    expect(
      refusal(() =>
        ops.nonMaxSuppression(scores.shape.length === 3 ? i32([1]) : boxes, scores, { size: 1, perClass: 1 }),
      ),
    ).toMatch(/^shape_rank_mismatch: nonMaxSuppression expects boxes/)
  })
})

describe('scatters', () => {
  it('combine equal indices as asked', () => {
    const [x, at, source] = [ops.tensor([1, 1, 1]), i32([0, 2, 0]), ops.tensor([2, 3, 4])]
    expect(nested(ops.scatter(x, at, source))).toEqual([4, 1, 3])
    expect(nested(ops.scatter(x, at, source, { reduce: 'add' }))).toEqual([7, 1, 4])
    expect(nested(ops.scatter(x, at, source, { reduce: 'mul' }))).toEqual([8, 1, 3])
    expect(nested(ops.scatter(x, at, source, { reduce: 'max' }))).toEqual([4, 1, 3])
    expect(nested(ops.scatter(x, at, source, { reduce: 'min' }))).toEqual([1, 1, 1])
  })

  it('leave what a shorter source does not reach', () => {
    const x = i32([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(nested(ops.scatter(x, i32([[1]]), i32([[9]])))).toEqual([
      [1, 2, 3],
      [9, 5, 6],
    ])
  })

  it('write and read slices', () => {
    const x = ops.reshape(ops.arange(8), [2, 2, 2])
    expect(nested(ops.scatterND(x, i32([[1, 0]]), i32([[9, 9]])))).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [9, 9],
        [6, 7],
      ],
    ])
    expect(
      nested(
        ops.gatherND(
          x,
          i32([
            [0, 1],
            [1, 1],
          ]),
        ),
      ),
    ).toEqual([
      [2, 3],
      [6, 7],
    ])
    expect(nested(ops.gatherND(x, i32([[1], [0]]), { batchDims: 1 }))).toEqual([
      [2, 3],
      [4, 5],
    ])
    expect(refusal(() => ops.gatherND(x, i32([[0, 0, 0, 0]])))).toMatch(
      /^shape_rank_mismatch: gatherND expects indices/,
    )
  })
})

describe('sampling', () => {
  it('resizes in the coordinate modes', () => {
    const x = ops.reshape(ops.tensor([1, 2, 3, 4]), [1, 1, 4])
    const to = (size: number, options: object): readonly number[] => flat(ops.resize(x, { size: [size], ...options }))
    expect(to(2, { mode: 'linear' })).toEqual([1.5, 3.5])
    expect(to(2, { mode: 'linear', coordinates: 'align_corners' })).toEqual([1, 4])
    expect(to(8, { mode: 'linear', coordinates: 'asymmetric' })).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4, 4])
    expect(to(2, { rounding: 'floor' })).toEqual([1, 3])
    expect(to(2, { mode: 'linear', antialias: true }).map((v) => v.toFixed(4))).toEqual(['1.6250', '3.3750'])
    expect(refusal(() => ops.resize(x, {}))).toBe("source_missing_argument: resize needs an argument 'size'")
  })

  it('reads at positions', () => {
    const x = ops.reshape(ops.tensor([1, 2, 3, 4]), [1, 1, 2, 2])
    const grid = ops.reshape(ops.tensor([0, 0, -1, -1, 3, 0]), [1, 1, 3, 2])
    expect(flat(ops.gridSample(x, grid, { alignCorners: true }))).toEqual([2.5, 1, 0])
    expect(flat(ops.gridSample(x, grid, { paddingMode: 'border', mode: 'nearest' }))[2]).toBe(2)
    const same = ops.affineGrid(
      ops.tensor([
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ]),
      [1, 1, 2, 2],
      { alignCorners: true },
    )
    expect(flat(ops.gridSample(x, same, { alignCorners: true }))).toEqual([1, 2, 3, 4])
  })

  it('averages regions', () => {
    const x = ops.reshape(ops.tensor(range(16)), [1, 1, 4, 4])
    const regions = ops.tensor([[0, 0, 4, 4]])
    const result = ops.roiAlign(x, regions, i32([0]), { size: [2, 2], samplingRatio: 2 })
    expect(flat(result)).toEqual([2.5, 4.5, 10.5, 12.5])
  })

  it('deforms windows by nothing into a convolution', () => {
    const x = ops.reshape(ops.tensor(range(18)), [1, 2, 3, 3])
    const w = ops.reshape(ops.tensor(range(16)), [2, 2, 2, 2])
    const still = ops.deformConv2d(x, w, ops.zeros([1, 8, 2, 2]))
    expect(flat(still)).toEqual(flat(ops.conv2d(x, w)))
  })
})

describe('quantisation', () => {
  it('rounds halves to even and saturates', () => {
    const x = ops.tensor([0.5, 1.5, -0.5, 300, -300])
    expect(nested(ops.quantizeLinear(x, ops.tensor(1)))).toEqual([0, 2, 0, 255, 0])
    expect(nested(ops.quantizeLinear(x, ops.tensor(1), { dtype: 'i8', bits: 4 }))).toEqual([0, 2, 0, 7, -8])
    expect(ops.quantizeLinear(x, ops.tensor(1), ops.cast(ops.tensor(3), 'i8'))).toMatchObject({ dtype: 'i8' })
  })

  it('takes a scale for each index of an axis, or for blocks', () => {
    const q = i32([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
    expect(nested(ops.dequantizeLinear(q, ops.tensor([1, 10]), { axis: 0 }))).toEqual([
      [1, 2, 3, 4],
      [50, 60, 70, 80],
    ])
    expect(nested(ops.dequantizeLinear(q, ops.tensor([[1, 10]])))).toEqual([
      [1, 2, 30, 40],
      [5, 6, 70, 80],
    ])
  })
})

describe('signals', () => {
  it('transforms and comes back', () => {
    const x = ops.reshape(ops.tensor([1, 2, 0, -1]), [1, 4, 1])
    const spectrum = ops.dft(x)
    expect(flat(spectrum).map((v) => Math.round(v * 1e5) / 1e5 + 0)).toEqual([2, 0, 1, -3, 0, 0, 1, 3])
    const back = ops.dft(spectrum, { inverse: true })
    expect(flat(back).map((v) => Math.round(v * 1e5) / 1e5 + 0)).toEqual([1, 0, 2, 0, 0, 0, -1, 0])
    const half = ops.dft(ops.dft(x, { onesided: true }), { onesided: true, inverse: true })
    expect(flat(half).map((v) => Math.round(v * 1e5) / 1e5 + 0)).toEqual([1, 2, 0, -1])
  })

  it('has windows', () => {
    expect(flat(ops.hannWindow(4))).toEqual([0, 0.5, 1, 0.5])
    expect(flat(ops.hannWindow(3, { periodic: false }))).toEqual([0, 1, 0])
    expect(flat(ops.hammingWindow(2)).map((v) => v.toFixed(2))).toEqual(['0.08', '1.00'])
  })
})

describe('patches, bits, matrices', () => {
  it('folds what it unfolds, overlaps added', () => {
    const x = ops.ones([1, 1, 3, 3])
    expect(flat(ops.fold(ops.unfold(x, 2), [3, 3], 2))).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1])
  })

  it('names the largest of each window', () => {
    const x = ops.reshape(ops.tensor([1, 5, 2, 3, 9, 0]), [1, 1, 2, 3])
    const [values, places] = ops.maxPoolWithIndices(x, [2, 2], { stride: 1 })
    expect([flat(values!), flat(places!)]).toEqual([
      [9, 9],
      [4, 4],
    ])
    expect(flat(ops.lpPool(ops.reshape(ops.tensor([3, 4]), [1, 1, 2]), [2]))).toEqual([5])
  })

  it('reads bits as another dtype of their width', () => {
    expect(nested(ops.bitCast(ops.tensor([1, -0]), 'i32'))).toEqual([0x3f800000, -(2 ** 31)])
    expect(nested(ops.bitCast(i32([0x40000000]), 'f32'))).toEqual([2])
    expect(nested(ops.bitCast(ops.cast(i32([255]), 'u8'), 'i8'))).toEqual([-1])
    expect(refusal(() => ops.bitCast(i32([1]), 'u8'))).toBe('dtype_mismatch: bitCast cannot combine i32 and u8')
  })

  it('takes determinants with pivots', () => {
    expect(
      nested(
        ops.det(
          ops.tensor([
            [0, 2],
            [3, 4],
          ]),
        ),
      ),
    ).toBe(-6)
    expect(
      nested(
        ops.det(
          ops.tensor([
            [
              [1, 2],
              [2, 4],
            ],
            [
              [2, 0],
              [0, 3],
            ],
          ]),
        ),
      ),
    ).toEqual([-0, 6])
    expect(refusal(() => ops.det(ops.zeros([2, 3])))).toMatch(/^shape_rank_mismatch: det expects square matrices/)
  })

  it('divides towards zero', () => {
    expect(nested(ops.truncDiv(i32([7, -7, 7, -7, 5]), i32([2, 2, -2, -2, 0])))).toEqual([3, -3, -3, 3, 0])
  })

  it('shares heads of keys', () => {
    const q = ops.ones([1, 4, 2, 3])
    const [k, v] = [ops.ones([1, 2, 5, 3]), ops.reshape(ops.tensor(range(30)), [1, 2, 5, 3])]
    const result = ops.scaledDotProductAttention(q, k, v, { enableGqa: true, softcap: 2 })
    expect(result.shape).toEqual([1, 4, 2, 3])
    expect(flat(result).slice(0, 3).map(Math.round)).toEqual([6, 7, 8])
    expect(flat(result).slice(-3).map(Math.round)).toEqual([21, 22, 23])
  })
})

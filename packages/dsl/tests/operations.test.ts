import { describe, expect, it } from 'vitest'
import { OPERATION_NAMES, definitions, isMethod } from '../src/operations/operations.ts'
import { OperationError } from '../src/types/errors.ts'
import { type Value, nested, noise, ops } from './evaluate.ts'

const i32 = (data: readonly number[] | readonly (readonly number[])[]): Value => ops.tensor(data, { dtype: 'i32' })
const close = (got: Value, want: readonly number[], digits = 5): void => {
  expect(got.data.length).toBe(want.length)
  for (const [i, value] of want.entries()) expect(got.data[i], `[${i}]`).toBeCloseTo(value, digits)
}
const at = (x: Value, ...index: number[]): number =>
  x.data[index.reduce((flat, i, axis) => flat * (x.shape[axis] ?? 1) + i, 0)] ?? Number.NaN

/** Every index of a shape. */
function* places(shape: readonly number[]): Generator<number[]> {
  const [size, ...rest] = shape
  if (size === undefined) yield []
  else for (let i = 0; i < size; i++) for (const place of places(rest)) yield [i, ...place]
}

describe('the table', () => {
  it('describes every operation once, with distinct parameters', () => {
    expect(OPERATION_NAMES.length).toBeGreaterThan(180)
    for (const name of OPERATION_NAMES) {
      const { params } = definitions[name]
      expect(new Set(params.map((p) => p.name)).size, name).toBe(params.length)
    }
    expect(isMethod(definitions.softmax)).toBe(true)
    expect(isMethod(definitions.concat)).toBe(false)
  })
})

describe('numbers', () => {
  it('promotes', () => {
    expect(ops.add(i32([1, 2]), 1).dtype).toBe('i32')
    expect(nested(ops.add(i32([1, 2]), 0.5))).toEqual([1.5, 2.5])
    expect(nested(ops.div(i32([1, 2]), 2))).toEqual([0.5, 1])
    expect(ops.add(true, true).dtype).toBe('i32')
    expect(ops.sum(ops.tensor([true, true, false]))).toMatchObject({ dtype: 'i32' })
    expect(nested(ops.mean(i32([1, 2])))).toBe(1.5)
    expect(() => ops.add(ops.cast(i32([1]), 'u8'), 300)).toThrow(OperationError)
  })

  it('divides and takes remainders as Python', () => {
    const [x, y] = [i32([7, -7, 7, -7, 5]), i32([2, 2, -2, -2, 0])]
    expect(nested(ops.floorDiv(x, y))).toEqual([3, -4, -4, 3, 0])
    expect(nested(ops.mod(x, y))).toEqual([1, 1, -1, -1, 5])
    expect(nested(ops.fmod(x, i32([2, 2, -2, -2, 3])))).toEqual([1, -1, 1, -1, 2])
    // the least i32 has no magnitude
    expect(nested(ops.fmod(i32([-2147483648]), 3))).toEqual([-2])
    expect(nested(ops.mod(ops.tensor([5.5, -5.5]), ops.tensor([-2, 2])))).toEqual([-0.5, 0.5])
  })

  it('wraps integers, saturates casts', () => {
    expect(nested(ops.mul(i32([2 ** 30]), 4))).toEqual([0])
    expect(nested(ops.add(ops.cast(i32([250]), 'u8'), 10))).toEqual([4])
    expect(nested(ops.cast(ops.tensor([300.7, -3.9, Number.NaN]), 'u8'))).toEqual([255, 0, 0])
    expect(nested(ops.cast(ops.tensor([0, -0.5, Number.NaN]), 'bool'))).toEqual([false, true, true])
    expect(nested(ops.pow(i32([3, -1, 2]), i32([4, -3, -1])))).toEqual([81, -1, 0])
    expect(nested(ops.shiftRight(i32([-8]), 1))).toEqual([-4])
    expect(nested(ops.bitwiseNot(i32([5])))).toEqual([-6])
  })

  it('rounds f16 and bf16 to storage', () => {
    const x = ops.tensor([1 / 3, 65519, 65520, 1e-8])
    expect(nested(ops.cast(x, 'f16'))).toEqual([0.333251953125, 65504, Infinity, 0])
    expect(nested(ops.cast(ops.tensor([1 / 3, 1.00390625]), 'bf16'))).toEqual([0.333984375, 1])
  })

  it('is accurate where naive formulas are not', () => {
    close(ops.hypot(ops.tensor([3, 3e30, 0]), ops.tensor([4, 4e30, 0])), [5, Math.fround(5e30), 0], 3)
    close(ops.asinh(ops.tensor([-2, 0, 1e-5, 3])), [-2, 0, 1e-5, 3].map(Math.asinh), 6)
    close(ops.acosh(ops.tensor([1, 2, 50])), [1, 2, 50].map(Math.acosh), 5)
    close(ops.atanh(ops.tensor([-0.5, 1e-6])), [-0.5, 1e-6].map(Math.atanh), 7)
    expect(nested(ops.logSumExp(ops.tensor([-Infinity, -Infinity])))).toBe(-Infinity)
    expect(nested(ops.logSumExp(ops.tensor([1000, -Infinity])))).toBe(1000)
  })

  it('limits and chooses', () => {
    expect(nested(ops.clip(ops.tensor([-1, 5, Number.NaN]), 0, 1))).toEqual([0, 1, Number.NaN])
    expect(nested(ops.clip(i32([-1, 5]), { max: 2 }))).toEqual([-1, 2])
    expect(nested(ops.where(ops.tensor([true, false]), 1, -Infinity))).toEqual([1, -Infinity])
    expect(nested(ops.isInf(ops.tensor([1, -Infinity, Number.NaN])))).toEqual([false, true, false])
    expect(nested(ops.isNaN(ops.tensor([1, -Infinity, Number.NaN])))).toEqual([false, false, true])
  })
})

describe('reductions', () => {
  const x = ops.tensor([
    [1, 3, 2],
    [6, 5, 4],
  ])

  it('reduces over what it is told', () => {
    expect(nested(ops.sum(x))).toBe(21)
    expect(nested(ops.sum(x, 0))).toEqual([7, 8, 6])
    expect(nested(ops.max(x, { axis: -1, keepDims: true }))).toEqual([[3], [6]])
    expect(nested(ops.prod(x, [0, 1]))).toBe(720)
    expect(nested(ops.any(ops.gt(x, 5), 1))).toEqual([false, true])
    expect(nested(ops.all(ops.gt(x, 0)))).toBe(true)
    expect(nested(ops.norm(ops.tensor([3, 4])))).toBe(5)
    expect(nested(ops.sum(ops.zeros([0, 2]), 0))).toEqual([0, 0])
  })

  it('finds places', () => {
    expect(nested(ops.argmax(x, 1))).toEqual([1, 0])
    expect(nested(ops.argmin(x))).toBe(0)
    expect(nested(ops.argmax(ops.tensor([1, 2, 2])))).toBe(1)
    expect(nested(ops.argmax(ops.tensor([1, Number.NaN, Infinity])))).toBe(1)
    expect(nested(ops.argmax(x, 0, { keepDims: true }))).toEqual([[1, 1, 1]])
  })

  it('accumulates, long axes too', () => {
    expect(nested(ops.cumsum(x, 1))).toEqual([
      [1, 4, 6],
      [6, 11, 15],
    ])
    expect(nested(ops.cumsum(x, 1, { exclusive: true }))).toEqual([
      [0, 1, 4],
      [0, 6, 11],
    ])
    expect(nested(ops.cumsum(x, 1, { reverse: true }))).toEqual([
      [6, 5, 2],
      [15, 9, 4],
    ])
    expect(nested(ops.cumprod(x, 0))).toEqual([
      [1, 3, 2],
      [6, 15, 8],
    ])
    expect(nested(ops.cumsum(ops.tensor([1, Infinity, 2]), 0))).toEqual([1, Infinity, Infinity])
    const long = ops.cumsum(ops.arange(2000), 0)
    expect(long.data[1999]).toBe((1999 * 2000) / 2)
    expect(nested(ops.cummax(ops.tensor([1, 3, 2]), 0))).toEqual([1, 3, 3])
  })
})

describe('products', () => {
  it('multiplies with every kind of rank', () => {
    const shapes = [
      [[3], [3], []],
      [[2, 3], [3], [2]],
      [[3], [3, 4], [4]],
      [
        [2, 3],
        [3, 4],
        [2, 4],
      ],
      [
        [5, 2, 3],
        [3, 4],
        [5, 2, 4],
      ],
      [
        [5, 1, 2, 3],
        [6, 3, 4],
        [5, 6, 2, 4],
      ],
      [[3], [5, 3, 4], [5, 4]],
    ] as const
    for (const [left, right, out] of shapes) {
      const [a, b] = [noise(left), noise(right, 7)]
      const product = ops.matmul(a, b)
      expect(product.shape).toEqual(out)
      const [wide, tall] = [
        ops.reshape(a, left.length === 1 ? [1, 3] : left),
        ops.reshape(b, right.length === 1 ? [3, 1] : right),
      ]
      const batch = product.shape.slice(0, Math.max(0, Math.max(left.length, right.length) - 2))
      const [m, n] = [wide.shape.at(-2) ?? 1, tall.shape.at(-1) ?? 1]
      const [l, r] = [ops.broadcastTo(wide, [...batch, m, 3]), ops.broadcastTo(tall, [...batch, 3, n])]
      const want = [...places([...batch, m, n])].map((place) => {
        const [i, j] = place.slice(-2)
        return [0, 1, 2].reduce(
          (s, k) => s + at(l, ...place.slice(0, -2), i ?? 0, k) * at(r, ...place.slice(0, -2), k, j ?? 0),
          0,
        )
      })
      close(product, want)
    }
  })

  it('sums any equation as loops do', () => {
    const sizes: Record<string, number> = { a: 2, b: 3, c: 4, d: 2 }
    const equations = [
      'ab,bc->ac',
      'ab,bc',
      'ab->ba',
      'ab->',
      'ab->b',
      'abc,ab,c->b',
      'ab,ab->ab',
      'a,b->ba',
      'aa->a',
      'aab->b',
      'aab,bc->ca',
      'abc,dc->abd',
      'ab,cd->abcd',
      'a,a->',
      'abad->bd',
      'aba',
      'ab,bc,cd->ad',
    ]
    for (const equation of equations) {
      const [left = '', right] = equation.split('->')
      const terms = left.split(',')
      const flat = terms.join('')
      const out =
        right ??
        [...new Set(flat)]
          .filter((l) => flat.split(l).length === 2)
          .sort()
          .join('')
      const operands = terms.map((term, i) =>
        noise(
          [...term].map((l) => sizes[l] ?? 0),
          i + 3,
        ),
      )
      const labels = [...new Set(flat)]
      const want = new Map<string, number>()
      for (const place of places(labels.map((l) => sizes[l] ?? 0))) {
        const of = (term: string): number[] => [...term].map((l) => place[labels.indexOf(l)] ?? 0)
        const key = of(out).join()
        const product = terms.reduce((p, term, i) => p * at(operands[i]!, ...of(term)), 1)
        want.set(key, (want.get(key) ?? 0) + product)
      }
      const got = ops.einsum(equation, ...operands)
      expect(got.shape, equation).toEqual([...out].map((l) => sizes[l]))
      for (const place of places(got.shape))
        expect(at(got, ...place), equation).toBeCloseTo(want.get(place.join()) ?? 0, 4)
    }
  })

  it('understands words and ellipses', () => {
    const [q, k] = [noise([2, 3, 4, 5]), noise([2, 3, 6, 5], 2)]
    const want = ops.matmul(q, ops.transpose(k))
    expect(ops.einsum('b h q d, b h k d -> b h q k', q, k).data).toEqual(want.data)
    expect(ops.einsum('...qd,...kd->...qk', q, k).data).toEqual(want.data)
    expect(ops.einsum('... query d, ... key d -> ... query key', q, k).data).toEqual(want.data)
    expect(ops.einsum('...ij', noise([2, 3, 4])).shape).toEqual([2, 3, 4])
    expect(ops.einsum('...i,...i', noise([1, 2, 3]), noise([4, 1, 3])).shape).toEqual([4, 2])
    expect(() => ops.einsum('ij,jk->iz', noise([2, 3]), noise([3, 2]))).toThrow("the result has 'z'")
    expect(() => ops.einsum('ijk->i', noise([2, 3]))).toThrow('operand 1 has 2 axes')
  })

  it('attends', () => {
    const [q, k, v] = [noise([2, 4, 3]), noise([2, 4, 3], 2), noise([2, 4, 5], 3)]
    const scores = ops.div(ops.matmul(q, ops.transpose(k)), Math.sqrt(3))
    const lower = ops.tril(ops.ones([4, 4]))
    const masked = ops.where(ops.gt(lower, 0), scores, -Infinity)
    close(ops.scaledDotProductAttention(q, k, v, { causal: true }), [...ops.matmul(ops.softmax(masked), v).data])
    close(ops.scaledDotProductAttention(q, k, v, { mask: ops.gt(lower, 0) }), [
      ...ops.matmul(ops.softmax(masked), v).data,
    ])
  })
})

describe('convolutions', () => {
  const settings = [
    { groups: 1, stride: [1, 1], padding: [0, 0], dilation: [1, 1] },
    { groups: 1, stride: [2, 1], padding: [1, 2], dilation: [1, 2] },
    { groups: 2, stride: [1, 2], padding: [1, 1], dilation: [2, 1] },
    { groups: 4, stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
  ] as const

  it('agrees with direct loops, and its transpose with the adjoint', () => {
    for (const { groups, stride, padding, dilation } of settings) {
      const [x, w, b] = [noise([2, 4, 7, 6]), noise([8, 4 / groups, 3, 2], 5), noise([8], 9)]
      const got = ops.conv2d(x, w, b, { groups, stride, padding, dilation })
      for (const [n = 0, o = 0, i = 0, j = 0] of places(got.shape)) {
        let want = at(b, o)
        for (const [c = 0, p = 0, q = 0] of places([4 / groups, 3, 2])) {
          const [r, s] = [i * stride[0] - padding[0] + p * dilation[0], j * stride[1] - padding[1] + q * dilation[1]]
          const channel = Math.floor(o / (8 / groups)) * (4 / groups) + c
          if (r >= 0 && r < 7 && s >= 0 && s < 6) want += at(x, n, channel, r, s) * at(w, o, c, p, q)
        }
        expect(at(got, n, o, i, j)).toBeCloseTo(want, 4)
      }
      const plain = ops.conv2d(x, w, { groups, stride, padding, dilation })
      const y = noise(plain.shape, 4)
      const size = [7, 6].map((full, axis) => {
        const span = ((w.shape[axis + 2] ?? 0) - 1) * (dilation[axis] ?? 1) + 1
        const least = ((plain.shape[axis + 2] ?? 0) - 1) * (stride[axis] ?? 1) - 2 * (padding[axis] ?? 0) + span
        return full - least
      })
      const back = ops.convTranspose2d(y, w, { groups, stride, padding, dilation, outputPadding: size })
      expect(back.shape).toEqual(x.shape)
      const [l, r] = [ops.sum(ops.mul(plain, y)).data[0] ?? 0, ops.sum(ops.mul(back, x)).data[0] ?? 1]
      expect(l).toBeCloseTo(r, 3)
    }
  })

  it('keeps the size for same padding', () => {
    expect(ops.conv2d(noise([1, 1, 5, 6]), noise([1, 1, 2, 3]), { padding: 'same', stride: 2 }).shape).toEqual([
      1, 1, 3, 3,
    ])
    expect(ops.conv1d(noise([1, 2, 5]), noise([3, 2, 2]), { padding: 'same' }).shape).toEqual([1, 3, 5])
    expect(ops.conv3d(noise([1, 1, 4, 4, 4]), noise([2, 1, 3, 3, 3])).shape).toEqual([1, 2, 2, 2, 2])
    expect(() => ops.conv2d(noise([1, 3, 5, 5]), noise([1, 2, 3, 3]))).toThrow(
      'the sizes to be summed over are 3 and 2',
    )
  })

  it('pools', () => {
    const x = ops.reshape(ops.cast(ops.arange(16), 'f32'), [1, 1, 4, 4])
    expect(nested(ops.maxPool2d(x, 2))).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ])
    expect(nested(ops.avgPool2d(x, 2))).toEqual([
      [
        [
          [2.5, 4.5],
          [10.5, 12.5],
        ],
      ],
    ])
    expect(nested(ops.maxPool2d(x, 3, { stride: 2, padding: 1 }))).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ])
    expect(ops.maxPool2d(x, 3, { stride: 2, ceilMode: true }).shape).toEqual([1, 1, 2, 2])
    expect(nested(ops.avgPool2d(x, 3, { stride: 2, ceilMode: true }))).toEqual([
      [
        [
          [5, 6.5],
          [11, 12.5],
        ],
      ],
    ])
    const line = ops.tensor([[[1, 2, 3]]])
    expect(nested(ops.avgPool1d(line, 2, { padding: 1 }))).toEqual([[[0.5, 2.5]]])
    expect(nested(ops.avgPool1d(line, 2, { padding: 1, countIncludePad: false }))).toEqual([[[1, 2.5]]])
    expect(nested(ops.adaptiveAvgPool1d(ops.tensor([[[1, 2, 3, 4, 5]]]), 3))).toEqual([[[1.5, 3, 4.5]]])
    expect(nested(ops.adaptiveMaxPool2d(x, [1, 3]))).toEqual([[[[13, 14, 15]]]])
    expect(nested(ops.globalAvgPool(x))).toEqual([[[[7.5]]]])
  })

  it('resizes', () => {
    const x = ops.tensor([[[0, 10, 20]]])
    expect(nested(ops.interpolate(x, { scale: 2 }))).toEqual([[[0, 0, 10, 10, 20, 20]]])
    expect(nested(ops.interpolate(x, { size: 2 }))).toEqual([[[0, 10]]])
    expect(nested(ops.interpolate(x, { size: 5, mode: 'linear', alignCorners: true }))).toEqual([[[0, 5, 10, 15, 20]]])
    expect(nested(ops.interpolate(x, { size: 6, mode: 'linear' }))).toEqual([[[0, 2.5, 7.5, 12.5, 17.5, 20]]])
    expect(() => ops.interpolate(x, {})).toThrow("'size' or 'scale'")
  })
})

describe('shapes', () => {
  const x = ops.reshape(ops.arange(24), [2, 3, 4])

  it('indexes as NumPy', () => {
    expect(nested(ops.index(x, [1, -1, { start: 1, stop: 3 }]))).toEqual([21, 22])
    expect(nested(ops.index(x, ['...', { step: -2 }, 0]))).toEqual([
      [8, 0],
      [20, 12],
    ])
    expect(ops.index(x, [null, '...', null]).shape).toEqual([1, 2, 3, 4, 1])
    expect(nested(ops.index(x, [0, i32([2, 0]), 1]))).toEqual([9, 1])
    expect(ops.index(x, [{}, i32([[2, 0]])]).shape).toEqual([2, 1, 2, 4])
    expect(nested(ops.index(x, [i32([0, 1]), i32([2, 0]), i32([3, 1])]))).toEqual([11, 13])
    expect(ops.index(x, [i32([0, 1, 1]), {}, i32([3, 1, 0])]).shape).toEqual([3, 3])
    expect(nested(ops.index(x, [{ start: 5 }])))?.toEqual([])
    expect(ops.index(x, [{}, { start: -100, stop: 100 }]).shape).toEqual([2, 3, 4])
    expect(() => ops.index(x, [0, 0, 0, 0])).toThrow('index expects at least 4 axes')
  })

  it('slices, flips, rolls and repeats', () => {
    expect(nested(ops.slice(i32([0, 1, 2, 3, 4]), 1, -1))).toEqual([1, 2, 3])
    expect(nested(ops.slice(i32([0, 1, 2, 3, 4]), { step: -2 }))).toEqual([4, 2, 0])
    expect(
      nested(
        ops.flip(
          i32([
            [1, 2],
            [3, 4],
          ]),
        ),
      ),
    ).toEqual([
      [4, 3],
      [2, 1],
    ])
    expect(nested(ops.roll(i32([1, 2, 3]), 1))).toEqual([3, 1, 2])
    expect(
      nested(
        ops.roll(
          i32([
            [1, 2, 3],
            [4, 5, 6],
          ]),
          -1,
          1,
        ),
      ),
    ).toEqual([
      [2, 3, 1],
      [5, 6, 4],
    ])
    expect(nested(ops.tile(i32([1, 2]), [2, 2]))).toEqual([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ])
    expect(nested(ops.repeat(i32([1, 2]), 2))).toEqual([1, 1, 2, 2])
    expect(nested(ops.tril(ops.ones([3, 3]), -1))).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ])
    expect(
      nested(
        ops.triu(
          i32([
            [1, 2],
            [3, 4],
          ]),
          1,
        ),
      ),
    ).toEqual([
      [0, 2],
      [0, 0],
    ])
    expect(nested(ops.diagonal(x))).toEqual([
      [0, 5, 10],
      [12, 17, 22],
    ])
    expect(
      nested(
        ops.trace(
          i32([
            [1, 2],
            [3, 4],
          ]),
        ),
      ),
    ).toBe(5)
  })

  it('joins and parts', () => {
    const [a, b] = [i32([[1, 2]]), i32([[3, 4]])]
    expect(nested(ops.concat([a, b]))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(nested(ops.stack([a, b], -1))).toEqual([
      [
        [1, 3],
        [2, 4],
      ],
    ])
    expect(ops.split(i32([1, 2, 3, 4]), [3, 1]).map(nested)).toEqual([[1, 2, 3], [4]])
    expect(ops.chunk(i32([1, 2, 3, 4, 5]), 2).map(nested)).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
    expect(
      ops
        .unstack(
          i32([
            [1, 2],
            [3, 4],
          ]),
          1,
        )
        .map(nested),
    ).toEqual([
      [1, 3],
      [2, 4],
    ])
    expect(() => ops.concat([a, i32([[1, 2, 3]])])).toThrow('concat cannot combine i32[1, 2] and i32[1, 3]')
  })

  it('pads', () => {
    const line = i32([1, 2, 3])
    expect(nested(ops.pad(line, [[1, 2]]))).toEqual([0, 1, 2, 3, 0, 0])
    expect(nested(ops.pad(line, [[-1, 1]], { value: 9 }))).toEqual([2, 3, 9])
    expect(nested(ops.pad(line, [[2, 2]], { mode: 'reflect' }))).toEqual([3, 2, 1, 2, 3, 2, 1])
    expect(nested(ops.pad(line, [[2, 1]], { mode: 'edge' }))).toEqual([1, 1, 1, 2, 3, 3])
    expect(nested(ops.pad(line, [[2, 1]], { mode: 'circular' }))).toEqual([2, 3, 1, 2, 3, 1])
  })

  it('changes axes', () => {
    expect(ops.reshape(x, [-1, 4]).shape).toEqual([6, 4])
    expect(ops.flatten(x, 1).shape).toEqual([2, 12])
    expect(ops.unflatten(x, -1, [2, -1]).shape).toEqual([2, 3, 2, 2])
    expect(ops.moveAxis(x, 0, -1).shape).toEqual([3, 4, 2])
    expect(ops.squeeze(ops.unsqueeze(x, [0, -1])).shape).toEqual([2, 3, 4])
    expect(ops.expand(ops.tensor([[1], [2]]), [3, -1, 2]).shape).toEqual([3, 2, 2])
    expect(nested(ops.pixelUnshuffle(ops.pixelShuffle(ops.reshape(x, [1, 4, 2, 3]), 2), 2))).toEqual(
      nested(ops.reshape(x, [1, 4, 2, 3])),
    )
    expect(nested(ops.window(i32([1, 2, 3, 4]), 0, 2, { stride: 2 }))).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it('gathers and scatters', () => {
    const table = i32([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(nested(ops.gather(table, i32([2, 0, 9])))).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ])
    expect(nested(ops.embedding(i32([[1]]), table))).toEqual([[[3, 4]]])
    expect(nested(ops.takeAlongAxis(table, i32([[1], [0], [1]])))).toEqual([[2], [3], [6]])
    expect(nested(ops.oneHot(i32([1, 3]), 3))).toEqual([
      [0, 1, 0],
      [0, 0, 0],
    ])
    expect(nested(ops.scatterAdd(ops.zeros([3]), i32([0, 2, 0]), ops.tensor([1, 2, 3]), 0))).toEqual([4, 0, 2])
    expect(nested(ops.scatterAdd(ops.zeros([3, 2]), i32([2, 2]), ops.ones([2, 2])))).toEqual([
      [0, 0],
      [0, 0],
      [2, 2],
    ])
    expect(nested(ops.scatter(ops.zeros([3]), i32([0, 2, 0]), ops.tensor([1, 2, 3]), 0))).toEqual([3, 0, 2])
  })
})

describe('constants and losses', () => {
  it('makes constants', () => {
    expect(nested(ops.arange(3))).toEqual([0, 1, 2])
    expect(nested(ops.arange(5, 1, -2))).toEqual([5, 3])
    expect(ops.arange(0, 1, 0.25)).toMatchObject({ dtype: 'f32', shape: [4] })
    expect(nested(ops.linspace(0, 1, 5))).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(nested(ops.eye(2, 3))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ])
    expect(ops.tensor([true])).toMatchObject({ dtype: 'bool' })
    expect(ops.tensor([[1], [2]])).toMatchObject({ dtype: 'f32', shape: [2, 1] })
    expect(nested(ops.full([2], 7, { dtype: 'u8' }))).toEqual([7, 7])
    expect(nested(ops.onesLike(i32([4])))).toEqual([1])
  })

  it('weighs losses', () => {
    const logits = noise([4, 3])
    const target = i32([0, 2, 1, 2])
    const picked = ops.neg(ops.squeeze(ops.gatherElements(ops.logSoftmax(logits), ops.unsqueeze(target, 1), 1), 1))
    close(ops.crossEntropy(logits, target), [ops.mean(picked).data[0] ?? 0])
    close(ops.crossEntropy(logits, target, { reduction: 'none' }), [...picked.data])
    close(ops.crossEntropy(logits, ops.oneHot(target, 3)), [ops.mean(picked).data[0] ?? 0])
    const kept = [picked.data[0] ?? 0, picked.data[2] ?? 0]
    close(ops.crossEntropy(logits, target, { ignoreIndex: 2 }), [(kept[0]! + kept[1]!) / 2])
    close(ops.mseLoss(ops.tensor([1, 3]), ops.tensor([0, 0])), [5])
    close(ops.huberLoss(ops.tensor([0.5, 3]), 0, { reduction: 'none' }), [0.125, 2.5])
    close(ops.binaryCrossEntropyWithLogits(ops.tensor([0]), ops.tensor([1])), [Math.LN2])
    close(ops.klDiv(ops.log(ops.tensor([0.5, 0.5])), ops.tensor([1, 0]), { reduction: 'sum' }), [Math.LN2])
  })
})

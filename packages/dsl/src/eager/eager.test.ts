import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderOperations, target } from '../../scripts/generate-operations.mjs'
import * as dsl from '../index.ts'
import {
  type Tensor,
  TemplateFault,
  buffer,
  dim,
  f32,
  i32,
  isTraining,
  layer,
  model,
  optional,
  param,
  range,
  relu,
  softmax,
  tensor,
  tj,
  zeros,
} from '../index.ts'
import { OPERATION_NAMES, groupOf } from '../operations/operations.ts'
import { EagerTensor } from './eager-tensor.ts'

const values = (x: unknown): unknown => (x instanceof EagerTensor ? [...x.elements] : x)
const a = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

describe('operations', () => {
  test('all are exported by name, from the interfaces', () => {
    expect(readFileSync(target, 'utf8')).toBe(renderOperations())
    expect(OPERATION_NAMES.filter((name) => groupOf(name) === undefined && !(name in dsl))).toEqual([])
    const members = OPERATION_NAMES.filter((name) => groupOf(name) === 'random')
    expect(Object.keys(dsl.random).map((name) => `random.${name}`)).toEqual(members)
  })

  test('functions and methods are one thing', () => {
    expect(values(a.sum(0))).toEqual([5, 7, 9])
    expect(values(dsl.sum(a, { axis: 0 }))).toEqual([5, 7, 9])
    expect(a.T.shape).toEqual([3, 2])
    expect([...a].map(values)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  test('data and arrays come as from every target', async () => {
    const x = new EagerTensor('bool', [2], new Uint8Array([1, 0]))
    expect(await x.toArray()).toEqual([true, false])
    expect(await x.data()).toEqual(new Uint8Array([1, 0]))
    const half = dsl.cast(tensor([1, 0.1]), 'f16')
    expect(half instanceof EagerTensor && (await half.data())).toEqual(new Uint16Array([0x3c00, 0x2e66]))
  })

  test('console.log shows type and elements', () => {
    expect(inspect(a)).toBe('f32[2, 3]\n[[1, 2, 3],\n [4, 5, 6]]')
    expect(inspect(tensor(0.1))).toBe('f32[] 0.1')
    expect(inspect(dsl.arange(100))).toBe('i32[100] [0, 1, 2, 3, 4, 5, …, 97, 98, 99]')
    expect(inspect(zeros([0, 3]))).toBe('f32[0, 3] []')
  })
})

describe('tj', () => {
  test('operators on tensors', () => {
    expect(values(tj`${a} @ ${a}.T + 1`)).toEqual([15, 33, 33, 78])
    expect(values(tj`-${a} // 4`)).toEqual([-1, -1, -1, -1, -2, -2])
    expect(values(tj`${a} % 4 == 1 or ${a} > 5`)).toEqual([1, 0, 0, 0, 1, 1])
    expect(values(tj`not (${a} > 2) and True`)).toEqual([1, 1, 0, 0, 0, 0])
    expect(values(tj`~(${a} > 2) & (${a} > 1)`)).toEqual([0, 1, 0, 0, 0, 0])
    expect(values(tj`2 ** ${a}[0]`)).toEqual([2, 4, 8])
    expect(values(tj`${a}[0] * ${[1, 0, 2]}`)).toEqual([1, 0, 6])
    expect(tj`${dsl.arange(3)} / 2`.dtype).toBe('f32')
    expect(tj`${dsl.arange(3)} * 2`.dtype).toBe('i32')
  })

  test('indexing', () => {
    expect(values(tj`${a}[:, 1:]`)).toEqual([2, 3, 5, 6])
    expect(values(tj`${a}[1, ::-1]`)).toEqual([6, 5, 4])
    expect(tj`${a}[:, None, ..., 0]`.shape).toEqual([2, 1])
    expect(values(tj`${a}[:, [2, 0]]`)).toEqual([3, 1, 6, 4])
    expect(values(tj`${a}[-1, ${dsl.arange(2)}]`)).toEqual([4, 5])
    expect(tj`${a}.shape[-1], ${a}.rank, ${a}.size`).toEqual([3, a.rank, a.size])
  })

  test('bindings and tuples', () => {
    const [i, o] = tj`
      x, y = split(${a}, [1, 2], axis=1)
      rows = ${a}
      first, second = rows
      sigmoid(x), first + second
    `
    expect(i?.shape).toEqual([2, 1])
    expect(values(o)).toEqual([5, 7, 9])
  })

  test('functions and layers are called', () => {
    expect(values(tj`${(x: Tensor) => x.neg()}(${a}[0])`)).toEqual([-1, -2, -3])
    expect(values(tj`${a}[0].clip(max=2).sum(keep_dims=True)`)).toEqual([5])
  })

  test('errors show the formula with a mark', () => {
    expect(() => tj`${a} * (1 + ${a}`).toThrow(
      'this is not a formula: `(` is never closed\n  ${…} * (1 + ${…}\n         ^',
    )
    expect(
      () => tj`
      y = ${a} + 1
      y @ sofmax(y)
    `,
    ).toThrow(
      "there is no 'sofmax' in this template; did you mean 'softmax'?\n        y @ sofmax(y)\n            ^^^^^^",
    )
    const fault = codeOf(() => tj`${a} @ ${a}`)
    expect(fault).toBe('shape_contraction')
    expect(codeOf(() => tj`${a}[${tensor([0.5])}]`)).toBe('template_index')
    expect(codeOf(() => tj`not ${a}`)).toBe('template_operand')
    expect(codeOf(() => tj`${a}.sofmax()`)).toBe('template_unknown_name')
    expect(codeOf(() => tj`softmax(${a}, axes=1)`)).toBe('option_unknown')
  })
})

function codeOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error instanceof TemplateFault ? error.code : error
  }
}

describe('model', () => {
  const B = dim('B', { max: 4 })
  const N = dim('N', { max: 8 })
  const scale = layer({ weight: param(3, { init: 2 }) }, ({ weight }, x: Tensor) => tj`${x} * ${weight}`)
  const net = model({
    inputs: { x: f32(B, 3), extra: { ids: i32(N) } },
    layers: { scale, steps: [scale, relu], shift: buffer(3, { init: 1 }) },
    forward({ x, extra }, { scale: first, steps, shift }) {
      const y = steps.reduce((value, step) => step(value), first(x))
      return { y: tj`${y} + ${shift}`, sizes: { total: tj`${extra.ids}.sum() + ${B} * ${N}` }, w: first.weight }
    },
  })

  test('runs as on a device', async () => {
    const instance = await net.load({ weights: { seed: 0 } })
    const { y, sizes, w } = await instance.run({ x: [[1, -1, 2]], extra: { ids: new Int32Array([5, 6]) } })
    expect(await y.toArray()).toEqual([[5, 1, 9]])
    expect(await sizes.total.data()).toEqual(new Int32Array([13]))
    expect(await w.toArray()).toEqual([2, 2, 2])
    expect(instance.info).toMatchObject({ target: 'eager', weightBytes: 24 })
    const again = await instance.run({ x: y, extra: { ids: [1] } }, { outputs: ['y'] })
    expect(await again.y.toArray()).toEqual([[21, 5, 37]])
  })

  test('checks what it is given', async () => {
    const instance = await net.load({ weights: { seed: 0 } })
    const extra = { ids: [1] }
    await expect(instance.run({ x: [[1, 2]], extra })).rejects.toMatchObject({ code: 'model_input_shape' })
    await expect(instance.run({ x: zeros([5, 3]), extra })).rejects.toMatchObject({ code: 'dim_out_of_bounds' })
    await expect(net.load()).rejects.toMatchObject({ code: expect.stringMatching(/^weight/) })
  })

  test('modes are static', async () => {
    const mode = model({
      inputs: { x: f32() },
      forward: ({ x }) => (isTraining() ? tj`${x} + 1` : x),
    })
    const trained = await mode.load({ mode: 'train' })
    const { output } = await trained.run({ x: 1 })
    expect(await output.toArray()).toBe(2)
    const { output: same } = await (await mode.load()).run({ x: 1 })
    expect(await same.toArray()).toBe(1)
  })

  test('a size computed outside of forward is read from the input', async () => {
    const T = dim('T')
    const twice = model({
      inputs: { x: f32(T), y: f32(T * 2) },
      forward: ({ x, y }) => tj`sum(${x}) + sum(${y}) + ${T}`,
    })
    const { output } = await (await twice.load()).run({ x: [1, 2], y: [1, 1, 1, 1] })
    expect(await output.toArray()).toBe(9)
  })

  test('dimensions are whole again after a run that failed', async () => {
    const T = dim('T')
    const failing = model({
      inputs: { x: f32(T) },
      forward: ({ x }) => tj`${x} + ${zeros([Number(T) === 3 ? 2 : T])}`,
    })
    const instance = await failing.load()
    await expect(instance.run({ x: [1, 2, 3] })).rejects.toThrow(/cannot combine/)
    expect(Number(T)).toBeNaN()
  })

  test('layers that are not declared have no weights', async () => {
    const stray = layer({ weight: param(1) }, ({ weight }, x: Tensor) => x.mul(weight))
    const lost = model({ inputs: { x: f32(1) }, forward: ({ x }) => stray(x) })
    const run = async (): Promise<unknown> => (await lost.load()).run({ x: [1] })
    await expect(run()).rejects.toMatchObject({ code: 'model_undeclared_layer' })
    expect(() => model({ inputs: { x: f32(1) }, layers: { n: 3 }, forward: ({ x }) => x })).toThrow(
      /'n' is the number 3/,
    )
  })

  test('optional inputs that are given', async () => {
    const masked = model({
      inputs: { x: f32(2), mask: optional(f32(2)) },
      forward: ({ x, mask }) => (mask === undefined ? x : x.mul(mask)),
    })
    const { output } = await (await masked.load()).run({ x: [1, 2], mask: [0, 1] })
    expect(await output.toArray()).toEqual([0, 2])
  })

  test('ties weights', async () => {
    const embedding = layer({ weight: param(2, 2) }, ({ weight }, i: Tensor) => dsl.embedding(i, weight))
    const tied = model({
      inputs: { i: i32(1) },
      layers: {
        wte: embedding,
        head: layer({ weight: embedding.weight }, ({ weight }, x: Tensor) => tj`${x} @ ${weight}.T`),
      },
      forward: ({ i }, { wte, head }) => softmax(head(wte(i))),
    })
    expect((await tied.load({ weights: { seed: 1 } })).info.weightBytes).toBe(16)
  })
})

test('range', () => {
  expect(range(3)).toEqual([0, 1, 2])
  expect(() => range(-1)).toThrow(RangeError)
})

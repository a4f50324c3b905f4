// vmap against one run a lane.

import { describe, expect, it } from 'vitest'
import type { HostTensor } from '@tsjit/host'
import {
  type Tensor,
  add,
  cast,
  concat,
  cond,
  cumsum,
  forLoop,
  gather,
  matmul,
  max,
  model,
  mul,
  pad,
  random,
  scan,
  select,
  softmax,
  stack,
  sum,
  tanh,
  tensor,
  tj,
  vmap,
  where,
  whileLoop,
} from '../index.ts'
import { batchRules } from '../primitives/batch-rules.ts'
import { PRIMITIVE_KINDS } from '../primitives/classes.ts'
import { EagerTensor } from './eager-tensor.ts'

const sample = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + shape.length))).reshape(shape)
}
const indices = (values: readonly number[], shape: number[]): Tensor => cast(tensor(values), 'i32').reshape(shape)

function values(x: unknown): unknown {
  if (x instanceof EagerTensor) return { shape: x.shape, data: [...x.elements].map((value) => Math.fround(value)) }
  if (Array.isArray(x)) return x.map(values)
  return Object.fromEntries(Object.entries(Object(x)).map(([key, item]) => [key, values(item)]))
}

/** Maps over axis 0 of all arguments, and expects what the lanes give one by one. */
function expectSame(fn: (...args: Tensor[]) => Tensor, ...args: Tensor[]): void {
  const count = args[0]?.shape[0] ?? 0
  const each = Array.from({ length: count }, (_, i) => fn(...args.map((arg) => tj`${arg}[${i}]`)))
  expect(values(vmap(fn)(...args))).toEqual(values(stack(each)))
}

describe('vmap', () => {
  it('has a rule for every primitive', () => {
    expect(Object.keys(batchRules).sort()).toEqual([...PRIMITIVE_KINDS].sort())
  })

  it.each<[string, (...args: Tensor[]) => Tensor, Tensor[]]>([
    ['elementwise', (x, y) => tanh(add(mul(x, y), 1)), [sample(3, 4), sample(3, 4)]],
    ['broadcasts', (x, y) => add(x, y), [sample(3, 2, 4), sample(3, 4)]],
    ['reductions', (x) => add(sum(x, 0), max(x)), [sample(3, 2, 4)]],
    ['softmax', (x) => softmax(x, 0), [sample(3, 2, 4)]],
    ['products', (x, y) => matmul(x, y), [sample(3, 2, 4), sample(3, 4, 5)]],
    ['a product with what is outside', (x) => matmul(x, sample(4, 5)), [sample(3, 2, 4)]],
    ['shapes', (x) => x.reshape([4, 2]).permute([1, 0]).flip(0), [sample(3, 2, 4)]],
    ['slices', (x) => tj`${x}[1:, ::-2]`, [sample(3, 4, 5)]],
    [
      'padding',
      (x) =>
        pad(concat([x, sample(2, 4)], 1), [
          [1, 0],
          [0, 2],
        ]),
      [sample(3, 2, 4)],
    ],
    ['cumulative sums', (x) => cumsum(x, 0), [sample(3, 5)]],
    ['one gather', (x) => gather(x, indices([2, 0, 9], [3]), 1), [sample(3, 2, 4)]],
    ['gathers by lane', (i) => gather(sample(2, 4), i, 1), [indices([0, 1, 2, 3, 9, 1], [3, 2])]],
    [
      'gathers by lane of what differs by lane',
      (x, i) => gather(x, i, 1),
      [sample(3, 2, 4, 2), indices([0, 1, 2, 3, 9, -4], [3, 2])],
    ],
    ['conditions', (x) => where(tj`${x} > 0`, x, 0), [sample(3, 4)]],
    [
      'cond by lane',
      (x) =>
        cond(
          tj`sum(${x}) > 0`,
          () => mul(x, 2),
          () => add(x, 10),
        ),
      [sample(5, 2)],
    ],
    [
      'select by lane',
      (i) => select(i, [() => sum(i), () => mul(i, 10), () => add(i, 100)]),
      [indices([-1, 0, 1, 2, 7], [5])],
    ],
    ['forLoop', (x) => forLoop(3, x, (carry, i) => add(mul(carry, 2), i)), [sample(3, 2)]],
    [
      'forLoop of as many turns as the lane says',
      (n) => forLoop(n, 1, (carry) => mul(carry, 2)),
      [indices([0, 3, 5], [3])],
    ],
    [
      'whileLoop by lane',
      (x) =>
        whileLoop(
          x,
          (c) => tj`${c} < 10`,
          (c) => add(mul(c, c), 1.5),
        ),
      [sample(4)],
    ],
    ['scan', (x) => tj`${scan(0, x, (c, e) => [add(c, e), mul(c, e)])[1]}`, [sample(3, 5)]],
    [
      'a scan from the end',
      (x) => scan(0, x, (c, e) => [add(c, e), c], { reverse: true })[1] as Tensor,
      [sample(3, 5)],
    ],
    ['a map inside', (x) => vmap((row: Tensor) => sum(mul(row, x)))(sample(4, 2)) as Tensor, [sample(3, 2)]],
    [
      'products in two maps',
      (x) => vmap((y: Tensor) => matmul(x, y), { in: [1], out: 1 })(sample(2, 4, 3)) as Tensor,
      [sample(3, 5, 2)],
    ],
  ])('%s', (_, fn, args) => expectSame(fn, ...args))

  it('maps over any axis, structures, and leaves arguments as they are', () => {
    const [x, y] = [sample(2, 3), sample(3)]
    const result = vmap(
      ({ a, b }: { a: Tensor; b: Tensor }, c: Tensor, n: number) => ({ sum: tj`${a} + ${b} * ${c} + ${n}` }),
      {
        in: [{ a: 1, b: -1 }, null, null],
        out: 1,
      },
    )({ a: x, b: y }, sample(2), 3)
    const expected = tj`${x} + ${y} * ${sample(2)}[:, None] + 3`
    expect(values(result)).toEqual(values({ sum: expected }))
  })

  it('draws other numbers in every lane, by the seed', async () => {
    const net = await model({
      inputs: {},
      forward: () => ({
        x: vmap((x: Tensor) => forLoop(2, x, (carry) => add(carry, random.uniform([2]))))(
          tensor([
            [0, 0],
            [0, 0],
            [0, 0],
          ]),
        ),
      }),
    }).load()
    const read = async (seed: number): Promise<unknown[]> => {
      const { x }: { readonly x: HostTensor } = await net.run({}, { seed })
      return [...(await x.data())]
    }
    const first = await read(1)
    expect(new Set(first).size).toBe(6)
    expect(await read(1)).toEqual(first)
    expect(await read(2)).not.toEqual(first)
  })

  it.each([
    ['an axis that is not there', () => vmap((x: Tensor) => x, { in: 2 })(sample(3)), /axis 2 of argument 1.*f32\[3\]/],
    ['sizes that differ', () => vmap((x: Tensor, y: Tensor) => add(x, y))(sample(3), sample(4)), /sizes differ/],
    ['no axis at all', () => vmap((x: Tensor) => x, { in: [null] })(sample(3)), /nothing to go over/],
    ['an axis of the result that is not there', () => vmap((x: Tensor) => x, { out: 3 })(sample(3)), /no axis 3/],
  ])('refuses %s', (_, act, message) => expect(act).toThrow(message))
})

// Control flow, eagerly.
import { describe, expect, test } from 'vitest'
import {
  type Tensor,
  add,
  all,
  arange,
  cond,
  forLoop,
  mul,
  relu,
  scan,
  select,
  sum,
  tensor,
  tj,
  whileLoop,
  zeros,
} from '../index.ts'
import type { EagerTensor } from './eager-tensor.ts'

// every tensor here is an eager one
const list = async (x: Tensor): Promise<unknown> => (x as EagerTensor).toArray()
const i32 = (value: number): Tensor => tensor(value, { dtype: 'i32' })

describe('cond', () => {
  const x = tensor([1, -2, 3])
  test('runs one branch', async () => {
    expect(
      await list(
        cond(
          tj`sum(${x}) > 0`,
          () => mul(x, 2),
          () => relu(x),
        ),
      ),
    ).toEqual([2, -4, 6])
    expect(
      await list(
        cond(
          tj`sum(${x}) < 0`,
          () => mul(x, 2),
          () => relu(x),
        ),
      ),
    ).toEqual([1, 0, 3])
  })
  test('structures, in any order of their keys', async () => {
    const result = cond(
      all(tj`${x} > 0`),
      () => ({ a: x, b: [1, true] }),
      () => ({ b: [2, false], a: relu(x) }),
    )
    expect(await list(result.a)).toEqual([1, 0, 3])
    expect(await list(result.b[0])).toBe(2)
    expect(result.b[1].dtype).toBe('bool')
  })
  test('numbers take the dtype of the other side', () => {
    const yes = tensor(true)
    expect(
      cond(
        yes,
        () => 1,
        () => i32(2),
      ).dtype,
    ).toBe('i32')
    expect(
      cond(
        yes,
        () => i32(2),
        () => 1,
      ).dtype,
    ).toBe('i32')
    expect(
      cond(
        yes,
        () => 1,
        () => tensor(2),
      ).dtype,
    ).toBe('f32')
    expect(
      cond(
        yes,
        () => 1,
        () => 2,
      ).dtype,
    ).toBe('f32')
    expect(() =>
      cond(
        yes,
        () => 1.5,
        () => i32(2),
      ),
    ).toThrow('differ at result: the number 1.5 and i32[]')
  })
  test('a static predicate is decided at once', () => {
    expect(
      cond(
        true,
        () => 'a',
        () => 'b' as never,
      ),
    ).toBe('a')
  })
  test('both branches are checked', () => {
    expect(() =>
      cond(
        tensor(true),
        () => x,
        () => sum(x),
      ),
    ).toThrow('the branches of cond differ at result: f32[3] and f32[]')
    expect(() =>
      cond(
        tensor(true),
        () => ({ a: [x, x] }),
        () => ({ a: [x, zeros([4])] }) as never,
      ),
    ).toThrow('differ at result.a[1]: f32[3] and f32[4]')
    expect(() =>
      cond(
        tensor(true),
        () => ({ a: x }) as object,
        () => ({ b: x }),
      ),
    ).toThrow('differ at result: { a: f32[3] } and { b: f32[3] }')
  })
  test('the predicate is one truth value', () => {
    expect(() =>
      cond(
        tj`${x} > 0`,
        () => x,
        () => x,
      ),
    ).toThrow('is one truth value, bool[], not bool[3]')
    expect(() =>
      cond(
        x,
        () => x,
        () => x,
      ),
    ).toThrow('not f32[3]')
    expect(() =>
      cond(
        1 as never,
        () => x,
        () => x,
      ),
    ).toThrow('not the number 1')
  })
  test('a branch is a function', () => {
    expect(() => cond(tensor(true), () => x, x as never)).toThrow(
      "'otherwise' of cond must be a function, not a tensor f32[3]",
    )
    expect(() => (cond as (...args: unknown[]) => unknown)(tensor(true), () => x)).toThrow(
      "cond needs an argument 'otherwise'",
    )
  })
})

describe('select', () => {
  const arms = [() => tensor(10), () => tensor(20), () => tensor(30)]
  test.each([
    [-5, 10],
    [0, 10],
    [1, 20],
    [2, 30],
    [9, 30],
  ])('%i gives %i', async (index, value) => {
    expect(await list(select(i32(index), arms))).toBe(value)
    expect(await list(select(index, arms))).toBe(value)
    expect(await list(select(i32(index), arms.slice(0, 2)))).toBe(Math.min(value, 20))
  })
  test('refuses', () => {
    expect(() => select(i32(0), [])).toThrow('select has no branches')
    expect(() => select(tensor(0.5), arms)).toThrow("'index' of select is one whole number, i32[], not f32[]")
    expect(() => select(i32(0), [tensor(1) as never])).toThrow("'branches' of select must be an array of functions")
  })
})

describe('whileLoop', () => {
  test('runs until the test fails', async () => {
    const x = whileLoop(
      tensor([1, 2]),
      (v) => tj`sum(${v}) < 100`,
      (v) => mul(v, 2),
    )
    expect(await list(x)).toEqual([64, 128])
  })
  test('no turn', async () => {
    const x = whileLoop(
      tensor([1, 200]),
      (v) => tj`sum(${v}) < 100`,
      (v) => mul(v, 2),
    )
    expect(await list(x)).toEqual([1, 200])
  })
  test('no more turns than allowed', async () => {
    const run = (maxIterations: number): Tensor =>
      whileLoop(
        tensor(1),
        () => true,
        (v) => mul(v, 2),
        { maxIterations },
      )
    expect(await list(run(5))).toBe(32)
    expect(await list(run(0))).toBe(1)
  })
  test('a structure with a counter', async () => {
    const { n, steps } = whileLoop(
      { n: i32(27), steps: 0 },
      (c) => tj`${c.n} != 1`,
      (c) => ({
        n: cond(
          tj`${c.n} % 2 == 0`,
          () => tj`${c.n} // 2`,
          () => tj`3 * ${c.n} + 1`,
        ),
        steps: tj`${c.steps} + 1`,
      }),
    )
    expect(await list(n)).toBe(1)
    expect(await list(steps)).toBe(111)
  })
  test('the test and the carry are checked, also where no turn runs', () => {
    const x = tensor([1, 2])
    expect(() =>
      whileLoop(
        x,
        (v) => tj`${v} < 1`,
        (v) => v,
      ),
    ).toThrow('the condition of whileLoop is one truth value')
    expect(() =>
      whileLoop(
        x,
        () => false,
        () => zeros([3]),
      ),
    ).toThrow('carry of whileLoop is f32[2] before the turn and f32[3] after it')
    expect(() =>
      whileLoop(
        { h: [x, x] },
        () => true,
        (c) => ({ h: [c.h[0], tj`${c.h[1]} > 0`] }),
      ),
    ).toThrow('carry.h[1] of whileLoop is f32[2] before the turn and bool[2] after it')
    expect(() =>
      whileLoop(
        [x, x] as Tensor[],
        () => true,
        (c) => [c[0] as Tensor],
      ),
    ).toThrow('carry of whileLoop is [f32[2], f32[2]] before the turn and [f32[2]] after it')
    expect(() =>
      whileLoop(
        x,
        () => true,
        (v) => v,
        { maxIteration: 3 } as never,
      ),
    ).toThrow("whileLoop has no option 'maxIteration'; did you mean 'maxIterations'?")
  })
})

describe('forLoop', () => {
  const x = tensor([1, 2])
  test.each([0, 1, 5])('%i turns', async (n) => {
    const run = (count: number | Tensor): Tensor => forLoop(count, x, (c, i) => tj`${c} + ${i}`)
    const added = (n * (n - 1)) / 2
    expect(await list(run(n))).toEqual([1 + added, 2 + added])
    expect(await list(run(i32(n)))).toEqual([1 + added, 2 + added])
  })
  test('a negative count is none', async () => {
    expect(await list(forLoop(i32(-3), x, (c) => mul(c, 2)))).toEqual([1, 2])
  })
  test('numbers', () => {
    expect(forLoop(3, 0, (c, i) => tj`${c} + ${i}`).dtype).toBe('i32')
    expect(forLoop(3, 1, (c) => tj`${c} * 2`).dtype).toBe('f32')
    expect(forLoop(3, 1, (c) => tj`${c} / 2`).dtype).toBe('f32')
    expect(forLoop(3, 0, (c) => tj`${c} + sum(${x})`).dtype).toBe('f32')
    expect(forLoop(3, { i: 0, s: 0 }, ({ i, s }) => ({ i: tj`${i} + 1`, s: tj`${s} + ${x}[${i}]` })).i.dtype).toBe(
      'i32',
    )
    expect(forLoop(3, true, (c) => tj`not ${c}`).dtype).toBe('bool')
    expect(forLoop(3, i32(1), () => 5).dtype).toBe('i32')
    expect(() => forLoop(3, i32(1), () => 0.5)).toThrow('is i32[] before the turn and the number 0.5 after it')
  })
  test('nested, and capturing', async () => {
    const total = forLoop(3, 0, (a, i) => forLoop(4, a, (b, j) => tj`${b} + ${i} * ${j}`))
    expect(await list(total)).toBe(18)
  })
  test('the count is one whole number', () => {
    expect(() => forLoop(tensor(1.5), x, (c) => c)).toThrow("'n' of forLoop is one whole number, i32[], not f32[]")
    expect(() => forLoop(-1, x, (c) => c)).toThrow('not the number -1')
    expect(() => forLoop(arange(2), x, (c) => c)).toThrow('not i32[2]')
  })
})

describe('scan', () => {
  const xs = tensor([1, 2, 3, 4])
  test('forward and reverse', async () => {
    const [last, ys] = scan(0, xs, (c, x) => [add(c, x), add(c, x)])
    expect([await list(last), await list(ys)]).toEqual([10, [1, 3, 6, 10]])
    const [first, back] = scan(0, xs, (c, x) => [add(c, x), add(c, x)], { reverse: true })
    expect([await list(first), await list(back)]).toEqual([10, [10, 9, 7, 4]])
  })
  test('the index is that of x', async () => {
    expect(await list(scan(0, xs, (c, _, i) => [c, i])[1])).toEqual([0, 1, 2, 3])
    expect(await list(scan(0, xs, (c, _, i) => [c, i], { reverse: true })[1])).toEqual([0, 1, 2, 3])
  })
  test.each([0, 1])('length %i', async (length) => {
    const some = tj`${xs}[:${length}]`
    const [last, ys] = scan({ s: 0.5 }, { some }, (c, x) => [{ s: add(c.s, x.some) }, [x.some, tj`${c.s} > 0`]])
    expect(await list(last.s)).toBe(length === 0 ? 0.5 : 1.5)
    expect(ys[0].shape).toEqual([length])
    expect(ys[1].dtype).toBe('bool')
  })
  test('without xs', async () => {
    const [last, ys] = scan(tensor([1, 2]), undefined, (c) => [mul(c, 2), c], { length: 3 })
    expect(await list(last)).toEqual([8, 16])
    expect(await list(ys)).toEqual([
      [1, 2],
      [2, 4],
      [4, 8],
    ])
  })
  test('nothing is stacked', () => {
    expect(scan(0, xs, (c, x) => [add(c, x), undefined])[1]).toBeUndefined()
  })
  test('a template gives the pair', async () => {
    const [c, ys] = scan(
      tensor(1),
      xs,
      (c, x) => tj`
      y = ${c} * ${x}
      y, y + 1`,
    )
    expect([await list(c), await list(ys as Tensor)]).toEqual([24, [2, 3, 7, 25]])
  })
  test('refuses', () => {
    expect(() => scan(0, { a: xs, b: [zeros([3])] }, (c) => [c, c])).toThrow(
      'scan goes over xs.a, f32[4], and xs.b[0], f32[3]: their lengths differ',
    )
    expect(() => scan(0, { a: tensor(1) }, (c) => [c, c])).toThrow('xs.a is f32[], which has none')
    expect(() => scan(0, xs, (c) => c as never)).toThrow('returns [carry, y], not f32[]')
    expect(() => scan(0, undefined, (c) => [c, c])).toThrow('needs xs or a length')
    expect(() => scan(0, xs, (c) => [c, c], { length: 3 })).toThrow('xs, f32[4], and length, 3: their lengths differ')
    expect(() => scan({ h: xs }, xs, (c) => [{ h: sum(c.h) }, 0])).toThrow(
      'carry.h of scan is f32[4] before the turn and f32[] after it',
    )
    expect(() => scan({ f: relu as never }, xs, (c) => [c, 0])).toThrow('init.f of scan is a function')
  })
})

describe('in templates', () => {
  const x = tensor([1, -2])
  test('combinators are in scope by name', async () => {
    const step = (c: Tensor, e: Tensor): Tensor[] => [add(c, e), mul(e, 2)]
    const [last, ys] = tj`
      y = cond(sum(${x}) > 0, ${() => x}, ${() => relu(x)})
      scan(0, y, ${step}, reverse=True)`
    expect([await list(last as Tensor), await list(ys as Tensor)]).toEqual([1, [2, 0]])
    expect(await list(tj`while_loop(${x}, ${() => true}, ${(c: Tensor) => mul(c, 2)}, max_iterations=3)`)).toEqual([
      8, -16,
    ])
    expect(() => tj`cond(${x}, ${() => x}, ${() => x})`).toThrow('is one truth value, bool[], not f32[2]')
  })
})

describe('what closures see', () => {
  const x = tensor([1, 2])
  test('only the branch that is taken has elements; the other has types', () => {
    const seen: string[] = []
    const look = (v: Tensor): Tensor => {
      seen.push(String(v))
      return v
    }
    cond(
      tj`sum(${x}) > 0`,
      () => look(mul(x, 2)),
      () => look(mul(x, 3)),
    )
    expect(seen).toEqual(['f32[2] [2, 4]', 'f32[2]'])
  })
  test('a loop runs each turn once', () => {
    const seen: string[] = []
    forLoop(2, x, (c, i) => {
      seen.push(`${String(c)} at ${String(i)}`)
      return mul(c, 2)
    })
    expect(seen).toEqual(['f32[2] [1, 2] at i32[] 0', 'f32[2] [2, 4] at i32[] 1'])
  })
  test('nested in one another, over structures', async () => {
    const [state, ys] = scan(
      { h: x, deep: [0, { n: 1 }] },
      tensor([
        [1, 1],
        [2, 2],
      ]),
      (c, e, i) => [
        {
          h: cond(
            tj`${i} == 0`,
            () => add(c.h, e),
            () =>
              forLoop(i, c.h, (h, j) =>
                whileLoop(
                  tj`${h} + ${j}`,
                  (v) => tj`sum(${v}) < 20`,
                  (v) => mul(v, 3),
                ),
              ),
          ),
          deep: [select(i, [() => 1, () => tj`${c.deep[0]} + 0.5`]), { n: tj`${c.deep[1].n} * 2` }],
        },
        [c.h, { s: sum(e) }],
      ],
    )
    expect(await list(state.h)).toEqual([18, 27])
    expect(await list(state.deep[0])).toBe(1.5)
    expect(await list(state.deep[1].n)).toBe(4)
    expect(await list(ys[0])).toEqual([
      [1, 2],
      [2, 3],
    ])
    expect(await list(ys[1].s)).toEqual([2, 4])
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Tensor, add, check, cond, f32, model, mul, print, sum, tj, vmap } from '../index.ts'

const run = async (forward: (x: Tensor) => Tensor): Promise<unknown> => {
  const net = await model({ inputs: { x: f32(3) }, forward: ({ x }) => forward(x) }).load()
  return net.run({ x: [1, 2, 3] })
}

describe('check', () => {
  it('rejects the run with its message', async () => {
    const failed = run((x) => {
      check(tj`${x} < 9`, 'small')
      check(tj`${x} < 3`, 'smaller')
      return x
    })
    await expect(failed).rejects.toMatchObject({
      code: 'model_check_failed',
      message: expect.stringContaining('smaller'),
    })
    await expect(run((x) => (check(false, 'never'), x))).rejects.toThrow(/never/)
  })

  it('looks at the arm that runs, and at all lanes', async () => {
    const arm = (x: Tensor): Tensor =>
      cond(
        tj`sum(${x}) > 99`,
        () => {
          check(tj`${x} > 9`, 'large')
          return x
        },
        () => mul(x, 2),
      )
    await expect(run(arm)).resolves.toBeDefined()
    const lanes = vmap((e: Tensor) => {
      check(tj`${e} < 3`, 'by lane')
      return add(e, 1)
    })
    await expect(run((x) => lanes(x))).rejects.toThrow(/by lane/)
  })
})

describe('print', () => {
  afterEach(() => vi.restoreAllMocks())

  it('prints tensors, in a map all lanes of them', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await run((x) => {
      print('x', x)
      return vmap((e: Tensor) => {
        print('lane', e)
        return sum(e)
      })(x)
    })
    expect(log.mock.calls.map(([label, value]) => `${String(label)} ${String(value)}`)).toEqual([
      'x f32[3] [1, 2, 3]',
      'lane f32[3] [1, 2, 3]',
    ])
  })
})

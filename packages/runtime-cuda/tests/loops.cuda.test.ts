// Loops that only the device can end: as nodes of a graph, and launched by the host where a driver has none.
import type { HostTensor, Instance } from '@tsjit/host'
import { expect, test, vi } from 'vitest'
import type { DriverApi } from '../src/api/driver-api.ts'
import type { countCalls } from './support/count-calls.ts'
import { counting } from './support/counting.ts'

interface Opened {
  readonly net: Instance
  readonly countCalls: typeof countCalls
}

async function count(net: Instance, x: number): Promise<number> {
  const { n } = (await net.run({ x: Int32Array.of(x) })) as unknown as { readonly n: HostTensor }
  return (await n.data())[0] ?? Number.NaN
}

/** Opens the program with a driver of its own, after `change`. */
async function open(change: (api: DriverApi) => void): Promise<Opened> {
  vi.resetModules()
  const { loadDriver } = await import('../src/api/load-driver.ts')
  change(await loadDriver())
  const { program } = await import('../src/index.ts')
  return { net: await program(counting).load(), ...(await import('./support/count-calls.ts')) }
}

const wanted = [
  [5, 5],
  [1, 1],
  [-3, 1],
  [40, 40],
] as const

test('a loop is a node of the graph: one launch, whatever its length', async () => {
  const { net, countCalls } = await open(() => {})
  for (const [x, n] of wanted) expect(await count(net, x)).toBe(n)
  const calls = await countCalls()
  for (const [x, n] of wanted) expect(await count(net, x)).toBe(n)
  expect(calls.stop()).toEqual({ cuGraphLaunch: 4, cuEventRecord: 4 })
  net.dispose()
})

test.each<[string, (api: DriverApi) => void]>([
  ['lacks the functions', (api) => Object.assign(api, { cuGraphConditionalHandleCreate: undefined })],
  [
    'is older than they are',
    (api) =>
      Object.assign(api, {
        cuDriverGetVersion: (out: Int32Array) => {
          out[0] = 12_030
          return 0
        },
      }),
  ],
])('a driver that %s: the host launches turns until the flag says that they have ended', async (_, change) => {
  const { net, countCalls } = await open(change)
  for (const [x, n] of wanted) expect(await count(net, x)).toBe(n)
  const calls = await countCalls()
  for (const [x, n] of wanted) expect(await count(net, x)).toBe(n)
  // One for what comes before, and one a turn.
  expect(calls.stop()).toMatchObject({ cuGraphLaunch: 4 + 5 + 1 + 1 + 40 })
  net.dispose()
})

test('a profile launches turns one by one, and leaves the graph as it was', async () => {
  vi.resetModules()
  const { profiledProgram } = await import('../src/index.ts')
  const { programs } = counting
  const kernels = [
    ['start', ''],
    ['turn', ''],
  ] as const
  const profile = { kernels, of: [0, 1] }
  const net = await profiledProgram({ ...counting, programs: { eval: { ...programs.eval, profile } } }).load()
  for (const [x, n] of wanted) {
    expect(await count(net, x)).toBe(n)
    const { kernels: found } = await net.profile({ x: Int32Array.of(x) }, { runs: 2 })
    expect(found.map(({ name, launches }) => [name, launches])).toEqual([
      ['start', 1],
      ['turn', n],
    ])
    expect(await count(net, x)).toBe(n)
  }
  // more than are timed before any is read
  const long = await net.profile({ x: Int32Array.of(5000) }, { runs: 1 })
  expect(long.kernels.map(({ launches }) => launches)).toEqual([1, 5000])
  net.dispose()
})

// Profiles on a target that computes nothing: what is averaged, who waits, what is refused.
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import {
  createDefinition,
  type Input,
  type Instance,
  type KernelName,
  type Laps,
  manyPrograms,
  type ModelInstance,
  type Output,
  type Profile,
  profiled,
} from '../src/index.ts'
import { dataOf, record, type Recording } from './recording-driver.ts'

const kernel: KernelName = ['matmul', 'm.tsjit:3:5']

interface Opened {
  readonly net: Instance
  readonly recording: Recording
  readonly laps: Laps
}

/** Opens a model each of whose timed runs notes these milliseconds, one launch each. */
async function open(times: readonly (readonly number[])[] = [[1]]): Promise<Opened> {
  const recording = record()
  const opened: { laps?: Laps } = {}
  let runs = 0
  const definition = profiled('m', (laps) => {
    opened.laps = laps
    const driver = { ...recording.driver, trial: laps }
    return createDefinition(dataOf({ outputs: [['y', 'f32', []]], shapes: () => [[]] }), {
      ...driver,
      async open(request) {
        const session = await driver.open(request)
        const run = session.run.bind(session)
        session.run = async (call) => {
          if (laps.isTiming) {
            const own = times[runs++ % times.length] ?? []
            laps.unread.push(async () => own.forEach((time) => laps.add(kernel, time)))
          }
          return run(call)
        }
        return session
      },
    })
  })
  return { net: await definition.load(), recording, laps: opened.laps as Laps }
}

describe('a profile', () => {
  test('leaves out the first run, and the slowest and the fastest quarter of the others', async () => {
    const { net, recording } = await open([[1000], [5], [100], [3, 4], [0]])
    const { milliseconds, kernels } = await net.profile({}, { runs: 4 })
    // of 5, 100, 7 and 0
    expect(kernels).toEqual([{ name: 'matmul', source: 'm.tsjit:3:5', milliseconds: 6, launches: 1 }])
    expect(milliseconds).toBeGreaterThanOrEqual(0)
    // each of the five is run once for itself and once for the kernels
    expect(recording.calls.length).toBe(10)
  })

  test('runs ten times where nobody says how often', async () => {
    const { net, recording } = await open()
    await net.profile()
    expect(recording.calls.length).toBe(22)
  })

  test('passes the options of a run', async () => {
    const { net, recording } = await open()
    await net.profile({}, { runs: 1, seed: 7, outputs: [] })
    expect(recording.calls.every(({ seed, outputs }) => seed === 7 && outputs.length === 0)).toBe(true)
    const error = await net.profile({}, { runs: 1, sed: 7 } as object).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'option_unknown' })
    await expect(net.profile({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  })

  test.each([0, -1, 1.5, '3', Number.NaN])('refuses %o runs', async (runs) => {
    const { net } = await open()
    await expect(net.profile({}, { runs: runs as number })).rejects.toMatchObject({ code: 'option_invalid' })
  })

  test('waits for the runs before it, and those after it wait', async () => {
    const { net, recording, laps } = await open()
    let release: () => void = () => {}
    recording.gate = new Promise((resolve) => {
      release = resolve
    })
    const before = net.run({})
    const profile = net.profile({}, { runs: 1 })
    const after = net.run({})
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(recording.calls.length).toBe(1)
    expect(laps.isOn).toBe(false)
    release()
    await before
    await profile
    expect(recording.calls.length).toBe(5)
    await after
    expect(recording.calls.length).toBe(6)
    expect(laps).toMatchObject({ isOn: false, isTiming: false })
  })

  test('that fails leaves nothing on', async () => {
    const { net, laps } = await open()
    await expect(net.profile({ z: 1 })).rejects.toMatchObject({ code: 'model_input_unexpected' })
    expect(laps).toMatchObject({ isOn: false, isTiming: false })
    await net.run({})
    net.dispose()
    await expect(net.profile()).rejects.toMatchObject({ code: 'model_disposed' })
  })

  test('of a model that keeps and prints does neither', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const recording = record()
    const hidden = { updates: [0], prints: [['label', 'f32', []]] } as const
    const program = { shapes: () => [[], []], hidden }
    const data = { ...dataOf(program, [['total', 'f32', [], 0, 'buffer']]), many: manyPrograms }
    const net = await profiled('m', (laps) => createDefinition(data, { ...recording.driver, trial: laps })).load({
      weights: { seed: 1 },
    })
    recording.weights[0] = Float32Array.of(5)
    await net.profile({}, { runs: 2 })
    expect(recording.weights[0]).toEqual(Float32Array.of(5))
    expect(log).not.toHaveBeenCalled()
    await net.run({})
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })
})

test('without one, the error says how to get one', async () => {
  const net = await createDefinition(dataOf({}), record().driver).load()
  const error: unknown = await net.profile().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'TsjitError', code: 'model_not_profiled' })
  expect(String(error)).toContain('`profile: true`')
})

test('types know the inputs', () => {
  type Net = ModelInstance<{ readonly x: Input<'f32', ['B', 2]> }, { readonly y: Output<'f32', ['B']> }>
  const use = async (net: Net): Promise<Profile> => {
    // @ts-expect-error -- there is no input `z`
    await net.profile({ z: [[1, 2]] })
    // @ts-expect-error -- `x` is missing
    await net.profile()
    return net.profile({ x: [[1, 2]] }, { runs: 3, seed: 1 })
  }
  expectTypeOf(use).returns.resolves.toEqualTypeOf<Profile>()
})

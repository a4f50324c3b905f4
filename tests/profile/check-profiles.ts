// check-profiles: what profiles say on every target

import type { CodegenTarget } from '@tsjit/compiler'
import type { HostTensor, Instance, LoadOptions, Profile } from '@tsjit/host'
import { beforeAll, expect, test, vi } from 'vitest'
import { type CompiledModel, compileModels, modelsFile } from './compile-models.ts'

/** Declares the tests of a target; `options` are those of every load, `runtime` as of `compileModels`. */
export function checkProfiles(
  target: CodegenTarget,
  options: () => LoadOptions = () => ({}),
  runtime: () => string | undefined = () => undefined,
): void {
  let models: Readonly<Record<string, CompiledModel>>
  beforeAll(async () => {
    models = await compileModels(target, { runtime: runtime() })
  }, 60_000)
  const load = (name: string): Promise<Instance> =>
    modelOf(name).definition.load({ weights: { seed: 1 }, ...options() })
  const modelOf = (name: string): CompiledModel => models[name] ?? expect.fail(`no model ${name}`)

  test('names, places and launches are those of explain', async () => {
    const net = await load('layers')
    const profile = await net.profile({ x: filled(2 * 32) }, { runs: 3 })
    checkTimes(profile)
    expect(launchesOf(profile)).toEqual(explainedLaunches(modelOf('layers')))
    expect(profile.kernels.reduce((sum, { launches }) => sum + launches, 0)).toBe(net.info.dispatches)
    expect(profile.kernels.length).toBeLessThanOrEqual(net.info.kernels)
    for (const { source } of profile.kernels) expect(source).toMatch(new RegExp(`^${modelsFile}:13:\\d+$`))
    net.dispose()
  })

  test('a loop counts every launch', async () => {
    const net = await load('turns')
    const profile = await net.profile({ x: filled(96 * 96) }, { runs: 1 })
    checkTimes(profile)
    const total = profile.kernels.reduce((sum, { launches }) => sum + launches, 0)
    expect(total).toBe(modelOf('turns').explained.dispatches)
    // there all turns are one launch
    if (target !== 'cuda') expect(total).toBeGreaterThanOrEqual(5)
    net.dispose()
  })

  // CUDA has all turns of it in one launch; runtime-cuda tests one that the host drives
  if (target !== 'cuda')
    test('so does a loop that the device ends', async () => {
      const net = await load('until')
      const launches = async (n: number): Promise<number> => {
        const profile = await net.profile({ x: filled(160 * 160), n: Int32Array.of(n) }, { runs: 1 })
        checkTimes(profile)
        return Math.max(...profile.kernels.map((kernel) => kernel.launches))
      }
      const few = await launches(3)
      expect(few).toBeGreaterThanOrEqual(3)
      expect(await launches(50)).toBeGreaterThanOrEqual(50)
      expect(await launches(3)).toBe(few)
      net.dispose()
    })

  test('state, random numbers and results are as if nobody had profiled, and nothing is printed', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const [profiled, plain] = await Promise.all([load('counter'), load('counter')])
    const inputs = { x: filled(8) }
    const saved: (readonly number[])[][] = []
    for (const net of [profiled, plain]) {
      const found: (readonly number[])[] = []
      for (let run = 0; run < 3; run++) {
        const outputs = await net.run(inputs)
        if (net === profiled) checkTimes(await net.profile(inputs, { runs: 2 }))
        // read after the profile: results stay
        found.push(...(await Promise.all(Object.values(outputs).map(elementsOf))))
      }
      found.push([...(await net.weights())])
      saved.push(found)
    }
    expect(saved[0]).toEqual(saved[1])
    expect(log).toHaveBeenCalledTimes(6)
    log.mockRestore()
    await expect(profiled.profile({ x: filled(8).fill(-1) })).rejects.toMatchObject({ code: 'model_check_failed' })
    checkTimes(await profiled.profile(inputs, { runs: 1 }))
    for (const net of [profiled, plain]) net.dispose()
  })

  test('stages are profiled together', async () => {
    const net = await load('staged')
    const inputs = { x: filled(64 * 8) }
    const before = await elementsOf((await net.run(inputs))['total'])
    const profile = await net.profile(inputs, { runs: 2 })
    checkTimes(profile)
    expect(launchesOf(profile)).toEqual(explainedLaunches(modelOf('staged')))
    const after = await elementsOf((await net.run(inputs))['total'])
    // once more than before, not four times
    expect(before).toEqual([0])
    const twice = await elementsOf((await net.run(inputs))['total'])
    expect(twice[0]).toBeCloseTo(2 * (after[0] ?? 0), 3)
    net.dispose()
  })

  test('of the arms of a branch one runs; GPUs launch both, and the other returns at once', async () => {
    const net = await load('arms')
    const profile = await net.profile({ x: filled(96 * 96) }, { runs: 1 })
    checkTimes(profile)
    const total = profile.kernels.reduce((sum, { launches }) => sum + launches, 0)
    if (target === 'wasm') expect(total).toBeLessThan(net.info.dispatches)
    else expect(total).toBe(net.info.dispatches)
    net.dispose()
  })

  test('the program is profiled that a run would run', async () => {
    const { halves } = await compileModels(target, { modes: ['eval', 'train'], runtime: runtime() })
    const net = await (halves ?? expect.fail()).definition.load({ weights: { seed: 1 }, ...options() })
    const [x, bias] = [new Uint16Array(64 * 96).fill(0x3c00), new Uint16Array(96)]
    const profiles = [
      await net.profile({ x, bias }, { runs: 1 }),
      await net.profile({ x }, { runs: 1 }),
      await net.profile({ x }, { runs: 1, mode: 'train' }),
    ]
    for (const [i, profile] of profiles.entries()) {
      checkTimes(profile)
      const names = profile.kernels.map(({ name }) => name).join()
      expect(names.includes('add'), names).toBe(i === 0)
      expect(names.includes('exp'), names).toBe(i < 2)
    }
    net.dispose()
  })

  test('other calls wait, and later sizes work', async () => {
    const net = await load('layers')
    const profiling = net.profile({ x: filled(3 * 32) }, { runs: 2 })
    const x = filled(5 * 32)
    const running = net.run({ x })
    x.fill(Number.NaN)
    const again = net.profile({ x: filled(7 * 32) }, { runs: 1 })
    checkTimes(await profiling)
    const outputs = await running
    expect((outputs['probs'] as HostTensor).shape).toEqual([5, 4])
    expect((await elementsOf(outputs['probs'])).every((value) => value > 0)).toBe(true)
    checkTimes(await again)
    net.dispose()
    await expect(net.profile({ x: filled(32) })).rejects.toMatchObject({ code: 'model_disposed' })
  })

  test('a production build says what to do', async () => {
    const { layers } = await compileModels(target, { profile: false, runtime: runtime() })
    const net = await (layers ?? expect.fail()).definition.load({ weights: { seed: 1 }, ...options() })
    const error: unknown = await net.profile({ x: filled(32) }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'TsjitError', code: 'model_not_profiled' })
    expect(String(error)).toContain('profile: true')
    net.dispose()
  })
}

function filled(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 0.1 + ((i * 7) % 11) / 10)
}

async function elementsOf(tensor: unknown): Promise<readonly number[]> {
  return [...(await (tensor as HostTensor).data())]
}

function checkTimes({ milliseconds, kernels }: Profile): void {
  expect(milliseconds).toBeGreaterThan(0)
  expect(kernels.length).toBeGreaterThan(0)
  for (const kernel of kernels) {
    expect(kernel.name).not.toBe('')
    expect(kernel.launches).toBeGreaterThanOrEqual(1)
    expect(Number.isFinite(kernel.milliseconds) && kernel.milliseconds >= 0, JSON.stringify(kernel)).toBe(true)
  }
  expect(kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0)).toBeGreaterThan(0)
}

function launchesOf({ kernels }: Profile): Readonly<Record<string, number>> {
  return sumByName(kernels.map(({ name, launches }) => [name, launches]))
}

function explainedLaunches({ explained }: CompiledModel): Readonly<Record<string, number>> {
  return sumByName(explained.kernels.map(({ name }) => [name, 1]))
}

function sumByName(pairs: readonly (readonly [name: string, count: number])[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const [name, count] of pairs) sums[name] = (sums[name] ?? 0) + count
  return sums
}

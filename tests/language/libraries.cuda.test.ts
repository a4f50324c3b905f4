// Products of matrices by cuBLASLt, where an app asks for it: the same results as of the model's own kernels.
import { fileURLToPath } from 'node:url'
import type { Definition, HostTensor, LoadOptions } from '@tsjit/host'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadCublas } from '../../packages/runtime-cuda/src/api/cublas-api.ts'
import { buildCublas } from '../../packages/runtime-cuda/scripts/build-emulator.mjs'
import { countCalls } from '../../packages/runtime-cuda/tests/support/count-calls.ts'
import { findCublas } from '../support/find-cublas.ts'
import { importCompiled } from '../support/import-compiled.ts'

const file = fileURLToPath(new URL('./programs/products.tsjit', import.meta.url))
const weights = { seed: 3 }
let models: Readonly<Record<string, Definition>> = {}

/** The library: the emulator's, or that of a machine with a GPU, which may have none. */
async function libraryPath(): Promise<string | undefined> {
  const own = process.env['TSJIT_CUBLASLT']
  if (process.env['TSJIT_CUDA'] !== 'device') return buildCublas()
  const isThere = await loadCublas().then(
    () => true,
    () => false,
  )
  return isThere ? (own ?? '') : findCublas()[0]
}

const path = await libraryPath()

beforeAll(async () => {
  if (path !== undefined && path !== '') vi.stubEnv('TSJIT_CUBLASLT', path)
  models = await importCompiled(file, 'cuda')
})
afterAll(() => void vi.unstubAllEnvs())

/** Returns what a model gives with and without the library, and how many kernels the runtime launched each time. */
async function both(name: string, inputs: Readonly<Record<string, unknown>>) {
  const runs = ['never', 'auto'].map((libraries) => async () => {
    const model = models[name]
    if (model === undefined) throw new Error(`no model ${name}`)
    const options = { libraries, ...(name === 'plain' && { weights }) } as LoadOptions
    const net = await model.load(options)
    const calls = await countCalls()
    const given = await net.run(inputs)
    const outputs =
      'data' in given ? { output: given as unknown as HostTensor } : (given as Readonly<Record<string, HostTensor>>)
    const found = new Map<string, number[]>()
    for (const [path, tensor] of Object.entries(outputs)) found.set(path, [...(await tensor.data())].map(Number))
    const launched = calls.stop()['cuLaunchKernel'] ?? 0
    net.dispose()
    return { found, launched }
  })
  const [never, auto] = [await runs[0]?.(), await runs[1]?.()]
  if (never === undefined || auto === undefined) throw new Error('two runs')
  return { never, auto }
}

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.37 + seed)))

function expectClose(found: ReadonlyMap<string, number[]>, wanted: ReadonlyMap<string, number[]>): void {
  for (const [path, data] of wanted) {
    const own = found.get(path) ?? []
    expect(own.length).toBe(data.length)
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - (own[i] ?? NaN))), 0)
    expect(worst, path).toBeLessThan(1e-4)
  }
}

describe.skipIf(path === undefined)('with the library', () => {
  test('products by rows, and with weights as they are stored, at several sizes', async () => {
    for (const rows of [300, 512]) {
      const { never, auto } = await both('plain', { a: numbers(rows * 192, rows), b: numbers(192 * 320, 1) })
      expect([never.launched, auto.launched]).toEqual([2, 0])
      expectClose(auto.found, never.found)
    }
  })

  test('several products at once', async () => {
    const { never, auto } = await both('batched', { a: numbers(3 * 128 * 160, 2), b: numbers(3 * 192 * 160, 5) })
    expect([never.launched, auto.launched]).toEqual([1, 0])
    expectClose(auto.found, never.found)
  })

  test('halves of either kind', async () => {
    const bits = (count: number, one: number): Uint16Array =>
      Uint16Array.from({ length: count }, (_, i) => (i % 7 === 0 ? one : i % 11 === 0 ? one + 0x8000 : 0))
    const half = await both('halves', { a: bits(256 * 192, 0x3c00), b: bits(192 * 256, 0x3c00) })
    expect(half.auto.launched).toBe(0)
    expect(half.auto.found).toEqual(half.never.found)
    const brain = await both('brains', { a: bits(256 * 192, 0x3f80), b: bits(192 * 256, 0x3f80) })
    expect(brain.auto.launched).toBe(0)
    expect(brain.auto.found).toEqual(brain.never.found)
  })

  test('small ones, and those of models that do not ask, are computed by the kernels', async () => {
    const { never, auto } = await both('small', { a: numbers(64 * 32, 2), b: numbers(32 * 64, 5) })
    expect([never.launched, auto.launched]).toEqual([1, 1])
    expect(auto.found).toEqual(never.found)
  })
})

test('another value of the option is an error at load', async () => {
  await expect(models['small']?.load({ libraries: 'always' } as unknown as LoadOptions)).rejects.toMatchObject({
    code: 'option_invalid',
    message: expect.stringContaining("the option `libraries` of `load` must be 'auto' or 'never', not 'always'"),
  })
})

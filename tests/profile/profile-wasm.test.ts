// Profiles of models in WebAssembly: on this thread, on several, in a worker; and of models that run eagerly.

import { fileURLToPath } from 'node:url'
import * as compiler from '@tsjit/compiler'
import type { Definition, HostTensor, LoadOptions } from '@tsjit/host'
import { createFileCompiler } from 'unplugin-tsjit/api'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { buildRuntime } from '../support/built-runtime.ts'
import { checkProfiles } from './check-profiles.ts'
import { compileModels, modelsFile } from './compile-models.ts'

// Threads of a busy machine come late.
vi.setConfig({ testTimeout: 60_000 })

const largeFile = fileURLToPath(new URL('../../packages/runtime-wasm/tests/models/large.tsjit', import.meta.url))
const numbers = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i))
/** Launches in a row, and inside of loops and branches. */
const large = {
  mlp: { x: numbers(500 * 100) },
  steps: { x: numbers(700 * 96) },
  turns: { x: numbers(9 * 2000 * 96), last: Int32Array.of(6) },
}

let runtime: string
beforeAll(async () => {
  runtime = await buildRuntime()
}, 60_000)

const others: readonly (readonly [string, LoadOptions])[] = [
  ['on two threads', { threads: 2 }],
  ['in a worker', { worker: true, threads: 1 }],
  ['in a worker on two threads', { worker: true, threads: 2 }],
]

describe('on one thread', () => checkProfiles('wasm', () => ({ threads: 1 })))
describe.each(others)('%s', (_, options) => {
  checkProfiles(
    'wasm',
    () => options,
    () => runtime,
  )

  test('launches that threads divide count once', async () => {
    const models = await compileModels('wasm', { file: largeFile, runtime })
    for (const [name, inputs] of Object.entries(large)) {
      const { definition } = models[name] ?? expect.fail(name)
      const found = [{ threads: 1 }, options].map(async (own) => {
        const net = await definition.load({ weights: { seed: 1 }, ...own })
        const { kernels } = await net.profile(inputs, { runs: 2 })
        expect(net.info.threads, name).toBe(own.threads)
        net.dispose()
        return kernels.map((kernel) => [kernel.name, kernel.launches])
      })
      const [wanted, got] = await Promise.all(found)
      expect(got, name).toEqual(wanted)
    }
  })
})

test('modules that are not to be profiled say nothing of it', async () => {
  const files = createFileCompiler(compiler)
  for (const profile of [false, true]) {
    for (const target of ['wasm', 'webgpu', 'cuda'] as const) {
      const { code, assets } = await files.compileFile(modelsFile, { target, profile, names: 'minified' })
      expect(/profile/i.test(code), target).toBe(profile)
      // the form for every engine
      for (const { bytes } of assets.slice(0, 1)) {
        const names = WebAssembly.Module.imports(new WebAssembly.Module(bytes as BufferSource)).map(({ name }) => name)
        expect(names.includes('mark')).toBe(profile)
      }
    }
  }
})

describe('eagerly', () => {
  test('rows are kinds of operations', async () => {
    const { counter }: { readonly counter: Definition } = await import(/* @vite-ignore */ modelsFile)
    const net = await counter.load({ weights: { seed: 1 } })
    const inputs = { x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const profile = await net.profile(inputs, { runs: 2 })
    expect(log).not.toHaveBeenCalled()
    expect(profile.kernels.map(({ name }) => name)).toContain('add')
    expect(profile.kernels.every(({ milliseconds, launches }) => milliseconds >= 0 && launches > 0)).toBe(true)
    const { next } = (await net.run(inputs)) as Readonly<Record<string, HostTensor>>
    expect([...((await next?.data()) ?? [])]).toEqual([...inputs.x])
    log.mockRestore()
    net.dispose()
  })
})

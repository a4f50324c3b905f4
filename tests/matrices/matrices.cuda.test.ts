// Models on tensor cores, as an app runs them, against eager.

import { fileURLToPath } from 'node:url'
import * as compiler from '@tsjit/compiler'
import { type Definition, type HostTensor, decoderOf, encoderOf } from '@tsjit/host'
import { createFileCompiler } from 'unplugin-tsjit/api'
import { beforeAll, expect, test } from 'vitest'
import { importCompiled } from '../support/import-compiled.ts'
import * as eager from './matrices.tsjit'

const file = fileURLToPath(new URL('./matrices.tsjit', import.meta.url))
let models: Readonly<Record<string, Definition>> = {}

beforeAll(async () => {
  models = await importCompiled(file, 'cuda')
})

type Half = 'f16' | 'bf16'

/** Numbers in [-1, 1), as bits of a type. */
function numbers(count: number, seed: number, dtype?: Half): Float32Array | Uint16Array {
  const all = Array.from({ length: count }, (_, i) => Math.sin((i + 1) * (seed + 1.7)))
  const encode = dtype === undefined ? undefined : encoderOf(dtype)
  return encode === undefined ? Float32Array.from(all) : Uint16Array.from(all, encode)
}

async function outputOf(model: Definition | undefined, inputs: object, target: 'cuda' | 'eager'): Promise<number[]> {
  if (model === undefined) throw new Error('no such model')
  const net = await model.load({ target, weights: { seed: 3 } })
  const { output } = (await net.run(inputs as Parameters<typeof net.run>[0])) as unknown as { output: HostTensor }
  const [data, { dtype }] = [await output.data(), output]
  net.dispose()
  return Array.from(data as ArrayLike<number>, decoderOf(dtype) ?? ((x: number) => x))
}

/** The largest difference to eager, in parts of the largest element. */
async function errorOf(
  name: 'perceptron' | 'heads' | 'product' | 'large' | 'across' | 'rowwise',
  inputs: object,
  compiled = models[name],
): Promise<number> {
  const [got, want] = [
    await outputOf(compiled, inputs, 'cuda'),
    await outputOf(eager[name] as unknown as Definition, inputs, 'eager'),
  ]
  expect(got).toHaveLength(want.length)
  const scale = largest(want)
  expect(scale).toBeGreaterThan(0)
  return largest(want.map((x, i) => x - (got[i] ?? Number.NaN))) / scale
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
}

test('kernels multiply fragments', async () => {
  const { cuda } = await createFileCompiler(compiler).compileFile(file, { target: 'cuda' })
  expect(cuda?.ptx).toContain('mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32')
  expect(cuda?.ptx).toContain('mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32')
  expect(cuda?.ptx).toContain('.extern .shared')
  expect(cuda?.ptx).not.toContain('tf32')
})

test.each([1, 5, 17, 64, 100])('weights of bf16, a batch of %i', async (batch) => {
  expect(await errorOf('perceptron', { x: numbers(batch * 40, 1, 'bf16') })).toBeLessThan(2 ** -7)
})

test('a product whose tiles need dynamic shared memory', async () => {
  const inputs = { a: numbers(1920 * 32, 6, 'bf16'), b: numbers(32 * 2048, 7, 'bf16') }
  expect(await errorOf('large', inputs)).toBeLessThan(2 ** -7)
})

test.each([8, 40, 72])('heads of f16 over %i tokens', async (tokens) => {
  const [q, k, v] = [0, 1, 2].map((seed) => numbers(2 * tokens * 32, seed, 'f16'))
  expect(await errorOf('heads', { q, k, v })).toBeLessThan(2 ** -8)
})

test('both operands by columns', async () => {
  const inputs = { a: numbers(40 * 504, 8, 'f16'), b: numbers(40 * 456, 9, 'f16') }
  expect(await errorOf('across', inputs)).toBeLessThan(2 ** -9)
})

test('few rows and many have kernels of their own', async () => {
  const net = await models['rowwise']?.load({ target: 'cuda' })
  expect(net?.info).toMatchObject({ dispatches: 1 })
  net?.dispose()
  for (const rows of [1, 20, 511, 512, 700]) {
    const inputs = { x: numbers(rows * 32, rows, 'bf16'), w: numbers(32 * 768, 5, 'bf16') }
    expect(await errorOf('rowwise', inputs)).toBeLessThan(2 ** -7)
  }
})

test('kernels of Hopper are beside those of every device, which takes what is its own', async () => {
  const architectures = ['sm_90a']
  const { cuda } = await createFileCompiler(compiler).compileFile(file, { target: 'cuda', architectures })
  const [own, ...others] = cuda?.variants ?? []
  expect(others).toEqual([])
  expect(own?.architecture).toBe('sm_90a')
  expect(own?.ptx).toContain('.target sm_90a')
  for (const shape of ['m64n256k16.f32.bf16.bf16', 'm64n64k16.f32.f16.f16'])
    expect(own?.ptx).toContain(`wgmma.mma_async.sync.aligned.${shape}`)
  expect(cuda?.ptx).not.toContain('wgmma')
  expect(entriesIn(own?.ptx)).toEqual(entriesIn(cuda?.ptx))
  const { large, across, perceptron } = await importCompiled(file, 'cuda', { architectures })
  const inputs = { a: numbers(1920 * 32, 6, 'bf16'), b: numbers(32 * 2048, 7, 'bf16') }
  expect(await errorOf('large', inputs, large)).toBeLessThan(2 ** -7)
  const halves = { a: numbers(40 * 504, 8, 'f16'), b: numbers(40 * 456, 9, 'f16') }
  expect(await errorOf('across', halves, across)).toBeLessThan(2 ** -9)
  expect(await errorOf('perceptron', { x: numbers(17 * 40, 1, 'bf16') }, perceptron)).toBeLessThan(2 ** -7)
})

function entriesIn(ptx = ''): readonly string[] {
  return [...ptx.matchAll(/\.entry (\w+)/g)].map(([, name = '']) => name)
}

test('f32 stays f32, and is rounded where the build allows it', async () => {
  const inputs = { a: numbers(40 * 64, 4), b: numbers(64 * 48, 5) }
  expect(await errorOf('product', inputs)).toBeLessThan(1e-6)
  const rounded = await importCompiled(file, 'cuda', { tf32: true })
  const error = await errorOf('product', inputs, rounded['product'])
  expect(error).toBeGreaterThan(1e-6)
  expect(error).toBeLessThan(5e-3)
})

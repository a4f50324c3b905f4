// What `explain` says of traffic and time.
import { expect, test } from 'vitest'
import { compile } from '../src/compile.ts'
import type { ModelExplanation } from '../src/explain.ts'
import { testHost } from './support/test-host.ts'

async function explained(body: string, target: 'webgpu' | 'wasm' | 'cuda'): Promise<ModelExplanation> {
  const text = `import { add, f16, f32, gt, matmul, model, param } from '@tsjit/dsl'\nexport const m = model(${body})\n`
  const { explain, diagnostics } = await compile({ file: '/m.tsjit', text, host: testHost(), target })
  expect(diagnostics).toEqual([])
  const [only] = explain
  if (only === undefined) throw new Error('no model')
  return only
}

test.each(['webgpu', 'wasm', 'cuda'] as const)('halves count two bytes on %s', async (target) => {
  const { kernels } = await explained('{ inputs: { x: f16(100) }, forward: ({ x }) => add(x, 1) }', target)
  expect(kernels).toMatchObject([{ reads: 200, writes: 200 }])
})

test.each([
  ['webgpu', 400],
  ['wasm', 100],
  ['cuda', 100],
] as const)('truth values are as large as they are on %s', async (target, writes) => {
  const { kernels } = await explained('{ inputs: { x: f32(100) }, forward: ({ x }) => gt(x, 0) }', target)
  expect(kernels).toMatchObject([{ reads: 400, writes }])
})

test('weights have the size of their dtype, and each target a time', async () => {
  const body = `{ inputs: { x: f32(1024, 1024) }, layers: { w: param(1024, 1024) }, forward: ({ x }, { w }) => matmul(x, w) }`
  const { suits, weightBytes, text } = await explained(body, 'cuda')
  expect(weightBytes).toBe(4 * 1024 * 1024)
  expect(suits).toMatchObject({ target: 'webgpu' })
  expect([suits.cuda < suits.webgpu, suits.webgpu < suits.wasm]).toEqual([true, true])
  expect(text).toMatch(/suits WebGPU: about [\d.]+ ms on a CPU core, [\d.]+ ms on a modest GPU; [\d.]+ ms .* CUDA/)
})

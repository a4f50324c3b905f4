// Inputs that a call leaves out, and models without any, in WebAssembly

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Definition, HostTensor, Instance } from '@tsjit/host'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importCompiled } from '../support/import-compiled.ts'

const text = `import { add, arange, bool, f32, model, mul, optional, param, where } from '@tsjit/dsl'

export const masked = model({
  inputs: { x: f32(3), mask: optional(bool(3)), bias: optional(f32(3)) },
  layers: { start: param(3, { init: 10 }) },
  forward({ x, mask, bias }, { start }) {
    const y = add(mul(x, 2), bias ?? start)
    return mask === undefined ? y : where(mask, y, 0)
  },
})

export const constant = model({ inputs: {}, forward: () => arange(3) })
`
let folder: string
let models: Readonly<Record<string, Definition>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsjit-optional-'))
  const file = join(folder, 'optional.tsjit')
  await writeFile(file, text)
  models = await importCompiled(file, 'wasm')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(net: Instance, inputs: Readonly<Record<string, unknown>>): Promise<unknown> {
  return ((await net.run(inputs))['output'] as HostTensor).toArray()
}

test('each combination runs its own program', async () => {
  const net = await models['masked']!.load({ weights: { seed: 1 } })
  const x = Float32Array.of(1, 2, 3)
  const bias = Float32Array.of(1, 1, 1)
  for (const _ of [1, 2]) {
    expect(await run(net, { x })).toEqual([12, 14, 16])
    expect(await run(net, { x, bias })).toEqual([3, 5, 7])
    expect(await run(net, { x, mask: [1, 0, 1] })).toEqual([12, 0, 16])
    expect(await run(net, { x, mask: [1, 0, 1], bias })).toEqual([3, 0, 7])
  }
  await expect(net.run({ bias })).rejects.toMatchObject({ code: 'model_input_missing' })
  net.dispose()
  await expect(net.run({ x })).rejects.toMatchObject({ code: 'model_disposed' })
})

test('a model without inputs', async () => {
  const net = await models['constant']!.load()
  for (const _ of [1, 2]) expect(await run(net, {})).toEqual([0, 1, 2])
})

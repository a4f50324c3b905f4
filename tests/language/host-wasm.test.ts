// Functions of the app in a compiled program: what goes wrong, what stays between calls, workers, what the build says

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as compiler from '@tsjit/compiler'
import type { Definition, HostTensor, Instance } from '@tsjit/host'
import { createFileCompiler } from 'unplugin-tsjit/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildRuntime } from '../support/built-runtime.ts'
import { importCompiled } from '../support/import-compiled.ts'

const text = `import { add, f32, dim, host, matmul, model, mul, param, sum } from '@tsjit/dsl'

const N = dim('N', { max: 100 })
const seen: number[] = []

const log = host((a) => { seen.push(a.data[0]); return seen.length }, f32())

export const counted = model({
  inputs: { x: f32(N) },
  layers: { w: param(4, 4) },
  forward({ x }, { w }) {
    const count = log(sum(x))
    return { count, sum: add(mul(x, 2), count), w: sum(matmul(w, w)) }
  },
})

export const broken = model({
  inputs: { x: f32(N) },
  forward: ({ x }) => host((a) => {
    class Bad extends Error {}
    if (a.data[0] > 1) throw new Bad('the app says no')
    return { y: a.data.slice(a.data[0]) }
  }, { y: f32(N) })(x).y,
})
`
let folder: string
let file: string
let models: Readonly<Record<string, Definition>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsjit-host-'))
  file = join(folder, 'host.tsjit')
  await writeFile(file, text)
  models = await importCompiled(file, 'wasm')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = async (net: Instance, x: readonly number[], name: string): Promise<unknown> =>
  ((await net.run({ x: Float32Array.from(x) }))[name] as HostTensor).toArray()

test.each([false, true])('calls in order, with data of the module that stays; in a worker: %s', async (worker) => {
  // workers load the runtime as it is built
  const { counted } = worker ? await importCompiled(file, 'wasm', { runtime: await buildRuntime() }) : models
  const net = await counted!.load({ weights: { seed: 1 }, ...(worker && { worker }) })
  const before = Number(await read(net, [5], 'count'))
  // the second begins while the first waits for the host
  const calls = [read(net, [1, 2], 'sum'), read(net, [3], 'sum')]
  expect(await Promise.all(calls)).toEqual([[3 + before, 5 + before], [8 + before]])
  expect(net.info.dispatches).toBeGreaterThan(1)
  expect((await net.weights()).length).toBeGreaterThan(64)
  net.dispose()
  await expect(net.run({ x: [1] })).rejects.toMatchObject({ code: 'model_disposed' })
})

test('what a function throws, and what it returns wrongly, rejects the run', async () => {
  const net = await models['broken']!.load()
  await expect(net.run({ x: [2, 2] })).rejects.toThrow('the app says no')
  await expect(net.run({ x: [1, 2, 3] })).rejects.toMatchObject({
    code: 'model_host_result',
    message: expect.stringContaining('as `y`, f32[3], not a Float32Array of 2'),
  })
  expect(await read(net, [0, 4], 'output')).toEqual([0, 4])
  net.dispose()
})

test('the build says what a call costs', async () => {
  const { diagnostics, explain } = await createFileCompiler(compiler).compileFile(file, { target: 'wasm' })
  expect(diagnostics.map(({ code, severity, message }) => `${severity} ${code}: ${message}`)).toEqual([
    'info flow_host_cost: the host is called here: 4 B leave the device, 4 B come back, and it waits meanwhile',
    'info flow_host_cost: the host is called here: 400 B leave the device, 400 B come back, and it waits meanwhile',
  ])
  expect(explain.map(({ host }) => host)).toEqual([[{ taken: 4, given: 4 }], [{ taken: 400, given: 400 }]])
  expect(explain[0]?.text).toContain('stage 1')
})

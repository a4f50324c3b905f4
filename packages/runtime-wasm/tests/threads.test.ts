// Models on several threads, in Node: the same bits as on one, whatever happens around them.
import { execFile } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Worker as NodeWorker } from 'node:worker_threads'
import {
  CONTRACT_VERSION,
  type Definition,
  type HostTensor,
  type Instance,
  type LoadOptions,
  type WasmDefinitionData,
} from '@tsjit/host'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { buildRuntime } from '../../../tests/support/built-runtime.ts'
import { assembleWasm } from '../../compiler/src/5-codegen/wasm/assemble-wasm.ts'
import { compileToModule, importCompiled } from '../../../tests/support/import-compiled.ts'

const file = fileURLToPath(new URL('models/large.tsjit', import.meta.url))
// Threads of a busy machine come late.
vi.setConfig({ testTimeout: 60_000 })

let runtime: string
let models: Readonly<Record<string, Definition>>

beforeAll(async () => {
  runtime = await buildRuntime()
  models = await importCompiled(file, 'wasm', { runtime })
}, 60_000)

const numbers = (length: number, seed = 1): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + seed) * 3)
const shaped = (shape: readonly number[], seed?: number): object => ({
  shape,
  data: numbers(
    shape.reduce((a, b) => a * b, 1),
    seed,
  ),
})

interface Runtime {
  program(data: WasmDefinitionData): Definition
}

type Inputs = Readonly<Record<string, unknown>>

async function load(name: string, options: LoadOptions): Promise<Instance> {
  return models[name]!.load({ weights: { seed: 3 }, ...options })
}

/** The bytes of all results: comparing many numbers takes a test runner long. */
async function read(outputs: Inputs): Promise<Buffer> {
  const all = await Promise.all(Object.values(outputs).map((tensor) => (tensor as HostTensor).data()))
  return Buffer.concat(
    all.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)),
  )
}

function expectSame(got: Buffer, wanted: Buffer, message?: string): void {
  expect(got.length, message).toBe(wanted.length)
  expect(got.compare(wanted), message).toBe(0)
}

/** Expects the same bits from every way to load a model. */
async function compare(name: string, inputs: readonly Inputs[], ways: readonly LoadOptions[]): Promise<void> {
  const single = await load(name, { threads: 1 })
  const others = await Promise.all(ways.map((way) => load(name, way)))
  for (const each of [...inputs, ...inputs]) {
    const wanted = await read(await single.run(each))
    for (const [i, other] of others.entries()) {
      expectSame(await read(await other.run(each)), wanted, `${name} ${JSON.stringify(ways[i])}`)
    }
  }
  for (const net of [single, ...others]) net.dispose()
}

const ways: readonly LoadOptions[] = [
  { threads: 2 },
  { threads: 3 },
  { threads: 5 },
  { worker: true, threads: 1 },
  { worker: true, threads: 3 },
]

describe('the same bits on any number of threads', () => {
  test('a multilayer perceptron, from one row to many and back', () =>
    compare(
      'mlp',
      [1, 700, 33, 1200].map((rows) => ({ x: shaped([rows, 100]) })),
      ways,
    ))

  test('elementwise functions over lengths that nothing divides', () =>
    compare(
      'waves',
      [100_003, 7, 300_001].map((length) => ({ x: numbers(length) })),
      ways,
    ))

  test('convolutions and pooling', () => compare('image', [{ x: shaped([1, 3, 61, 67]) }], ways))

  test('rows', () =>
    compare(
      'rows',
      [500, 1].map((count) => ({ x: shaped([count, 333]) })),
      ways,
    ))

  test('launches that are divided between others that are not', () =>
    compare(
      'steps',
      [300, 2, 1500].map((count) => ({ x: shaped([count, 96]) })),
      ways,
    ))

  test('launches inside of loops and branches', () =>
    compare(
      'turns',
      [300, 2, 1500].map((count) => ({ x: shaped([9, count, 96]), last: Int32Array.of(count % 7) })),
      ways,
    ))

  test('halves, integers and booleans', () => {
    const data = numbers(600 * 200)
    const x = { shape: [600, 200], data: Uint16Array.from(data, (v) => 15_000 + v * 300) }
    const n = { shape: [600, 200], data: Int32Array.from(data, (v) => v * 5) }
    return compare('kinds', [{ x, n }], ways)
  })
})

describe('how many', () => {
  test('info tells how many threads a run uses, and small models use one', async () => {
    const net = await load('mlp', { threads: 3 })
    await net.run({ x: shaped([700, 100]) })
    expect(net.info.threads).toBe(3)
    const small = await load('policy', { threads: 3 })
    await small.run({ x: numbers(4) })
    expect(small.info.threads).toBe(1)
    const usual = await load('image', {})
    expect(usual.info.threads).toBeGreaterThanOrEqual(1)
    expect(usual.info.threads).toBeLessThanOrEqual(4)
    for (const each of [net, small, usual]) each.dispose()
  })

  test.for([0, -1, 1.5, '2', Number.NaN])('%s threads are refused', async (threads) => {
    await expect(load('mlp', { threads: threads as number })).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining('`threads` of `load` must be a whole number of at least 1'),
    })
  })

  test('a worker that is neither true nor false is refused', async () => {
    await expect(load('mlp', { worker: 'yes' as never })).rejects.toMatchObject({ code: 'option_invalid' })
  })
})

describe('side by side', () => {
  test('several models share the helpers, one goes, the others go on', async () => {
    const [a, b] = await Promise.all([load('mlp', { threads: 3 }), load('rows', { threads: 2 })])
    const mlp = { x: shaped([600, 100]) }
    const rows = { x: shaped([400, 333]) }
    const [first, second] = [await read(await a!.run(mlp)), await read(await b!.run(rows))]
    for (let i = 0; i < 5; i++) {
      expectSame(await read(await a!.run(mlp)), first)
      expectSame(await read(await b!.run(rows)), second)
    }
    a!.dispose()
    const c = await load('mlp', { threads: 4 })
    for (let i = 0; i < 5; i++) {
      expectSame(await read(await b!.run(rows)), second)
      expectSame(await read(await c.run(mlp)), first)
    }
    b!.dispose()
    c.dispose()
    const d = await load('mlp', { threads: 2 })
    expectSame(await read(await d.run(mlp)), first)
    d.dispose()
  })

  test('runs in flight at once, here and in two workers that want the same helpers', async () => {
    const nets = await Promise.all(
      [{ threads: 3 }, { threads: 3, worker: true }, { threads: 2, worker: true }].map((way) => load('mlp', way)),
    )
    const inputs = [300, 900, 301].map((rows) => ({ x: shaped([rows, 100], rows) }))
    const wanted = await Promise.all(inputs.map(async (each) => read(await nets[0]!.run(each))))
    const runs = nets.flatMap((net) =>
      [...inputs, ...inputs].map(async (each, i) =>
        expectSame(await read(await net.run(each)), wanted[i % inputs.length]!),
      ),
    )
    await Promise.all(runs)
    for (const net of nets) net.dispose()
  })

  test('arrays may change as soon as a run in a worker is under way', async () => {
    const net = await load('waves', { worker: true })
    const x = numbers(50_000)
    const wanted = await read(await net.run({ x }))
    const running = net.run({ x })
    x.fill(0)
    expectSame(await read(await running), wanted)
    net.dispose()
  })
})

describe('what goes wrong', () => {
  test('a launch that fails in any thread fails the run; the next ones go on', async () => {
    const { program } = (await import(/* @vite-ignore */ pathToFileURL(runtime).href)) as Runtime
    // adds 1 to as many numbers as it has groups; fails at the group whose number is the first input
    const code = `(func $p0 (param $table i32) (param $from i32) (param $to i32) (param $own i32) (param $begin i32) (param $end i32)
      (local $at i32)
      (if (i32.eqz (local.get $to)) (then (local.set $end (i32.const 64))))
      (loop $groups
        (if (f32.eq (f32.convert_i32_s (local.get $begin)) (f32.load (i32.load (local.get $table)))) (then unreachable))
        (local.set $at (i32.mul (local.get $begin) (i32.const 4)))
        (f32.store (i32.add (i32.load offset=4 (local.get $table)) (local.get $at))
          (f32.add (f32.const 1) (f32.load (i32.add (i32.load (local.get $table)) (local.get $at)))))
        (br_if $groups (i32.lt_s (local.tee $begin (i32.add (local.get $begin) (i32.const 1))) (local.get $end)))))`
    const bytes = await assembleWasm({ functions: [code], exports: new Map([['p0', 'p0']]), relaxed: false })
    const definition = program({
      contract: CONTRACT_VERSION,
      name: 'failing',
      weights: [],
      constants: [],
      programs: {
        eval: {
          dims: [],
          inputs: [['x', 'f32', [64]]],
          outputs: [['y', 'f32', [64]]],
          solve: () => [],
          shapes: () => [[64], [64]],
          arena: () => [],
          run: 'p0',
          scratch: 0,
          counts: [1, 1],
          parts: () => [0, 64, 1e7],
        },
      },
      module: [bytes, bytes],
    })
    const good = Float32Array.from({ length: 64 }, (_, i) => i - 2)
    for (const way of [{ threads: 3 }, { threads: 2, worker: true }, { threads: 1, worker: true }]) {
      const net = await definition.load(way)
      for (let group = 0; group < 64; group += 7) {
        const bad = good.slice()
        bad[0] = group
        await expect(net.run({ x: bad }), `group ${group}`).rejects.toThrow(/unreachable|another thread/)
        const { y } = await net.run({ x: good })
        expect(await (y as HostTensor).data()).toEqual(good.map((v) => v + 1))
      }
      net.dispose()
    }
  })
})

test('a worker that dies is replaced, with its weights, at the next run', async () => {
  const started: NodeWorker[] = []
  const keep = (worker: NodeWorker): number => started.push(worker)
  process.on('worker', keep)
  const net = await load('mlp', { worker: true, threads: 1 })
  process.off('worker', keep)
  const inputs = { x: shaped([90, 100]) }
  const wanted = await read(await net.run(inputs))
  expect(started).toHaveLength(1)
  const running = net.run({ x: shaped([4000, 100]) })
  await started[0]!.terminate()
  await expect(running).rejects.toMatchObject({ code: 'target_device_lost' })
  expectSame(await read(await net.run(inputs)), wanted)
  net.dispose()
})

describe('the end', () => {
  test.for([{ threads: 2 }, { worker: true }, { worker: true, threads: 2 }])(
    'a model with %o that is disposed refuses to run; what was under way is answered',
    async (way) => {
      const net = await load('mlp', way)
      const before = await net.run({ x: shaped([700, 100]) })
      const running = net.run({ x: shaped([700, 100]) })
      net.dispose()
      net.dispose()
      expectSame(await read(await running), await read(before))
      await expect(net.run({ x: shaped([700, 100]) })).rejects.toMatchObject({ code: 'model_disposed' })
    },
  )

  test('more memory than there is for weights and scratch memory fails the load', async () => {
    const { program } = (await import(/* @vite-ignore */ pathToFileURL(runtime).href)) as Runtime
    const bytes = await assembleWasm({
      functions: ['(func $p0 (param $table i32))'],
      exports: new Map([['p0', 'p0']]),
      relaxed: false,
    })
    const own = { dims: [], inputs: [], outputs: [], solve: () => [], shapes: () => [], arena: () => [] }
    const parts = () => [0, 64, 1e7]
    const definition = program({
      contract: CONTRACT_VERSION,
      name: 'large',
      weights: [],
      constants: [],
      programs: { eval: { ...own, run: 'p0', scratch: 2 ** 33, counts: [1, 1], parts } },
      module: [bytes, bytes],
    })
    for (const way of [{ threads: 2 }, { worker: true, threads: 1 }, { worker: true, threads: 2 }]) {
      await expect(definition.load(way), JSON.stringify(way)).rejects.toMatchObject({ code: 'target_limit_exceeded' })
    }
  })

  test('more memory than there is is refused, and smaller calls go on', async () => {
    for (const way of [{ threads: 2 }, { worker: true, threads: 1 }]) {
      const net = await load('outer', way)
      const x = numbers(300)
      const wanted = await read(await net.run({ x }))
      await expect(net.run({ x: numbers(40_000) })).rejects.toMatchObject({ code: 'target_limit_exceeded' })
      expectSame(await read(await net.run({ x })), wanted)
      net.dispose()
    }
  })

  test.for(['threads: 3', 'worker: true', 'worker: true, threads: 2'])(
    'Node ends while a model with %s is loaded, and after it is disposed',
    async (way) => {
      const compiled = await compileToModule(file, 'wasm', { runtime })
      const script = (last: string): string => `
        const { mlp } = await import('${compiled}')
        const net = await mlp.load({ weights: { seed: 1 }, ${way} })
        const { y } = await net.run({ x: { data: new Float32Array(70000), shape: [700, 100] } })
        console.log((await y.data()).length, net.info.threads)
        ${last}`
      for (const last of ['', 'net.dispose()']) {
        const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script(last)], {
          timeout: 30_000,
        })
        expect(stdout).toMatch(/^4900 [123]\n$/)
      }
    },
  )
})

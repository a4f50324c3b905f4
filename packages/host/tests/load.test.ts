// Where weights come from, how they are compared, and what progress and abort do.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createDefinition,
  writeSafetensors,
  type LoadOptions,
  type LoadProgress,
  type TypedArray,
  type WeightData,
} from '../src/index.ts'
import { dataOf, record } from './recording-driver.ts'

const model: readonly WeightData[] = [
  ['head.weight', 'f32', [2, 3], ['normal', 0, 1], 'param'],
  ['head.bias', 'f32', [2], 0.5, 'param'],
  ['steps', 'i32', [], 0, 'buffer'],
]
const weight = { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }
const bias = { dtype: 'F32', shape: [2], data: Float32Array.of(7, 8) }
const steps = { dtype: 'I64', shape: [], data: BigInt64Array.of(9n) }
const good = writeSafetensors({ 'head.weight': weight, 'head.bias': bias, steps })
const expected = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(7, 8), Int32Array.of(9)]

async function load(
  weights: LoadOptions['weights'],
  options: LoadOptions = {},
  from = model,
): Promise<readonly TypedArray[]> {
  const recording = record()
  const net = await createDefinition(dataOf({}, from), recording.driver).load({
    ...options,
    ...(weights === undefined ? {} : { weights }),
  })
  net.dispose()
  return recording.weights
}

let folder = ''
let server: Server
let origin = ''
let answer: (request: IncomingMessage, response: ServerResponse) => void
let requests: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsjit-host-'))
  requests = []
  answer = (_, response) => response.end(good)
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  Reflect.deleteProperty(globalThis, 'caches')
  await rm(folder, { recursive: true })
})

test('loads from bytes, views, blobs, paths, file URLs and addresses', async () => {
  const path = join(folder, 'w.safetensors')
  await writeFile(path, good)
  const within = new Uint8Array(good.length + 6)
  within.set(good, 3)
  const sources = [
    good.buffer,
    good,
    within.subarray(3, 3 + good.length),
    new Blob([good]),
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    `${origin}/w.safetensors`,
    new URL(`${origin}/w.safetensors`),
    `data:application/octet-stream;base64,${Buffer.from(good).toString('base64')}`,
  ]
  for (const source of sources) expect(await load(source)).toEqual(expected)
})

test('arrives in pieces of any size', async () => {
  answer = async (_, response) => {
    for (let at = 0; at < good.length; at += 5) {
      response.write(good.subarray(at, at + 5))
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
  }
  expect(await load(origin)).toEqual(expected)
})

test('a model without weights needs none, one with weights says what to pass', async () => {
  expect(await load(undefined, {}, [])).toEqual([])
  await expect(load(undefined)).rejects.toMatchObject({
    code: 'weight_missing',
    message: expect.stringMatching(/`m` needs weights: a URL, bytes or \{ seed \}/),
  })
})

test('a seed draws the same numbers for a weight whatever else there is', async () => {
  const [first, second] = await load({ seed: 5 })
  expect(second).toEqual(Float32Array.of(0.5, 0.5))
  const [alone] = await load({ seed: 5 }, {}, model.slice(0, 1))
  expect(alone).toEqual(first)
  expect((await load({ seed: 6 }))[0]).not.toEqual(first)
  const many: WeightData[] = [
    ['n', 'f32', [20000], ['normal', 1, 2], 'param'],
    ['u', 'f32', [20000], ['uniform', -1, 3], 'param'],
    ['h', 'f16', [2], 1, 'param'],
  ]
  const [normal = [], uniform = [], half = []] = await load({ seed: 1 }, {}, many)
  const mean = (data: ArrayLike<number>): number =>
    Array.from(data).reduce((sum, value) => sum + value, 0) / data.length
  expect(mean(normal)).toBeCloseTo(1, 1)
  expect(Math.sqrt(mean(Array.from(normal, (value) => (value - 1) ** 2)))).toBeCloseTo(2, 1)
  expect(mean(uniform)).toBeCloseTo(1, 1)
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1)
  expect(Math.max(...uniform)).toBeLessThanOrEqual(3)
  expect([...half]).toEqual([0x3c00, 0x3c00])
})

test('every mismatch is listed at once', async () => {
  const file = writeSafetensors({
    'head.weight': { ...weight, shape: [3, 2] },
    'head.bais': bias,
    steps: { dtype: 'F32', shape: [], data: Float32Array.of(1) },
    'tail.weight': bias,
  })
  const error = await load(file).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'weight_mismatch' })
  const { problems, message } = error as { problems: { code: string }[]; message: string }
  expect(problems.map(({ code }) => code)).toEqual([
    'weight_shape_mismatch',
    'weight_missing',
    'weight_dtype_mismatch',
    'weight_unexpected',
    'weight_unexpected',
  ])
  expect(message).toMatch(/`head.weight` is f32\[2, 3\] in the model and F32\[3, 2\] in the file/)
  expect(message).toMatch(/`head.bias` f32\[2\] is not in the file; did you mean `head.bais`\?/)
  expect(message).toMatch(/`steps` is i32\[\] in the model and F32\[\] in the file/)
  expect(message).toMatch(/`tail.weight` is not in the model/)
  expect(message).toMatch(/https:\/\/tsjit.dev\/e\/weight_mismatch$/)
})

test('a surplus is an error unless told otherwise', async () => {
  const file = writeSafetensors({ a: bias, 'head.weight': weight, 'head.bias': bias, steps, z: weight })
  await expect(load(file)).rejects.toMatchObject({
    code: 'weight_mismatch',
    message: expect.stringMatching(/strict: false/),
  })
  expect(await load(file, { strict: false })).toEqual(expected)
})

test('nothing is downloaded beyond the header of a file that does not fit', async () => {
  let isCut = false
  answer = (request, response) => {
    const file = writeSafetensors({ other: { dtype: 'F32', shape: [1 << 20], data: new Float32Array(1 << 20) } })
    response.write(file.subarray(0, 4096))
    request.socket.on('close', () => {
      isCut = true
    })
  }
  await expect(load(origin)).rejects.toMatchObject({ code: 'weight_mismatch' })
  await expect.poll(() => isCut).toBe(true)
})

test('dtypes are converted where nothing is lost but rounding', async () => {
  const to = (
    dtype: WeightData[1],
    from: string,
    shape: readonly number[],
    data: ArrayBufferView,
  ): Promise<readonly TypedArray[]> =>
    load(writeSafetensors({ a: { dtype: from, shape, data } }), {}, [['a', dtype, shape, 0, 'param']])
  expect((await to('f32', 'F64', [2], Float64Array.of(0.1, NaN)))[0]).toEqual(Float32Array.of(Math.fround(0.1), NaN))
  expect((await to('f32', 'F16', [2], Uint16Array.of(0x3c00, 0x8000)))[0]).toEqual(Float32Array.of(1, -0))
  expect((await to('f32', 'BF16', [1], Uint16Array.of(0x4049)))[0]).toEqual(Float32Array.of(3.140625))
  expect((await to('f16', 'F32', [1], Float32Array.of(1.0004)))[0]).toEqual(Uint16Array.of(0x3c00))
  expect((await to('bf16', 'BF16', [1], Uint16Array.of(7)))[0]).toEqual(Uint16Array.of(7))
  expect((await to('i32', 'I64', [2], BigInt64Array.of(-5n, 2n ** 31n - 1n)))[0]).toEqual(
    Int32Array.of(-5, 2 ** 31 - 1),
  )
  expect((await to('u8', 'I16', [1], Int16Array.of(255)))[0]).toEqual(Uint8Array.of(255))
  expect((await to('bool', 'U8', [2], Uint8Array.of(1, 0)))[0]).toEqual(Uint8Array.of(1, 0))
  await expect(to('i32', 'I64', [1], BigInt64Array.of(2n ** 31n))).rejects.toMatchObject({
    code: 'weight_dtype_mismatch',
    message: expect.stringMatching(/2147483648/),
  })
  await expect(to('i8', 'U8', [1], Uint8Array.of(128))).rejects.toMatchObject({ code: 'weight_dtype_mismatch' })
  await expect(to('bool', 'BOOL', [1], Uint8Array.of(2))).rejects.toMatchObject({ code: 'weight_dtype_mismatch' })
  await expect(to('f32', 'I32', [1], Int32Array.of(1))).rejects.toMatchObject({ code: 'weight_mismatch' })
  await expect(to('i32', 'F32', [1], Float32Array.of(1))).rejects.toMatchObject({ code: 'weight_mismatch' })
})

test.for<[string, (file: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
  ['empty', () => new Uint8Array(0)],
  ['cut in the length', (file) => file.slice(0, 6)],
  ['cut in the header', (file) => file.slice(0, 50)],
  ['cut in the elements', (file) => file.slice(0, -1)],
  ['too long', (file) => new Uint8Array([...file, 0])],
  ['a page', () => new TextEncoder().encode('<!doctype html>') as Uint8Array<ArrayBuffer>],
])('a file that is %s is refused from bytes and from a server', async ([, damage]) => {
  const file = damage(good)
  answer = (_, response) => response.end(file)
  for (const source of [file, origin]) await expect(load(source)).rejects.toMatchObject({ code: 'weight_invalid_file' })
})

test('addresses that give nothing say why', async () => {
  answer = (_, response) => response.writeHead(404).end()
  await expect(load(`${origin}/w`)).rejects.toMatchObject({
    code: 'weight_unavailable',
    message: expect.stringMatching(/127.0.0.1.*404/),
  })
  await expect(load(join(folder, 'none'))).rejects.toMatchObject({
    code: 'weight_unavailable',
    message: expect.stringMatching(/ENOENT/),
  })
  await expect(load('http://127.0.0.1:1/w')).rejects.toMatchObject({ code: 'weight_unavailable' })
  answer = (request, response) => {
    response.write(good.subarray(0, 60))
    setTimeout(() => request.socket.destroy(), 10)
  }
  await expect(load(origin)).rejects.toMatchObject({ code: 'weight_unavailable' })
})

test('progress is monotonic, knows its total from the start, and ends at it', async () => {
  answer = async (_, response) => {
    for (let at = 0; at < good.length; at += 7) {
      response.write(good.subarray(at, at + 7))
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
  }
  const seen: LoadProgress[] = []
  await load(origin, { onProgress: (progress) => seen.push(progress) })
  expect(new Set(seen.map(({ total }) => total)).size).toBe(1)
  expect(seen.length).toBeGreaterThan(3)
  for (const [i, { loaded }] of seen.entries()) expect(loaded).toBeGreaterThanOrEqual(seen[i - 1]?.loaded ?? 0)
  expect(seen.at(-1)).toEqual({ loaded: 40, total: 40, phase: 'compile' })
})

test('an abort stops the download and rejects with the reason', async () => {
  let isCut = false
  answer = (request, response) => {
    response.write(good.subarray(0, good.length - 4))
    request.socket.on('close', () => {
      isCut = true
    })
  }
  const controller = new AbortController()
  const seen: LoadProgress[] = []
  const loading = load(origin, { signal: controller.signal, onProgress: (progress) => seen.push(progress) })
  await expect.poll(() => seen.length).toBeGreaterThan(0)
  controller.abort(new Error('enough'))
  await expect(loading).rejects.toThrow('enough')
  await expect.poll(() => isCut).toBe(true)
  await expect(load(good, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
})

test('an error in onProgress is the error of the load', async () => {
  const onProgress = (): never => {
    throw new Error('mine')
  }
  await expect(load(good, { onProgress })).rejects.toThrow('mine')
})

test('an index of shards loads them all, from addresses and from paths', async () => {
  const files: Record<string, Uint8Array | string> = {
    'model-1.safetensors': writeSafetensors({ 'head.weight': weight, steps }),
    'model-2.safetensors': writeSafetensors({ 'head.bias': bias }),
    'model.safetensors.index.json': JSON.stringify({
      metadata: { total_size: 40 },
      weight_map: {
        'head.weight': 'model-1.safetensors',
        steps: 'model-1.safetensors',
        'head.bias': 'model-2.safetensors',
      },
    }),
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  answer = (request, response) => response.end(files[(request.url ?? '').replace(/^\/w\/|\?.*/g, '')] ?? '')
  const seen: LoadProgress[] = []
  expect(
    await load(`${origin}/w/model.safetensors.index.json?v=1`, { onProgress: (progress) => seen.push(progress) }),
  ).toEqual(expected)
  expect(seen.at(-1)).toEqual({ loaded: 40, total: 40, phase: 'compile' })
  expect(await load(join(folder, 'model.safetensors.index.json'))).toEqual(expected)
  await expect(
    load(join(folder, 'model.safetensors.index.json'), {}, [...model, ['x', 'f32', [], 0, 'param']]),
  ).rejects.toMatchObject({
    code: 'weight_mismatch',
    problems: [{ code: 'weight_missing' }],
  })
  await writeFile(join(folder, 'model-2.safetensors'), writeSafetensors({ 'head.bias': { ...bias, shape: [2, 1] } }))
  await expect(load(join(folder, 'model.safetensors.index.json'))).rejects.toMatchObject({
    problems: [{ code: 'weight_shape_mismatch' }],
  })
  await writeFile(join(folder, 'bad.index.json'), '<html>')
  await expect(load(join(folder, 'bad.index.json'))).rejects.toMatchObject({ code: 'weight_invalid_file' })
})

test.for<[string, unknown, RegExp]>([
  ['a map of nothing', { weight_map: {} }, /names a file for each tensor/],
  ['a list', { weight_map: [] }, /names a file for each tensor/],
  ['no map', {}, /names a file for each tensor/],
  ['null', null, /names a file for each tensor/],
  ['a file that is a number', { weight_map: { steps: 5 } }, /`weight_map` names no file for `steps`/],
  ['a file that is null', { weight_map: { steps: null } }, /`weight_map` names no file for `steps`/],
])('an index with %s loads nothing and says so', async ([, index, message]) => {
  const path = join(folder, 'm.safetensors.index.json')
  await writeFile(path, JSON.stringify(index))
  await expect(load(path)).rejects.toMatchObject({
    code: 'weight_invalid_file',
    message: expect.stringMatching(message),
  })
  await expect(load(path)).rejects.toThrow(path)
})

test.for([undefined, 'x', -5, 0, NaN, 1e30])('an index that promises %s bytes has sound progress', async (size) => {
  await writeFile(join(folder, 'm.safetensors'), good)
  const names = ['head.weight', 'head.bias', 'steps'].map((name) => [name, 'm.safetensors'])
  const index = { metadata: { total_size: size }, weight_map: Object.fromEntries(names) as unknown }
  await writeFile(join(folder, 'm.index.json'), JSON.stringify(index))
  const seen: LoadProgress[] = []
  await load(join(folder, 'm.index.json'), { onProgress: (progress) => seen.push(progress) })
  for (const [i, { loaded, total }] of seen.entries()) {
    expect(loaded).toBeGreaterThanOrEqual(seen[i - 1]?.loaded ?? 0)
    expect(loaded).toBeLessThanOrEqual(total)
  }
})

test.for<[string, unknown, string, RegExp]>([
  ['null', null, 'option_invalid', /the options of `load` must be an object/],
  ['a misspelt name', { weigths: good }, 'option_unknown', /`load` has no option `weigths`; did you mean `weights`\?/],
  ['weights that are a number', { weights: 5 }, 'option_invalid', /`weights` of `load` must be a URL.*not 5/],
  ['weights that are an object', { weights: { sede: 1 } }, 'option_invalid', /not \{"sede":1\}/],
  ['weights still to come', { weights: Promise.resolve(good) }, 'option_invalid', /a Promise: await it first/],
  ['weights in a response', { weights: new Response(good) }, 'option_invalid', /await response\.arrayBuffer\(\)/],
  [
    'a seed that is text',
    { weights: { seed: 'a' } },
    'option_invalid',
    /\{ seed: a whole number \}, not \{"seed":"a"\}/,
  ],
  ['no weights', { weights: null }, 'weight_missing', /`m` needs weights/],
  ['a controller', { weights: good, signal: new AbortController() }, 'option_invalid', /controller\.signal/],
  ['progress that is no function', { weights: good, onProgress: 5 }, 'option_invalid', /must be a function, not 5/],
  ['a misspelt target', { weights: good, target: 'wsam' }, 'option_invalid', /'wasm' or 'eager', not 'wsam'/],
  ['another target', { weights: good, target: 'cuda' }, 'target_unavailable', /built for wasm, not for cuda/],
  ['a misspelt mode', { weights: good, mode: 'trian' }, 'option_invalid', /'eval' or 'train', not 'trian'/],
  ['another mode', { weights: good, mode: 'train' }, 'target_unavailable', /option `modes` of the build/],
])('refuses options with %s', async ([, options, code, message]) => {
  const definition = createDefinition(dataOf({}, model), record().driver)
  await expect(definition.load(options as never)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
})

test.for<[string, string | Uint8Array, RegExp]>([
  ['a page', '<!doctype html><p>', /a web page; the address leads to a page/],
  ['a file of torch.save', 'PK\x03\x04\0\0\x08\x08', /a zip, as torch.save writes it; save with/],
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1', /`git lfs pull` fetches the file/],
  ['an index under another name', '{"weight_map": {}}', /must end with `.index.json`/],
  ['nothing', '', /it is empty/],
  ['spaces that hide a cut', Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0, 123, 125), /ends within the header, which has 64/],
])('%s in the place of weights is named, and so is its address', async ([, content, message]) => {
  answer = (_, response) => response.end(content)
  await expect(load(`${origin}/w.safetensors`)).rejects.toMatchObject({
    code: 'weight_invalid_file',
    message: expect.stringMatching(message),
  })
  await expect(load(`${origin}/w.safetensors`)).rejects.toThrow(`${origin}/w.safetensors`)
})

test('names of a file that wraps the model are recognised, and steer no terminal', async () => {
  const error: unknown = await load(
    writeSafetensors({ 'module.head.weight': weight, 'head.bias': { ...bias, dtype: 'f32' }, 'a\u001b[2J': steps }),
  ).catch((caught: unknown) => caught)
  const { message } = error as Error
  expect(message).toContain('`head.weight` f32[2, 3] is not in the file; did you mean `module.head.weight`?')
  expect(message).toContain('f32[2] in the file, which is no dtype of safetensors')
  expect(message).toContain('`a\\u001b[2J`')
})

test('what the network says is in the message', async () => {
  await expect(load('http://127.0.0.1:1/w')).rejects.toThrow(/ECONNREFUSED|bad port/)
})

/** A Cache Storage in memory. */
function installCaches(): Map<string, Response> {
  const kept = new Map<string, Response>()
  const cache = {
    async put(address: string | URL, response: Response) {
      const body = await response.arrayBuffer()
      kept.set(String(address), new Response(body, { headers: response.headers }))
    },
    delete: async (address: string | URL) => kept.delete(String(address)),
  }
  const value = {
    open: async () => cache,
    match: async (address: string | URL, { cacheName }: MultiCacheQueryOptions) =>
      cacheName === 'tsjit' ? kept.get(String(address))?.clone() : undefined,
  }
  Object.defineProperty(globalThis, 'caches', { value, configurable: true })
  return kept
}

test('the cache serves what the server confirms, and works without the server', async () => {
  const kept = installCaches()
  let version = '"1"'
  answer = (_, response) => response.writeHead(200, { etag: version }).end(good)
  const phases = async (): Promise<readonly string[]> => {
    const seen = new Set<string>()
    expect(await load(`${origin}/w`, { onProgress: ({ phase }) => seen.add(phase) })).toEqual(expected)
    return [...seen]
  }
  expect(await phases()).toEqual(['download', 'compile'])
  await expect.poll(() => kept.size).toBe(1)
  expect(await phases()).toEqual(['cache', 'compile'])
  version = '"2"'
  expect(await phases()).toEqual(['download', 'compile'])
  expect(requests).toEqual(['GET /w', 'GET /w', 'GET /w'])
  await expect.poll(() => kept.get(`${origin}/w`)?.headers.get('etag')).toBe('"2"')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await phases()).toEqual(['cache', 'compile'])
})

test('what has no version is not kept, a bad file is dropped, and `cache: false` is obeyed', async () => {
  const kept = installCaches()
  await load(`${origin}/w`)
  expect(kept.size).toBe(0)
  answer = (_, response) => response.writeHead(200, { etag: '"1"' }).end('<!doctype html>')
  await expect(load(`${origin}/w`)).rejects.toMatchObject({ code: 'weight_invalid_file' })
  await expect.poll(() => kept.size).toBe(0)
  answer = (_, response) => response.writeHead(200, { etag: '"1"' }).end(good)
  await load(`${origin}/w`, { cache: false })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(kept.size).toBe(0)
})

test('a page without caches loads as well', async () => {
  const refuse = (): Promise<never> => Promise.reject(new DOMException('insecure', 'SecurityError'))
  Object.defineProperty(globalThis, 'caches', { value: { open: refuse, match: refuse }, configurable: true })
  expect(await load(origin)).toEqual(expected)
})

test('options that the model was not built for', async () => {
  const definition = createDefinition(dataOf({}), record().driver)
  await expect(definition.load({ target: 'cuda' })).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringMatching(/built for wasm, not for cuda/),
  })
  await expect(definition.load({ mode: 'train' })).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringMatching(/mode eval, not for train/),
  })
  const future = createDefinition({ ...dataOf({}), contract: 99 }, record().driver)
  await expect(future.load()).rejects.toMatchObject({
    code: 'contract_mismatch',
    message: expect.stringMatching(/contract 99/),
  })
  const eager = createDefinition(
    {
      ...dataOf({}),
      eager: async () => createDefinition({ ...dataOf({}), name: 'source' }, { ...record().driver, target: 'eager' }),
    },
    record().driver,
  )
  expect((await eager.load({ target: 'eager' })).info.target).toBe('eager')
})

test('a driver that cannot open ends the load at once', async () => {
  answer = (_, response) => void response.write(good.subarray(0, 20))
  const { driver } = record()
  const failing = { ...driver, open: () => Promise.reject(new Error('no device')) }
  await expect(createDefinition(dataOf({}, model), failing).load({ weights: origin })).rejects.toThrow('no device')
})

test('a file of thousands of other names is refused in no time', async () => {
  const count = 3000
  const names = Array.from({ length: count }, (_, i) => `roberta.block_${i}.self_attn.q_proj.kernel`)
  const file = writeSafetensors(Object.fromEntries(names.map((name) => [name, bias])))
  const other = names.map((_, i): WeightData => [`encoder.layers.${i}.attention.weight`, 'f32', [2], 0, 'param'])
  const start = performance.now()
  const error: unknown = await load(file, {}, other).catch((caught: unknown) => caught)
  expect(performance.now() - start).toBeLessThan(5000)
  expect(error).toMatchObject({ code: 'weight_mismatch', problems: { length: 2 * count } })
})

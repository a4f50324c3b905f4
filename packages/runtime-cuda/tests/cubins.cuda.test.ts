// Machine code that came with the build: taken where it is for the device, in every form that a build gives it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CudaModule } from '@tsjit/host'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { weights } from '../../../tests/support/affine-tests.ts'
import { loadDriver } from '../src/api/load-driver.ts'
import { acquireDevice } from '../src/device/device.ts'
import { program } from '../src/index.ts'
import { affine } from './support/affine.ts'
import { countCalls } from './support/count-calls.ts'

const before = process.env['XDG_CACHE_HOME']
let folder = ''
let architecture = ''

// What earlier runs have compiled is out of sight.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsjit-cubins-'))
  process.env['XDG_CACHE_HOME'] = folder
  architecture = `sm_${(await acquireDevice()).capability}`
})

afterAll(async () => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME']
  else process.env['XDG_CACHE_HOME'] = before
  await rm(folder, { recursive: true })
})

let modules = 0

/** A module that no test had before: equal ones are loaded once. */
function freshPtx(): string {
  return `// ${modules++}\n${affine.module.ptx}`
}

// A driver takes PTX as an image, too.
function imageOf(ptx: string): Uint8Array {
  return new TextEncoder().encode(`${ptx}\0`)
}

/** Returns what the model computes, and how often the driver compiled. */
async function run(module: CudaModule): Promise<{ readonly data: readonly number[]; readonly compiled: number }> {
  const calls = await countCalls()
  try {
    const net = await program({ ...affine, module }).load({ weights })
    const { hidden } = (await net.run({ x: [[1, -2, 3.5]] }, { outputs: ['hidden'] })) as {
      hidden: { data(): Promise<ArrayLike<number>> }
    }
    const data = Array.from(await hidden.data())
    net.dispose()
    return { data, compiled: calls.stop()['cuLinkComplete'] ?? 0 }
  } finally {
    calls.stop()
  }
}

const expected = [3, 4, 4.75]

test('without machine code the driver compiles', async () => {
  expect(await run({ ptx: freshPtx() })).toEqual({ data: expected, compiled: 1 })
})

test('machine code for another device is left alone', async () => {
  const ptx = freshPtx()
  expect(await run({ ptx, cubins: { sm_1: Uint8Array.of(1) } })).toEqual({ data: expected, compiled: 1 })
})

const forms: readonly (readonly [string, (file: string, bytes: Uint8Array) => Uint8Array | URL | string])[] = [
  ['bytes', (_, bytes) => bytes],
  ['a path', (file) => file],
  ['a URL', (file) => pathToFileURL(file)],
  ['the text of a URL', (file) => pathToFileURL(file).href],
]

test.for(forms)('machine code for this device needs no compilation, as %s', async ([name, form]) => {
  const ptx = freshPtx()
  const file = join(folder, `${name}.cubin`)
  await writeFile(file, imageOf(ptx))
  const cubins = { [architecture]: form(file, imageOf(ptx)) }
  expect(await run({ ptx, cubins })).toEqual({ data: expected, compiled: 0 })
})

test('PTX for this device alone comes before all else, that for another is left alone', async () => {
  const [ptx, refused] = [freshPtx(), 'no PTX']
  const cubins = { [architecture]: new TextEncoder().encode(refused) }
  const variants = { [`${architecture}a`]: ptx }
  expect(await run({ ptx: refused, cubins, variants })).toEqual({ data: expected, compiled: 1 })
  const other = freshPtx()
  expect(await run({ ptx: other, variants: { sm_1a: refused } })).toEqual({ data: expected, compiled: 1 })
})

test('PTX for this device alone is loaded as it is where it cannot be linked', async () => {
  const api: Record<string, unknown> = (await loadDriver()) as unknown as Record<string, unknown>
  const { cuLinkAddData } = api
  api['cuLinkAddData'] = () => 209
  try {
    const variants = { [`${architecture}a`]: freshPtx() }
    expect(await run({ ptx: 'no PTX', variants })).toEqual({ data: expected, compiled: 0 })
  } finally {
    api['cuLinkAddData'] = cuLinkAddData
  }
})

test('where the driver does not take PTX for this device alone, it gets what all devices take, and says so', async () => {
  const warned = new Promise<Error>((resolve) => void process.once('warning', resolve))
  const variants = { [`${architecture}a`]: `${freshPtx()}\nno instruction` }
  expect(await run({ ptx: freshPtx(), variants })).toEqual({ data: expected, compiled: 1 })
  expect(await warned).toMatchObject({ code: 'TSJIT_CUDA_VARIANT', message: expect.stringContaining('all devices') })
})

test('machine code that is not where the build has put it says where', async () => {
  const cubins = { [architecture]: pathToFileURL(join(folder, 'gone.cubin')) }
  await expect(run({ ptx: freshPtx(), cubins })).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringMatching(/gone\.cubin/),
  })
})

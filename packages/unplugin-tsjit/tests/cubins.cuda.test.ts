// What a model computes with machine code of the build is, to the bit, what it computes where the driver compiles.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { importCompiled } from '../../../tests/support/import-compiled.ts'
import { acquireDevice } from '../../runtime-cuda/src/device/device.ts'
import { findPtxas } from '../src/ptxas.ts'
import { writeFakePtxas } from './support/fake-ptxas.ts'

const source = `import { exp, f32, model, softmax, tj } from '@tsjit/dsl'
export const net = model({
  inputs: { x: f32(40, 72), w: f32(72, 33) },
  forward: ({ x, w }) => {
    const y = tj\`\${x} @ \${w}\`
    return { y, p: softmax(y, { axis: 1 }), e: exp(y) }
  },
})
`

// Equal modules are loaded once a process: with one more kernel it is another.
const another = `${source}
export const more = model({ inputs: { x: f32(5) }, forward: ({ x }) => exp(x) })
`

const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7))

let folder = ''
let architecture = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsjit-cubins-'))
  await writeFile(join(folder, 'own.tsjit'), source)
  await writeFile(join(folder, 'compiled.tsjit'), another)
  architecture = `sm_${(await acquireDevice()).capability}`
  // The emulator runs no machine code, also where it stands for the driver of a device.
  const isEmulated =
    process.env['TSJIT_CUDA'] !== 'device' || process.env['TSJIT_LIBCUDA']?.includes('.emulator') === true
  const isOwn = !isEmulated && (await findPtxas()) !== undefined
  if (!isOwn) vi.stubEnv('TSJIT_PTXAS', await writeFakePtxas(folder))
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** Returns the results as bits, and whether the driver has compiled. */
async function run(
  name: string,
  architectures: readonly string[],
): Promise<{ bits: readonly number[][]; isCompiled: boolean }> {
  const cache = join(folder, `cache of ${name}`)
  vi.stubEnv('XDG_CACHE_HOME', cache)
  const { net } = await importCompiled(join(folder, `${name}.tsjit`), 'cuda', { architectures })
  const loaded = await net?.load()
  const results = (await loaded?.run({ x: numbers(40 * 72), w: numbers(72 * 33) })) ?? {}
  const bits: number[][] = []
  for (const output of ['y', 'p', 'e']) {
    const data = await (results[output] as { data(): Promise<Float32Array> }).data()
    bits.push([...new Uint32Array(data.buffer, data.byteOffset, data.length)])
  }
  loaded?.dispose()
  return { bits, isCompiled: existsSync(join(cache, 'tsjit')) }
}

test('machine code of the build computes the same as what the driver compiles', async () => {
  const own = await run('own', [architecture])
  expect(own.isCompiled).toBe(false)
  expect(own.bits.map((list) => list.length)).toEqual([40 * 33, 40 * 33, 40 * 33])
  const compiled = await run('compiled', [])
  expect(compiled.isCompiled).toBe(true)
  expect(own.bits).toEqual(compiled.bits)
})

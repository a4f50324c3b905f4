// `--cuda-tf32`: products of f32 on tensor cores, for CUDA only, and nowhere unless asked for.
import { readFile, writeFile } from 'node:fs/promises'
import { readSafetensors, writeSafetensors } from '@tsjit/host'
import { expect, test } from 'vitest'
import { createWorkdir, moduleUrl, runNode, runTsjit } from './support/run-node.ts'

const source = `import { f32, matmul, model } from '@tsjit/dsl'

export const product = model({
  inputs: { a: f32(64, 64), b: f32(64, 64) },
  forward: ({ a, b }) => matmul(a, b),
})
`

test.each([
  [['--target', 'cuda'], 'kernels/product.ptx'],
  [['--target', 'c', '--device', 'cuda'], 'product.c'],
])('build %j rounds factors where it is told to', async (target, kernels) => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('product.tsjit'), source)
  const ptxOf = async (...more: readonly string[]): Promise<string> => {
    const { code, stderr } = await runTsjit(['build', 'product.tsjit', ...target, '--out', 'out', ...more], dir.root)
    expect([code, stderr]).toEqual([0, ''])
    return readFile(dir.path(`out/${kernels}`), 'utf8')
  }
  expect(await ptxOf()).not.toContain('tf32')
  expect(await ptxOf('--cuda-tf32')).toContain('mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32')
})

test('explain --cuda-tf32 shows the fragments', async () => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('product.tsjit'), source)
  const { stdout } = await runTsjit(['explain', 'product.tsjit', '--target', 'cuda', '--cuda-tf32'], dir.root)
  expect(stdout).toMatch(/fragment \w+ tf32\[16 x 8\]/)
})

/** By how much results are off, in parts of the largest one. */
function errorOf(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const all = Array.from(wanted)
  const largest = Math.max(...all.map(Math.abs))
  return Math.max(...all.map((want, i) => Math.abs(want - (found[i] ?? Number.NaN)))) / largest
}

const factors = [1, 2].map((seed) => Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i * 1.7 + seed)))

test('run --cuda-tf32 runs so', async () => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('product.tsjit'), source)
  const [a, b] = factors.map((data) => ({ dtype: 'F32', shape: [64, 64], data }) as const)
  await writeFile(dir.path('in.safetensors'), writeSafetensors({ ...(a && { a }), ...(b && { b }) }))
  const resultOf = async (...more: readonly string[]): Promise<Float32Array> => {
    const files = ['--inputs', 'in.safetensors', '--out', 'out.safetensors']
    const { code, stderr } = await runTsjit(['run', 'product.tsjit', ...files, ...more], dir.root)
    expect([code, stderr]).toEqual([0, ''])
    const file = readSafetensors(await readFile(dir.path('out.safetensors')))
    const [output] = file.tensors
    return output === undefined ? new Float32Array(0) : new Float32Array(file.bytesOf(output).slice().buffer)
  }
  const wanted = await resultOf('--target', 'eager')
  expect(errorOf(await resultOf('--target', 'cuda'), wanted)).toBeLessThan(1e-6)
  const error = errorOf(await resultOf('--target', 'cuda', '--cuda-tf32'), wanted)
  expect(error).toBeGreaterThan(1e-6)
  expect(error).toBeLessThan(5e-3)
})

test('importModule takes the same option', async () => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('product.tsjit'), source)
  const code = `import { importModule } from '${moduleUrl('node')}'
const [a, b] = [1, 2].map((seed) => Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i * 1.7 + seed)))
const results = []
for (const tf32 of [false, true]) {
  const { product } = await importModule('./product.tsjit', { target: 'cuda', cuda: { tf32 } })
  const { output } = await (await product.load()).run({ a, b })
  results.push([...(await output.data())])
}
console.log(JSON.stringify(results))
process.exit(0)
`
  const { stdout, stderr } = await runNode(['--input-type=module', '-e', code], dir.root)
  expect(stderr).toBe('')
  const [exact, rounded] = JSON.parse(stdout) as readonly [readonly number[], readonly number[]]
  const error = errorOf(rounded, exact)
  expect(error).toBeGreaterThan(1e-6)
  expect(error).toBeLessThan(5e-3)
})

test.each([['build', '--out', 'out'], ['explain']])('%s has no use for it on other targets', async (...command) => {
  await using dir = await createWorkdir('app')
  const { code, stderr } = await runTsjit([...command, 'src/net.tsjit', '--cuda-tf32'], dir.root)
  expect([code, stderr]).toEqual([2, expect.stringContaining('--cuda-tf32 is for --target cuda')])
})

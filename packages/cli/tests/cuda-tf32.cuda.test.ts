// `--cuda-tf32`: products of f32 on tensor cores, for CUDA only, and nowhere unless asked for.
import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createWorkdir, runTsjit } from './support/run-node.ts'

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

test.each([['build', '--out', 'out'], ['explain']])('%s has no use for it on other targets', async (...command) => {
  await using dir = await createWorkdir('app')
  const { code, stderr } = await runTsjit([...command, 'src/net.tsjit', '--cuda-tf32'], dir.root)
  expect([code, stderr]).toEqual([2, expect.stringContaining('--cuda-tf32 is for --target cuda')])
})

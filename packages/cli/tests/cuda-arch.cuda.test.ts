// `--cuda-arch`: machine code beside the module, registers in the explanation, and what is wrong with a command line.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { writeFakePtxas } from '../../unplugin-tsjit/tests/support/fake-ptxas.ts'
import { createWorkdir, runTsjit } from './support/run-node.ts'

const cuda = ['src/net.tsjit', '--target', 'cuda']

test('build --cuda-arch: a file for each architecture, which the module names', async () => {
  await using dir = await createWorkdir('app')
  const env = { TSJIT_PTXAS: await writeFakePtxas(dir.root) }
  const args = ['build', ...cuda, '--cuda-arch', 'sm_90,sm_120', '--out', 'out']
  const { code, stdout } = await runTsjit(args, dir.root, { env })
  expect(code).toBe(0)
  for (const file of ['net.js', 'net.sm_90.cubin', 'net.sm_120.cubin', 'kernels/net.ptx'])
    expect(stdout).toContain(`out/${file}`)
  const module = await readFile(dir.path('out/net.js'), 'utf8')
  for (const name of ['sm_90', 'sm_120'])
    expect(module).toContain(`${name}:new URL('./net.${name}.cubin', import.meta.url)`)
  const ptx = await readFile(dir.path('out/kernels/net.ptx'), 'utf8')
  expect(await readFile(dir.path('out/net.sm_90.cubin'), 'utf8')).toBe(`// sm_90\n${ptx}\0`)
})

const products = `import { bf16, matmul, model } from '@tsjit/dsl'

export const product = model({
  inputs: { a: bf16(512, 64), b: bf16(64, 512) },
  forward: ({ a, b }) => matmul(a, b),
})
`

test('sm_90a: PTX of its own beside that of all devices, without any tool', async () => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('product.tsjit'), products)
  const env = { TSJIT_PTXAS: dir.path('gone') }
  const args = ['build', 'product.tsjit', '--target', 'cuda', '--cuda-arch', 'sm_90a', '--out', 'out']
  const { code, stdout, stderr } = await runTsjit(args, dir.root, { env })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('out/kernels/product.sm_90a.ptx')
  const own = await readFile(dir.path('out/kernels/product.sm_90a.ptx'), 'utf8')
  expect(own).toContain('wgmma.mma_async')
  const module = await readFile(dir.path('out/product.js'), 'utf8')
  expect(module).toMatch(/variants:\s*\{\s*sm_90a:/)
  const table = await runTsjit(['explain', 'product.tsjit', '--target', 'cuda', '--cuda-arch', 'sm_90a'], dir.root, {
    env: { TSJIT_PTXAS: await writeFakePtxas(dir.root) },
  })
  expect(table.stdout).toMatch(/on sm_90a, as ptxas /)
})

test('a model without such products has no PTX of its own', async () => {
  await using dir = await createWorkdir('app')
  const { code, stdout } = await runTsjit(['build', ...cuda, '--cuda-arch', 'sm_90a', '--out', 'out'], dir.root)
  expect(code).toBe(0)
  expect(stdout).not.toContain('sm_90a')
})

test('explain --cuda-arch: registers, shared memory and spills of each kernel', async () => {
  await using dir = await createWorkdir('app')
  const env = { TSJIT_PTXAS: await writeFakePtxas(dir.root) }
  const { stdout } = await runTsjit(['explain', ...cuda], dir.root, { env })
  expect(stdout).toMatch(
    /on sm_80, as ptxas .*\n {2}kernel +registers +shared +spills\n {2}mul_add +24 +512 B +12 B\n$/,
  )
  const two = await runTsjit(['explain', ...cuda, '--cuda-arch', 'sm_90,sm_120'], dir.root, { env })
  expect(two.stdout.match(/on sm_\d+/g)).toEqual(['on sm_90', 'on sm_120'])
  const none = await runTsjit(['explain', ...cuda], dir.root, { env: { TSJIT_PTXAS: dir.path('gone') } })
  expect([none.code, none.stderr]).toEqual([0, ''])
  expect(none.stdout).not.toContain('registers')
})

const lines: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
  [['build', ...cuda, '--out', 'out', '--cuda-arch', 'sm90'], 2, /--cuda-arch takes architectures .* not 'sm90'/],
  [['build', ...cuda, '--out', 'out', '--cuda-arch', 'sm_90,'], 2, /--cuda-arch takes architectures .* not ''/],
  [['build', 'src/net.tsjit', '--out', 'out', '--cuda-arch', 'sm_90'], 2, /--cuda-arch is for --target cuda/],
  [['build', ...cuda, '--out', 'out', '--cuda-arch', 'sm_75'], 1, /target_not_assembled\): .*sm_75.*'gpu-name'/],
  [['explain', ...cuda, '--cuda-arch', 'sm_90', '--json'], 2, /--cuda-arch shows a table for people: leave out --json/],
  [['explain', ...cuda, '--cuda-arch', 'sm_75'], 1, /^src\/net\.tsjit:1:1 error tsjit\(target_not_assembled\)/],
]

test.for(lines)('says what is wrong with %s', async ([args, code, message]) => {
  await using dir = await createWorkdir('app')
  const env = { TSJIT_PTXAS: await writeFakePtxas(dir.root) }
  const outcome = await runTsjit(args, dir.root, { env })
  expect(outcome.stderr).toMatch(message)
  expect(outcome).toMatchObject({ code, stdout: '' })
  expect(await readdir(dir.root)).not.toContain('out')
})

test('without the assembler nothing is built, and the error says what to do', async () => {
  await using dir = await createWorkdir('app')
  const env = { TSJIT_PTXAS: dir.path('gone') }
  for (const args of [
    ['build', ...cuda, '--out', 'out'],
    ['explain', ...cuda],
  ]) {
    const { code, stderr } = await runTsjit([...args, '--cuda-arch', 'sm_90'], dir.root, { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /tsjit\(config_tool_missing\): machine code for `sm_90` needs `ptxas`[^]*help: install the CUDA/,
    )
  }
  expect(await readdir(dir.root)).not.toContain('out')
})

// `.tsjit` in Node: the hooks, as a process has them.
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createWorkdir, moduleUrl, runNode } from './support/run-node.ts'

test('node --import tsjit/register: imports compile, the eager form runs on the CPU', async () => {
  await using dir = await createWorkdir('app')
  const { code, stdout, stderr } = await runNode(['--import', moduleUrl('register'), 'app.mjs', 'eager'], dir.root)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    [113, 126, 139],
    [13, 26, 39],
  ])
})

test('importModule takes a path and a target', async () => {
  await using dir = await createWorkdir('app')
  const node = moduleUrl('node')
  const code = `import { importModule } from '${node}'
const { net } = await importModule('./src/net.tsjit', { target: 'eager' })
const { y } = await (await net.load()).run({ x: [1], state: { h: [2] } })
console.log(JSON.stringify(await y.toArray()))
const compiled = await importModule('./src/net.tsjit', { target: 'wasm' })
const instance = await compiled.net.load()
console.log(instance.info.target, JSON.stringify(await (await instance.run({ x: [1], state: { h: [2] } })).y.toArray()))
const cuda = await importModule('./src/net.tsjit', { target: 'cuda' })
await cuda.net.load({ target: 'cuda' }).catch((error) => console.log(error.code))
`
  await writeFile(dir.path('main.mjs'), code)
  const { stdout, stderr } = await runNode(['main.mjs'], dir.root, { env: { TSJIT_LIBCUDA: '/nowhere/libcuda.so.1' } })
  expect(stderr).toBe('')
  expect(stdout).toBe('[105]\nwasm [105]\ntarget_unavailable\n')
})

test('importModule compiles what can be profiled, unless NODE_ENV is production', async () => {
  await using dir = await createWorkdir('app')
  const code = `import { importModule } from '${moduleUrl('node')}'
const { net } = await importModule('./src/net.tsjit', { target: 'wasm' })
const instance = await net.load()
await instance.profile({ x: [1], state: { h: [2] } }).then(
  ({ kernels }) => console.log(kernels.every(({ name, source }) => name && source.includes('net.tsjit:')), kernels.length > 0),
  (error) => console.log(error.code),
)
`
  await writeFile(dir.path('main.mjs'), code)
  expect((await runNode(['main.mjs'], dir.root)).stdout).toBe('true true\n')
  const { stdout } = await runNode(['main.mjs'], dir.root, { env: { NODE_ENV: 'production' } })
  expect(stdout).toBe('model_not_profiled\n')
})

test('importModule compiles for training where it is asked to', async () => {
  await using dir = await createWorkdir('app')
  const node = moduleUrl('node')
  const code = `import { importModule } from '${node}'
Object.defineProperty(globalThis, 'navigator', { value: { gpu: { requestAdapter: async () => null } } })
for (const modes of [['eval'], ['eval', 'train']]) {
  const { net } = await importModule('./src/net.tsjit', { modes })
  const load = net.load({ mode: 'train' })
  await load.then(({ info }) => console.log(info.target)).catch(({ message }) => console.log(message.split('\\n')[0]))
}
`
  await writeFile(dir.path('main.mjs'), code)
  const { stdout, stderr } = await runNode(['main.mjs'], dir.root)
  expect(stderr).toBe('')
  const [evaluated, trained] = stdout.split('\n')
  expect(evaluated).toContain('built for mode eval, not for train; name it in the option `modes`')
  expect(trained).toBe('wasm')
})

test('a wrong module stops the import with its place and frame', async () => {
  await using dir = await createWorkdir('wrong')
  await writeFile(dir.path('main.mjs'), "import './wrong.tsjit'\n")
  const { code, stderr } = await runNode(['--import', moduleUrl('register'), 'main.mjs'], dir.root)
  expect(code).toBe(1)
  expect(stderr).toMatch(/wrong\.tsjit:5:34 error tsjit\(\w+\): /)
  expect(stderr).toContain('> 5 |   forward: ({ x, y }) => ({ sum: x + y }),')
})

// `.tsjit` in Node: the hooks, as a process has them.
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createWorkdir, registerUrl, runNode } from './support/run-node.ts'

test('node --import tsjit/register: imports compile, the eager form runs on the CPU', async () => {
  await using dir = await createWorkdir('app')
  const { code, stdout, stderr } = await runNode(['--import', registerUrl, 'app.mjs', 'eager'], dir.root)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    [113, 126, 139],
    [13, 26, 39],
  ])
})

test('importModule takes a path and a target', async () => {
  await using dir = await createWorkdir('app')
  const node = new URL('../src/node.ts', import.meta.url).href
  const code = `import { importModule } from '${node}'
const { net } = await importModule('./src/net.tsjit', { target: 'eager' })
const { y } = await (await net.load()).run({ x: [1], state: { h: [2] } })
console.log(JSON.stringify(await y.toArray()))
await importModule('./src/net.tsjit', { target: 'wasm' }).catch((error) => console.log(error.code))
`
  await writeFile(dir.path('main.mjs'), code)
  const { stdout, stderr } = await runNode(['main.mjs'], dir.root)
  expect(stderr).toBe('')
  expect(stdout).toBe('[105]\ntarget_unavailable\n')
})

test('a wrong module stops the import with its place and frame', async () => {
  await using dir = await createWorkdir('wrong')
  await writeFile(dir.path('main.mjs'), "import './wrong.tsjit'\n")
  const { code, stderr } = await runNode(['--import', registerUrl, 'main.mjs'], dir.root)
  expect(code).toBe(1)
  expect(stderr).toMatch(/wrong\.tsjit:5:34 error tsjit\(\w+\): /)
  expect(stderr).toContain('> 5 |   forward: ({ x, y }) => ({ sum: x + y }),')
})

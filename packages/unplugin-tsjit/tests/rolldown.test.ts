// Rolldown, without Vite: the plain Rollup family.
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { createPlugin } from '../src/plugin.ts'
import { createProject } from './support/project.ts'
import type { Project } from './support/project.ts'
import { stubCompiler } from './support/stub-compiler.ts'

async function bundle(project: Project): Promise<readonly string[]> {
  const build = await rolldown({
    cwd: project.root,
    input: 'src/main.js',
    plugins: [createPlugin(stubCompiler).rolldown({ types: false })],
    onLog() {},
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  return output.flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
}

test('a build compiles, with the eager form in a chunk of its own', async () => {
  await using project = await createProject('webpack')
  const chunks = await bundle(project)
  expect(chunks).toHaveLength(2)
  expect(chunks[0]).toContain('names: "minified"')
})

test('a mistake fails with place and frame', async () => {
  await using project = await createProject('webpack')
  await project.edit('src/net.tsjit', (text) => `${text}export const bad = () => a + b\n`)
  await expect(bundle(project)).rejects.toThrow(
    /net\.tsjit:10:26 error tsjit\(dim_conflict\)[^]*> 10 \| export const bad/,
  )
})

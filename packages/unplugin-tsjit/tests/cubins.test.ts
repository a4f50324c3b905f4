// Machine code for CUDA in a bundle: files of the build where they are large, and errors where they cannot be had.
import { mkdir } from 'node:fs/promises'
import * as compiler from '@tsjit/compiler'
import { rolldown } from 'rolldown'
import { afterEach, expect, test, vi } from 'vitest'
import type { Options } from '../src/options.ts'
import { createPlugin } from '../src/plugin.ts'
import { writeFakePtxas } from './support/fake-ptxas.ts'
import { createProject } from './support/project.ts'
import type { Project } from './support/project.ts'

interface Output {
  readonly code: string
  readonly files: ReadonlyMap<string, string>
}

async function bundle(project: Project, options: Options): Promise<Output> {
  const build = await rolldown({
    cwd: project.root,
    input: 'src/net.tsjit',
    external: [/^@tsjit\//],
    plugins: [createPlugin(compiler).rolldown({ types: false, eager: false, ...options })],
    onLog() {},
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  const files = output.flatMap((file) =>
    file.type === 'asset' ? [[file.fileName, Buffer.from(file.source).toString()] as const] : [],
  )
  return { code: output[0].code, files: new Map(files) }
}

async function withTool(project: Project): Promise<void> {
  await mkdir(project.path('tools'))
  vi.stubEnv('TSJIT_PTXAS', await writeFakePtxas(project.path('tools')))
}

// Enough kernels for more than what goes into the code.
const large = `import { model, f32, sum, softmax } from '@tsjit/dsl'
export const net = model({ inputs: { x: f32(64, 48) }, forward: ({ x }) => ({ a: softmax(x, { axis: 1 }), b: sum(x) }) })
`

afterEach(() => {
  vi.unstubAllEnvs()
})

test('machine code is a file of the build for each architecture, beside the PTX', async () => {
  await using project = await createProject('webpack')
  await project.edit('src/net.tsjit', () => large)
  await withTool(project)
  const { code, files } = await bundle(project, { targets: ['cuda'], cuda: { architectures: ['sm_90', 'sm_120'] } })
  expect(code).toMatch(/ptx: ?`\.version/)
  for (const architecture of ['sm_90', 'sm_120']) {
    const [file, content] = [...files].find(([name]) => name.includes(`net.${architecture}`)) ?? []
    expect(content).toMatch(new RegExp(`^// ${architecture}\n\\.version[^]*\0$`))
    expect(code).toMatch(new RegExp(`${architecture}: ?new URL\\(['"\`]${file}['"\`], import\\.meta\\.url\\)`))
  }
  const plain = await bundle(project, { targets: ['cuda'] })
  expect([plain.files.size, plain.code.includes('cubins')]).toEqual([0, false])
})

test('other targets of the same build have none', async () => {
  await using project = await createProject('webpack')
  await project.edit('src/net.tsjit', () => large)
  await withTool(project)
  const { code } = await bundle(project, { targets: ['webgpu', 'cuda'], cuda: { architectures: ['sm_90'] } })
  expect(code).toContain('@compute')
  expect(code).not.toContain('cubins')
})

test('without the assembler, or against its will, the build fails', async () => {
  await using project = await createProject('webpack')
  await project.edit('src/net.tsjit', () => large)
  vi.stubEnv('TSJIT_PTXAS', project.path('gone'))
  const forArchitecture = (name: string): Promise<Output> =>
    bundle(project, { targets: ['cuda'], cuda: { architectures: [name] } })
  await expect(forArchitecture('sm_90')).rejects.toThrow(
    /net\.tsjit:1:1 error tsjit\(config_tool_missing\): machine code for `sm_90` needs `ptxas`/,
  )
  await withTool(project)
  await expect(forArchitecture('sm_75')).rejects.toThrow(
    /tsjit\(target_not_assembled\): `ptxas` does not assemble the kernels for `sm_75`: ptxas fatal : Value 'sm_75'/,
  )
})

test('the option takes names of architectures, and a build for CUDA', () => {
  const create = (options: object) => () => createPlugin(compiler).vite(options as Options)
  const targets = ['cuda']
  for (const cuda of [
    { architectures: ['sm90'] },
    { architectures: 'sm_90' },
    { archs: [] },
    { tf32: 1 },
    'sm_90',
    null,
  ])
    expect(create({ targets, cuda })).toThrow(/config_invalid\): .*`cuda` must be \{ architectures, tf32 \}/)
  expect(create({ cuda: { architectures: ['sm_90'] } })).toThrow(/config_invalid\): .*`targets` must be an array with/)
  for (const cuda of [{}, { tf32: true }, { architectures: [] }, { architectures: ['sm_90', 'sm_120'] }])
    expect(create({ targets, cuda })).not.toThrow()
})

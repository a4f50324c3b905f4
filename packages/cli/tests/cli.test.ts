// The command line, as processes: what it prints and its exit codes.
import { readFile, writeFile } from 'node:fs/promises'
import { readSafetensors, writeSafetensors } from '@tsjit/host'
import { expect, test } from 'vitest'
import { createWorkdir, runTsjit } from './support/run-node.ts'

test('help, version, and command lines that make no sense', async () => {
  await using dir = await createWorkdir()
  const run = (...args: readonly string[]) => runTsjit(args, dir.root)
  const [help, version, command, option, value, file, missing] = await Promise.all([
    run('--help'),
    run('--version'),
    run('chekc'),
    run('check', '--fromat', 'json'),
    run('check', '--format', 'jsn'),
    run('explain', 'none.tsjit'),
    run('run', 'none.tsjit', '--inputs', 'x'),
  ])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const name of ['check', 'run', 'explain', 'build', 'typegen', 'init'])
    expect(help.stdout).toContain(`  ${name} `)
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+/)
  expect(command).toMatchObject({ code: 2, stdout: '' })
  expect(command.stderr).toContain("there is no command 'chekc'; did you mean 'check'?")
  expect(option.code).toBe(2)
  expect(option.stderr).toContain("'tsjit check' has no option --fromat; did you mean --format?")
  expect(value.code).toBe(2)
  expect(value.stderr).toContain("not 'jsn'; did you mean 'json'?")
  expect(file).toMatchObject({ code: 2 })
  expect(file.stderr).toContain("there is no file 'none.tsjit'")
  expect(missing).toMatchObject({ code: 2 })
  expect(missing.stderr).toContain('--out is missing')
})

test('check: every format, exit code 1 on an error', async () => {
  await using dir = await createWorkdir('wrong')
  const [pretty, json, github, sarif, fine] = await Promise.all([
    runTsjit(['check'], dir.root),
    runTsjit(['check', '--format', 'json', 'wrong.tsjit'], dir.root),
    runTsjit(['check', '--format=github', 'wrong.tsjit'], dir.root),
    runTsjit(['check', '--format=sarif', '.'], dir.root),
    runTsjit(['check', 'fine.tsjit'], dir.root),
  ])
  expect([pretty.code, json.code, github.code, sarif.code, fine.code]).toEqual([1, 1, 1, 1, 0])
  expect(pretty.stdout).toMatch(/^wrong\.tsjit:5:34 error tsjit\(\w+\): /)
  expect(pretty.stdout).toContain('> 5 |   forward: ({ x, y }) => ({ sum: x + y }),')
  const [first] = JSON.parse(json.stdout) as readonly Readonly<Record<string, unknown>>[]
  expect(first).toMatchObject({ severity: 'error', file: 'wrong.tsjit', span: { start: { line: 5, column: 33 } } })
  expect(github.stdout).toMatch(/^::error file=wrong\.tsjit,line=5,/)
  expect(JSON.parse(sarif.stdout)).toMatchObject({ version: '2.1.0' })
  expect(fine.stdout).toBe('1 file, no errors\n')
})

test('explain --json: one object for one model', async () => {
  await using dir = await createWorkdir('app')
  const { code, stdout } = await runTsjit(['explain', 'src/net.tsjit', '--json'], dir.root)
  expect(code).toBe(0)
  const data = JSON.parse(stdout) as Readonly<Record<string, unknown>>
  expect(data).toMatchObject({ dispatches: 1, kernels: [{ reads: expect.any(Number), reason: expect.any(String) }] })
  for (const key of ['arenaBytes', 'liveBytes', 'weightBytes', 'codeBytes'])
    expect(data[key]).toEqual(expect.any(Number))
  const text = await runTsjit(['explain', 'src/net.tsjit', '--export', 'net'], dir.root)
  expect(text.stdout).toContain('net')
  const other = await runTsjit(['explain', 'src/net.tsjit', '--export', 'ned'], dir.root)
  expect(other).toMatchObject({ code: 2 })
  expect(other.stderr).toContain("no model 'ned'; did you mean 'net'?")
})

test('run --target eager: nested names in, nested names out', async () => {
  await using dir = await createWorkdir('app')
  const tensor = (values: readonly number[]) => ({
    dtype: 'F32',
    shape: [values.length],
    data: Float32Array.from(values),
  })
  await writeFile(dir.path('in.safetensors'), writeSafetensors({ x: tensor([1, 2]), 'state.h': tensor([10, 20]) }))
  const args = ['run', 'src/net.tsjit', '--target', 'eager', '--inputs', 'in.safetensors', '--out', 'out.safetensors']
  const { code, stdout, stderr } = await runTsjit([...args, '--time', '3'], dir.root)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('state.h  f32[2]')
  expect(stdout).toMatch(/time {2}median [\d.]+ ms .* of 3 runs/)
  const file = readSafetensors(await readFile(dir.path('out.safetensors')))
  const values = file.tensors.map((each) => [each.name, [...new Float32Array(file.bytesOf(each).slice().buffer)]])
  expect(Object.fromEntries(values)).toEqual({ y: [113, 126], 'state.h': [13, 26] })
})

test('run: wrong inputs and wrong modules fail with what is wrong', async () => {
  await using dir = await createWorkdir('app')
  await using wrong = await createWorkdir('wrong')
  await writeFile(dir.path('in.safetensors'), 'nonsense')
  const args = ['--inputs', dir.path('in.safetensors'), '--out', 'out.safetensors']
  const broken = await runTsjit(['run', 'src/net.tsjit', ...args], dir.root)
  expect(broken.code).toBe(1)
  expect(broken.stderr).not.toMatch(/^\s+at /m)
  await writeFile(dir.path('in.safetensors'), writeSafetensors({}))
  const module = await runTsjit(['run', 'wrong.tsjit', ...args], wrong.root)
  expect(module.code).toBe(1)
  expect(module.stderr).toMatch(/^wrong\.tsjit:5:34 error/)
})

test('build: module, map, declaration and kernels as files', async () => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('src/weights.safetensors'), 'w')
  const { code, stdout } = await runTsjit(['build', 'src/net.tsjit', '--target', 'webgpu', '--out', 'out'], dir.root)
  expect(code).toBe(0)
  for (const file of [
    'out/net.js',
    'out/net.d.ts',
    'out/net.js.map',
    'out/kernels/net-0.wgsl',
    'out/weights.safetensors',
  ]) {
    expect(stdout).toContain(file)
  }
  expect(await readFile(dir.path('out/kernels/net-0.wgsl'), 'utf8')).toContain('@compute')
  expect(await readFile(dir.path('out/net.js'), 'utf8')).toContain('export')
})

test('typegen mirrors declarations; a wrong module does not keep the others from theirs', async () => {
  await using dir = await createWorkdir('app')
  await writeFile(dir.path('src/bad.tsjit'), 'export const = 1\n')
  const { code, stdout, stderr } = await runTsjit(['typegen'], dir.root)
  expect(code).toBe(1)
  expect(stderr).toContain('src/bad.tsjit:1:')
  expect(stdout).toContain('.tsjit/types/src/net.d.tsjit.ts')
  expect(await readFile(dir.path('.tsjit/types/src/net.d.tsjit.ts'), 'utf8')).toContain('net')
})

test('init changes what it may, once, and says the rest', async () => {
  await using dir = await createWorkdir()
  await writeFile(dir.path('package.json'), '{ "devDependencies": { "webpack": "5" } }')
  await writeFile(dir.path('tsconfig.json'), '{ "compilerOptions": { "strict": true }, "include": ["src"] }')
  const { code, stdout } = await runTsjit(['init'], dir.root)
  expect(code).toBe(0)
  expect(stdout).toContain("import tsjit from 'unplugin-tsjit/webpack'")
  const config = JSON.parse(await readFile(dir.path('tsconfig.json'), 'utf8')) as unknown
  expect(config).toEqual({
    compilerOptions: { strict: true, allowArbitraryExtensions: true, rootDirs: ['.', './.tsjit/types'] },
    include: ['src', '.tsjit/types'],
  })
  const again = await runTsjit(['init'], dir.root)
  expect(again.stdout).not.toContain('changed')
  expect(await readFile(dir.path('.gitignore'), 'utf8')).toBe('.tsjit/\n')
})

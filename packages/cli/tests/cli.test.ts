// The command line, as processes: what it prints and its exit codes.
import { readFile, writeFile } from 'node:fs/promises'
import { readSafetensors, writeSafetensors } from '@tsjit/host'
import { expect, test } from 'vitest'
import { isColored } from '../src/terminal.ts'
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

const lines: readonly [string, readonly string[], number, RegExp][] = [
  ['a misspelt flag of tsjit itself', ['--versoin'], 2, /did you mean '--version'\?/],
  ['help for no command', ['help', 'chekc'], 2, /did you mean 'check'\?/],
  [
    'an option without a value',
    ['check', '--format'],
    2,
    /--format needs a value: --format pretty\|json\|github\|sarif/,
  ],
  ['a file that is no module', ['check', 'in.safetensors'], 2, /'in.safetensors' is no module: .*\.tsjit/],
  ['a folder for a file', ['explain', 'src'], 2, /'src' is a folder, where a file is wanted/],
  [
    'a seed too large',
    ['run', ...given('in'), '--out', 'o', '--seed', '9'.repeat(20)],
    2,
    /--seed takes a whole number/,
  ],
  [
    'an output in no folder',
    ['run', ...given('in'), '--out', 'no/o.st'],
    2,
    /there is no folder 'no' to write 'o.st' to/,
  ],
  [
    'an output that is a folder',
    ['run', ...given('in'), '--out', 'src'],
    2,
    /'src' is a folder, where a file is to be/,
  ],
  ['a folder that is a file', ['build', 'src/net.tsjit', '--out', 'app.mjs'], 1, /app\.mjs' is a file, where a folder/],
  [
    'integers of more than 32 bits',
    ['run', ...given('wide'), '--out', 'o'],
    2,
    /'x' \(I64\) holds 1099511627776, which does/,
  ],
  ['an element type of no model', ['run', ...given('odd'), '--out', 'o'], 2, /'x' has the element type F8_E4M3/],
  ['names that exclude each other', ['run', ...given('clash'), '--out', 'o'], 2, /'state.h' .* cannot both be inputs/],
  [
    'inputs that are cut off',
    ['run', ...given('cut'), '--out', 'o'],
    1,
    /'cut.safetensors' holds no inputs: .* ends within/,
  ],
  [
    'wrong names',
    ['run', ...given('names'), '--out', 'o'],
    1,
    /2 things .*`X`; did you mean `x`\?.*did you mean `state.h`\?/s,
  ],
]

function given(name: string): readonly string[] {
  return ['src/net.tsjit', '--target', 'eager', '--inputs', `${name}.safetensors`]
}

test.for(lines)('says what is wrong with %s', async ([, args, expected, message]) => {
  await using dir = await createWorkdir('app')
  const h = { dtype: 'F32', shape: [1], data: Float32Array.of(1) }
  const wide = { dtype: 'I64', shape: [1], data: BigInt64Array.of(2n ** 40n) }
  const odd = { dtype: 'F8_E4M3', shape: [1], data: Uint8Array.of(1) }
  const inputs = {
    in: writeSafetensors({ x: h, 'state.h': h }),
    wide: writeSafetensors({ x: wide, 'state.h': h }),
    odd: writeSafetensors({ x: odd, 'state.h': h }),
    clash: writeSafetensors({ x: h, state: h, 'state.h': h }),
    cut: writeSafetensors({ x: h, 'state.h': h }).subarray(0, 40),
    names: writeSafetensors({ X: h, 'state.hh': h }),
  }
  for (const [name, file] of Object.entries(inputs)) await writeFile(dir.path(`${name}.safetensors`), file)
  const { code, stdout, stderr } = await runTsjit(args, dir.root)
  expect(stderr).toMatch(message)
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
  expect(stderr).not.toMatch(/^\s+at /m)
})

test('halves in a file are inputs of a model of floats', async () => {
  await using dir = await createWorkdir('app')
  const x = { dtype: 'F16', shape: [1], data: Uint16Array.of(0x3c00) }
  const h = { dtype: 'BF16', shape: [1], data: Uint16Array.of(0x4000) }
  await writeFile(dir.path('half.safetensors'), writeSafetensors({ x, 'state.h': h }))
  const { code } = await runTsjit(['run', ...given('half'), '--out', 'out.safetensors'], dir.root)
  expect(code).toBe(0)
  const file = readSafetensors(await readFile(dir.path('out.safetensors')))
  const y = file.tensors.find(({ name }) => name === 'y')
  expect(y && [...new Float32Array(file.bytesOf(y).slice().buffer)]).toEqual([105])
})

test('a reader that stops is no error', async () => {
  await using dir = await createWorkdir('wrong')
  const wrong =
    "import { model, f32 } from '@tsjit/dsl'\nexport const m = model({ inputs: { x: f32(3), y: f32(4) }, forward({ x, y }) {\n"
  await writeFile(dir.path('many.tsjit'), `${wrong}${'  x.add(y)\n'.repeat(1000)}  return x\n} })\n`)
  const { code, stdout, stderr } = await runTsjit(['check', 'many.tsjit'], dir.root, { readsUpTo: 100 })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^many\.tsjit:3:3 error/)
  expect(code).toBe(1)
})

test('colors are for terminals that can, stream by stream', () => {
  const terminal = { isTTY: true }
  expect(isColored(terminal, {})).toBe(true)
  expect(isColored(terminal, { NO_COLOR: '' })).toBe(true)
  expect(isColored(terminal, { NO_COLOR: '1' })).toBe(false)
  expect(isColored(terminal, { TERM: 'dumb' })).toBe(false)
  expect(isColored({}, {})).toBe(false)
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

test('explain: the programs of calls that leave out optional inputs, in short', async () => {
  await using dir = await createWorkdir('app')
  const text = `import { add, f32, model, optional } from '@tsjit/dsl'
export const m = model({
  inputs: { x: f32(3), bias: optional(f32(3)), scale: optional(f32(3)) },
  forward: ({ x, bias, scale }) => {
    let y = x
    if (bias !== undefined) y = add(y, bias)
    if (scale !== undefined) y = add(y, scale)
    return y
  },
})
`
  await writeFile(dir.path('src/choice.tsjit'), text)
  const { stdout } = await runTsjit(['explain', 'src/choice.tsjit'], dir.root)
  expect(stdout).toContain('Called without\n  bias: 1 dispatches  3 flop')
  expect(stdout).toContain('  bias, scale: 1 dispatches  0 flop')
  const json = await runTsjit(['explain', 'src/choice.tsjit', '--json'], dir.root)
  expect(JSON.parse(json.stdout)).toMatchObject({ without: [{ inputs: ['bias'] }, {}, { inputs: ['bias', 'scale'] }] })
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
  const { code, stdout, stderr } = await runTsjit([...args, '--time', '3', '--profile'], dir.root)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('state.h  f32[2]')
  expect(stdout).toMatch(/time {2}median [\d.]+ ms .* of 3 runs/)
  expect(stdout).toMatch(/profile {2}a run [\d.]+ ms .*\n *[\d.]+ ms +[\d.]+ % +\d+× {2}\w+/)
  const file = readSafetensors(await readFile(dir.path('out.safetensors')))
  const values = file.tensors.map((each) => [each.name, [...new Float32Array(file.bytesOf(each).slice().buffer)]])
  expect(Object.fromEntries(values)).toEqual({ y: [113, 126], 'state.h': [13, 26] })
})

test.each(['eager', 'wasm'])('run --save-weights on %s: the weights as the run leaves them', async (target) => {
  await using dir = await createWorkdir('app')
  const text = `import { assign, buffer, f32, layer, model, tj } from '@tsjit/dsl'
const total = layer({ sum: buffer(2) }, ({ sum }, x) => {
  assign(sum, tj\`\${sum} + \${x}\`)
  return tj\`\${x} * 2\`
})
export const counter = model({ inputs: { x: f32(2) }, layers: { total }, forward: ({ x }, { total }) => total(x) })
`
  await writeFile(dir.path('counter.tsjit'), text)
  const pair = (a: number, b: number) => ({ dtype: 'F32', shape: [2], data: Float32Array.of(a, b) })
  await writeFile(dir.path('in.safetensors'), writeSafetensors({ x: pair(1, 2) }))
  await writeFile(dir.path('w.safetensors'), writeSafetensors({ 'total.sum': pair(10, 20) }))
  const files = ['--inputs', 'in.safetensors', '--weights', 'w.safetensors', '--out', 'out.safetensors']
  const saving = ['--save-weights', 'after.safetensors']
  const { code, stderr } = await runTsjit(['run', 'counter.tsjit', '--target', target, ...files, ...saving], dir.root)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const file = readSafetensors(await readFile(dir.path('after.safetensors')))
  const values = file.tensors.map((each) => [each.name, [...new Float32Array(file.bytesOf(each).slice().buffer)]])
  expect(Object.fromEntries(values)).toEqual({ 'total.sum': [11, 22] })
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
  await writeFile(dir.path('tsconfig.json'), '\uFEFF{ "compilerOptions": { "rootDirs": ["a"] } }')
  await runTsjit(['init'], dir.root)
  const merged = JSON.parse(await readFile(dir.path('tsconfig.json'), 'utf8')) as unknown
  expect(merged).toMatchObject({ compilerOptions: { rootDirs: ['a', '.', './.tsjit/types'] } })
  const again = await runTsjit(['init'], dir.root)
  expect(again.stdout).not.toContain('changed')
  expect(await readFile(dir.path('.gitignore'), 'utf8')).toBe('.tsjit/\n')
})

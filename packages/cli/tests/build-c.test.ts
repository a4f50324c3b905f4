// `tsjit build --target c`: what it writes, compiled strictly and called from C, C++ and Python. Answers are PyTorch's.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors, writeSafetensors } from '@tsjit/host'
import { expect, test } from 'vitest'
import { emulatorPath } from '../../compiler/tests/support/emulator.ts'
import { compilersOf } from '../../compiler/tests/support/run-c.ts'
import { createWorkdir, runTsjit, type Workdir } from './support/run-node.ts'

const minutes = { timeout: 300_000 }
const examples = fileURLToPath(new URL('../../../examples', import.meta.url))
const callers = fileURLToPath(new URL('c', import.meta.url))
const strict = ['-O2', '-Wall', '-Wextra', '-Werror', '-pedantic']

/** Runs a program in the folder. Throws what it says where it fails. */
function run(dir: Workdir, program: string, args: readonly string[], input: Uint8Array = new Uint8Array()): string {
  const env = { ...process.env, LC_ALL: 'C' }
  return execFileSync(program, [...args], { cwd: dir.root, input, env, stdio: ['pipe', 'pipe', 'pipe'] }).toString()
}

/** Returns what a program says as it fails. */
function failure(dir: Workdir, program: string, args: readonly string[], input: Uint8Array = new Uint8Array()): string {
  const { status, stderr } = spawnSync(program, [...args], { cwd: dir.root, input })
  expect(status).toBe(1)
  return String(stderr)
}

async function casesOf(name: string): Promise<(tensor: string) => Uint8Array> {
  const file = readSafetensors(await readFile(join(examples, name, 'cases.safetensors')))
  return (wanted) => file.bytesOf(file.tensors.find((tensor) => tensor.name === wanted)!)
}

const words = (bytes: Uint8Array): string => `${new Int32Array(bytes.slice().buffer).join(' ')} `

async function built(dir: Workdir, name: string, ...options: readonly string[]): Promise<readonly string[]> {
  const args = ['build', join(examples, name, `${name}.tsjit`), '--target', 'c', '--out', '.', ...options]
  const { code, stdout, stderr } = await runTsjit(args, dir.root)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim().split('\n')
}

test('digits, from C and from Python, with weights in a file', minutes, async () => {
  await using dir = await createWorkdir()
  expect(await built(dir, 'digits')).toEqual(['digits.h', 'digits.c', 'weights.safetensors'])
  const cases = await casesOf('digits')
  const labels = words(cases('label'))
  await copyFile(join(callers, 'digits.c'), dir.path('main.c'))
  for (const compiler of compilersOf()) {
    run(dir, compiler, ['-std=c99', ...strict, 'main.c', 'digits.c', '-o', `digits-${compiler}`])
    expect(run(dir, `./digits-${compiler}`, ['weights.safetensors', '20'], cases('input'))).toBe(labels)
  }
  run(dir, 'gcc', ['-std=c99', ...strict, '-DTSJIT_PLAIN_C', 'main.c', 'digits.c', '-o', 'plain'])
  expect(run(dir, './plain', ['weights.safetensors', '20'], cases('input'))).toBe(labels)
  run(dir, 'gcc', ['-std=c99', ...strict, '-fPIC', '-shared', 'digits.c', '-o', 'libdigits.so'])
  const script = join(callers, 'digits.py')
  expect(run(dir, 'python3', [script, './libdigits.so', 'weights.safetensors', '20'], cases('input'))).toBe(labels)
})

test('digits, with its weights compiled in', minutes, async () => {
  await using dir = await createWorkdir()
  const written = await built(dir, 'digits', '--weights', join(examples, 'digits', 'weights.safetensors'))
  expect(written).toEqual(['digits.h', 'digits.c', 'digits.weights.c'])
  const cases = await casesOf('digits')
  await copyFile(join(callers, 'digits.c'), dir.path('main.c'))
  run(dir, 'gcc', ['-std=c99', ...strict, 'main.c', 'digits.c', 'digits.weights.c', '-o', 'digits'])
  expect(run(dir, './digits', ['-', '20'], cases('input'))).toBe(words(cases('label')))
  // a file is read all the same
  const weights = join(examples, 'digits', 'weights.safetensors')
  expect(run(dir, './digits', [weights, '20'], cases('input'))).toBe(words(cases('label')))
})

test('adder, from C++', minutes, async () => {
  await using dir = await createWorkdir()
  await built(dir, 'adder')
  const cases = await casesOf('adder')
  run(dir, 'gcc', ['-std=c99', ...strict, '-c', 'adder.c'])
  run(dir, 'g++', ['-std=c++17', ...strict, `-I.`, join(callers, 'adder.cpp'), 'adder.o', '-o', 'adder'])
  const prompts = run(dir, './adder', ['weights.safetensors', '12'], cases('prompt'))
  expect(prompts).toBe(words(cases('completion')))
})

test('digits on CUDA, and what it says without a driver', minutes, async () => {
  await using dir = await createWorkdir()
  await built(dir, 'digits', '--device', 'cuda')
  const cases = await casesOf('digits')
  await copyFile(join(callers, 'digits.c'), dir.path('main.c'))
  run(dir, 'gcc', ['-std=c99', ...strict, 'main.c', 'digits.c', '-ldl', '-o', 'digits'])
  const library = await emulatorPath()
  const labels = execFileSync('./digits', ['weights.safetensors', '20'], {
    cwd: dir.root,
    input: cases('input'),
    env: { ...process.env, TSJIT_LIBCUDA: library },
  })
  expect(labels.toString()).toBe(words(cases('label')))
  const { status, stderr } = spawnSync('./digits', ['weights.safetensors', '20'], {
    cwd: dir.root,
    input: cases('input'),
    env: { ...process.env, TSJIT_LIBCUDA: '/none/libcuda.so.1' },
  })
  expect(status).toBe(1)
  expect(String(stderr)).toContain('target_unavailable: no NVIDIA driver here: /none/libcuda.so.1 is not found')
})

test('weights and sizes that do not fit are said, with the code', minutes, async () => {
  await using dir = await createWorkdir()
  await built(dir, 'digits')
  await copyFile(join(callers, 'digits.c'), dir.path('main.c'))
  run(dir, 'gcc', ['-std=c99', ...strict, '-fsanitize=address,undefined', 'main.c', 'digits.c', '-o', 'digits'])
  const says = (weights: string, images = '1'): string =>
    failure(dir, './digits', [weights, images], new Uint8Array(Math.max(0, Number(images)) * 784 * 4))
  expect(says('none.safetensors')).toBe('weight_unavailable: none.safetensors cannot be opened\n')
  expect(says('-')).toBe('weight_missing: `digits` needs weights: the path of a safetensors file\n')
  expect(says('digits.c')).toContain('weight_invalid_file: digits.c cannot be loaded: it is not safetensors')
  const good = await readFile(dir.path('weights.safetensors'))
  const save = async (bytes: Uint8Array): Promise<string> => {
    await writeFile(dir.path('bad.safetensors'), bytes)
    return says('bad.safetensors')
  }
  expect(await save(good.subarray(0, good.length - 4))).toMatch(/^weight_invalid_file: .*: ends within `/)
  expect(await save(good.subarray(0, 100))).toContain('it ends within the header')
  expect(await save(Buffer.concat([good, Buffer.from('x')]))).toContain('longer than its header says')
  expect(await save(Buffer.from(String(good).replace('"F32"', '"F32'), 'latin1'))).toMatch(/^weight_invalid_file/)
  const { tensors, bytesOf } = readSafetensors(good)
  const entries = tensors.map((tensor) => {
    const { name, dtype, shape } = tensor
    return [name, { dtype, shape: [...shape], data: bytesOf(tensor).slice() }] as const
  })
  const [first, ...rest] = entries.filter(([name]) => name !== 'fc2.bias')
  const changed = Object.fromEntries([
    ['conv1.wieght', first![1]],
    ...rest,
    ['fc2.bias', { dtype: 'F32', shape: [5, 2], data: new Uint8Array(40) }],
  ])
  const message = await save(writeSafetensors(changed as Parameters<typeof writeSafetensors>[0]))
  expect(message).toContain('weight_mismatch: bad.safetensors does not fit `digits`:')
  expect(message).toContain(`\`${first![0]}\` i32[] is not in the file (weight_missing)`)
  expect(message).toContain('`fc2.bias` is f32[10] in the model and F32[5, 2] in the file (weight_shape_mismatch)')
  expect(message).toContain('`conv1.wieght` is not in the model (weight_unexpected)')
  expect(says('weights.safetensors', '0')).toBe(
    "dim_out_of_bounds: `B` is 0 in axis 0 of `input`, outside its bounds: 1 to 1024 (as dim('B', ...) declares them)\n",
  )
  expect(says('weights.safetensors', '-3')).toContain(
    'model_input_shape: the input `input` must be f32[B, 1, 28, 28], but has shape [-3, 1, 28, 28]: axis 0 is -3',
  )
})

test.each([
  [['--device', 'cuda'], /--device is for --target c/],
  [['--weights', 'w.safetensors'], /--weights is for --target c/],
  [['--target', 'c', '--device', 'gpu'], /--device is one of cpu, cuda, not 'gpu'/],
  [['--target', 'c', '--weights', 'none.safetensors'], /none\.safetensors/],
])('%j is refused', minutes, async (options, wanted) => {
  await using dir = await createWorkdir()
  const args = ['build', join(examples, 'digits', 'digits.tsjit'), '--out', '.', ...options]
  const { code, stderr } = await runTsjit(args, dir.root)
  expect(code).not.toBe(0)
  expect(stderr).toMatch(wanted)
})

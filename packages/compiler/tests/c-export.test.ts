// The interface of exported programs: what calls give, what they refuse, what stays in a context.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors, writeSafetensors } from '@tsjit/host'
import { expect, test } from 'vitest'
import { compile } from '../src/compile.ts'
import { emulatorPath } from './support/emulator.ts'
import { compileC, compilersOf, runC } from './support/run-c.ts'
import { testHost } from './support/test-host.ts'

const file = fileURLToPath(new URL('c/export.tsjit', import.meta.url))
const caller = readFileSync(new URL('c/export.c', import.meta.url), 'utf8')
const sanitized = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover']

async function exported(device: 'cpu' | 'cuda') {
  const text = readFileSync(file, 'utf8')
  const options = { target: 'c', device, modes: ['eval', 'train'], verify: true } as const
  const { files, diagnostics } = await compile({ file, text, host: testHost(), ...options })
  expect(diagnostics).toEqual([])
  return Object.fromEntries(files.map((each) => [each.name, each.text]))
}

const wanted = (drawn: string): readonly string[] => [
  'plain 3 5 7',
  'mask 3 0 7',
  'both 12 0 36',
  'conflict 1 dim_call_conflict: `N` is 3 in axis 0 of `x` and 2 in axis 0 of `bias`',
  'room 1 model_output_size: the output `output`, f32[N], has 3 elements, and its buffer has room for 2',
  'unwanted 0 ',
  'missing 1 model_input_missing: the input `x`, f32[N], is missing',
  'empty 0 ',
  'empty has 0',
  'bounds 1 dim_call_conflict: `N` is 13 in axis 0 of `x` and 0 in axis 0 of `mask`',
  'counted 3 6',
  'runs 43',
  'another 1 2',
  'saved 4 8',
  'seeds 1 0',
  drawn,
  'eval 3',
  'train 6',
  'windows 5',
  "multiple 1 dim_out_of_bounds: `M` is 7 in axis 0 of `x`, outside its bounds: 2 to 8, a multiple of 2 (as dim('M', ...) declares them)",
  'window 1 shape_window: the window is larger than what it slides over: 4 on a padded size of 2',
  'narrow 4000 bc00 4000 c0c0 0 10 254 6 1 4 0 1',
]

function check(program: string, env: NodeJS.ProcessEnv = {}): void {
  const folder = mkdtempSync(join(tmpdir(), 'tsjit-c-export-'))
  try {
    const [weights, saved] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
    const state = {
      total: { dtype: 'F32', shape: [2], data: Float32Array.of(0, 0) },
      count: { dtype: 'I64', shape: [], data: BigInt64Array.of(40n) },
    }
    writeFileSync(weights, writeSafetensors(state))
    const lines = runC(program, new Uint8Array(), { args: [weights, saved], env })
      .toString()
      .trim()
      .split('\n')
    const [drawn = '', negative = ''] = lines.filter((line) => /^(drawn|negative)/.test(line))
    expect(lines.filter((line) => line !== negative)).toEqual(wanted(drawn))
    expect([drawn, negative].map((line) => line.split(' ').length)).toEqual([5, 5])
    const kept = readSafetensors(readFileSync(saved))
    const found = kept.tensors.map((tensor) => {
      const { buffer } = kept.bytesOf(tensor).slice()
      return [
        tensor.name,
        tensor.dtype,
        ...(tensor.dtype === 'I64' ? new BigInt64Array(buffer) : new Float32Array(buffer)),
      ]
    })
    expect(found).toEqual([
      ['count', 'I64', 43n],
      ['total', 'F32', 3, 6],
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('on the CPU, with every compiler, with vectors and without', { timeout: 300_000 }, async () => {
  const files = { ...(await exported('cpu')), 'main.c': caller }
  for (const compiler of compilersOf()) check(compileC({ files, compiler, flags: ['-O2'] }))
  check(compileC({ files, flags: sanitized }))
  check(compileC({ files, flags: ['-O1', '-DTSJIT_PLAIN_C'] }))
})

test('on CUDA, as the emulator has it', { timeout: 300_000 }, async () => {
  const files = { ...(await exported('cuda')), 'main.c': caller }
  check(compileC({ files, flags: ['-O1'] }), { TSJIT_LIBCUDA: await emulatorPath() })
})

test('-ffast-math is refused', async () => {
  const files = { ...(await exported('cpu')), 'main.c': caller }
  expect(() => compileC({ files, flags: ['-O1', '-ffast-math'] })).toThrow(/compile this file without -ffast-math/)
})

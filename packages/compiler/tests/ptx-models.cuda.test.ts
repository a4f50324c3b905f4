// Whole models as PTX, through NVIDIA's assembler where that is on PATH. TSJIT_FULL=1 takes every model of the repository.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compile } from '../src/compile.ts'
import { createHost } from './support/lower-text.ts'
import { hasPtxas, ptxas } from './support/ptxas.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const isFull = process.env['TSJIT_FULL'] === '1'

const models = ['examples/digits/digits.tsjit', 'examples/adder/adder.tsjit', 'examples/wave/wave.tsjit']
const others = [
  'examples/spade/spade.tsjit',
  'examples/adder/decode.tsjit',
  ...['chain', 'cnn', 'conv', 'decode', 'hmc', 'layernorm', 'lstm-layer', 'lstm', 'mlp', 'softmax', 'transformer'].map(
    (name) => `bench/peers/models/${name}.tsjit`,
  ),
  ...['batch-norm', 'dropout', 'lstm', 'numerics', 'passes', 'small-cnn', 'spade', 'transformer'].map(
    (name) => `tests/golden/programs/${name}.tsjit`,
  ),
]

/** Returns the module's text and its PTX. */
async function compiled(file: string, names: 'readable' | 'minified'): Promise<{ code: string; ptx: string }> {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const options = { file: path, text, host: createHost(), target: 'cuda', names, verify: true } as const
  const { code, diagnostics } = await compile(options)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const module = code.replaceAll(/import .* from '@tsjit\/runtime-cuda'/g, '').replaceAll(/^import .*$/gm, '')
  const found = /ptx: ?`([^`]*)`/.exec(module)?.[1] ?? ''
  return { code, ptx: found }
}

const budgetFile = fileURLToPath(new URL('./ptx-budget.json', import.meta.url))

/** What each entry of the examples may take on sm_80: registers of a thread and bytes of shared memory. */
type Budget = Readonly<Record<string, Readonly<Record<string, readonly [registers: number, shared: number]>>>>

// TSJIT_BUDGET=1 writes the file anew
if (hasPtxas)
  test('kernels of the examples keep to their budget of registers and shared memory', async () => {
    const found: Record<string, Record<string, readonly [number, number]>> = {}
    const peers = ['mlp', 'lstm', 'lstm-layer'].map((name) => `bench/peers/models/${name}.tsjit`)
    const files = [...models, 'examples/spade/spade.tsjit', ...peers, 'bench/cuda/models/gemm.tsjit']
    for (const file of files) {
      const { ptx } = await compiled(file, 'readable')
      const uses = [...ptxas(ptx, 'sm_80')]
      // registers that do not fit go to memory, which is slow
      for (const [name, { spills }] of uses) expect(spills, `${file} ${name}`).toBe(0)
      found[file] = Object.fromEntries(
        uses.map(([name, { registers, shared }]) => [name, [registers, shared] as const]),
      )
    }
    if (process.env['TSJIT_BUDGET'] === '1') writeFileSync(budgetFile, `${JSON.stringify(found, undefined, 2)}\n`)
    const budget = JSON.parse(readFileSync(budgetFile, 'utf8')) as Budget
    const over = files.flatMap((file) =>
      Object.entries(found[file] ?? {}).flatMap(([name, [registers, shared]]) => {
        const [most, mostShared] = budget[file]?.[name] ?? [0, 0]
        const isOver = registers > most || shared > mostShared
        return isOver ? [`${file} ${name}: ${registers} registers, ${shared} bytes; budget ${most}, ${mostShared}`] : []
      }),
    )
    expect(over).toEqual([])
  })

test('a recurrence waits for all blocks once a step, and has its weights in shared memory', async () => {
  const { ptx } = await compiled('bench/peers/models/lstm.tsjit', 'readable')
  const [, entry = ''] = /(\.visible \.entry contract_add_neg[^]*?)\n\}/.exec(ptx) ?? []
  const [, , step = ''] = /\n(\$loop\w*):\n([^]*)bra \1/.exec(entry) ?? []
  expect(step.match(/atom\.global/g)).toHaveLength(1)
  expect(step.match(/ld\.shared\.v4/g)).toHaveLength(16)
  // the state: the same four vectors for all gates
  expect(step.match(/ld\.global\.v4/g)).toHaveLength(4)
  expect(step).not.toContain('ld.global.nc.v4')
})

describe.each(['readable', 'minified'] as const)('%s', (names) => {
  test.each(isFull ? [...models, ...others] : models)('%s', async (file) => {
    const { code, ptx } = await compiled(file, names)
    expect(code).toContain(`from '@tsjit/runtime-cuda'`)
    expect(ptx).toMatch(/^\.version 7\.1\n\.target sm_80\n/)
    const entries = [...ptx.matchAll(/\.entry (\w+)\(/g)].map(([, name]) => name)
    expect(new Set(entries).size, file).toBe(entries.length)
    if (hasPtxas)
      for (const arch of ['sm_80', 'sm_90', 'sm_120'] as const) expect(ptxas(ptx, arch).size).toBe(entries.length)
  })
})

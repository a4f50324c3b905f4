// Random programs on several threads: the same bits as on one. TSJIT_FULL=1 runs many; a failure prints seed and path.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostTensor, LoadOptions } from '@tsjit/host'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildRuntime } from '../../../tests/support/built-runtime.ts'
import { importCompiled } from '../../../tests/support/import-compiled.ts'

const runs = process.env['TSJIT_FULL'] === '1' ? 60 : 4
const folder = fileURLToPath(new URL('../../../.cache/random-threads', import.meta.url))

/** Steps from `h`, a tensor of [B, 40], to another; some keep something more of what they had. */
const steps = [
  'h = fc(h)',
  'h = tanh(other(h))',
  'h = softmax(h, -1)',
  'h = norm(h)',
  'h = tj`${h} * ${x} + cos(${h})`',
  'h = tj`cumsum(${h}, axis=1) * 0.1`',
  'kept = tj`${h} + sum(sum(${h}, axis=1), axis=0) * 0.001`; h = tj`${h} - ${kept} * 0.5`',
  'h = tj`(${h} @ ${h}.T) @ ${h} * 0.001`',
  'kept = h; h = tj`where(${h} > 0, ${h}, exp(${h}) - 1)`',
  'h = tj`${h} + ${kept}`',
  'h = forLoop(3, h, (v, i) => tanh(tj`${fc(v)} + ${kept} * ${i}`))',
  'h = cond(tj`sum(sum(${h}, axis=1), axis=0) > 0`, () => other(h), () => tj`${h} * 0.5`)',
]

const textOf = (
  chosen: readonly number[],
): string => `import { cond, cos, dim, f32, forLoop, model, softmax, tanh, tj } from '@tsjit/dsl'
import { layerNorm, linear } from '@tsjit/nn'
const B = dim('B', { max: 2000 })
export const m = model({
  inputs: { x: f32(B, 40) },
  layers: { fc: linear(40, 40), other: linear(40, 40), norm: layerNorm(40) },
  forward({ x }, { fc, other, norm }) {
    let h = norm(other(fc(x)))
    let kept = x
    ${chosen.map((step) => steps[step]).join('\n    ')}
    return { h, kept }
  },
})
`

test(`${runs} programs`, { timeout: 3_000_000 }, async () => {
  const runtime = await buildRuntime()
  await mkdir(folder, { recursive: true })
  let count = 0
  const check = async (chosen: readonly number[], rows: readonly number[]): Promise<void> => {
    const file = join(folder, `random-${process.pid}-${count++}.tsjit`)
    await writeFile(file, textOf(chosen))
    const { m } = await importCompiled(file, 'wasm', { runtime })
    const ways: readonly LoadOptions[] = [{ threads: 1 }, { threads: 2 }, { threads: 4 }, { threads: 3, worker: true }]
    const nets = await Promise.all(ways.map((way) => m!.load({ weights: { seed: 5 }, ...way })))
    for (const size of rows) {
      const x = { shape: [size, 40], data: Float32Array.from({ length: size * 40 }, (_, i) => Math.sin(i * 1.7)) }
      const [wanted, ...found] = await Promise.all(
        nets.map(async (net) => {
          const results = Object.values(await net.run({ x })) as readonly HostTensor[]
          const data = await Promise.all(results.map((result) => result.data()))
          return Buffer.concat(data.map((each) => Buffer.from(each.buffer as ArrayBuffer)))
        }),
      )
      for (const each of found) expect(wanted!.equals(each), `${chosen} at ${size}`).toBe(true)
    }
    for (const net of nets) net.dispose()
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(steps.length - 1), { minLength: 2, maxLength: 7 }),
      fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 2, maxLength: 3 }),
      check,
    ),
    {
      numRuns: runs,
      ...(process.env['TSJIT_SEED'] === undefined ? {} : { seed: Number(process.env['TSJIT_SEED']) }),
    },
  )
})

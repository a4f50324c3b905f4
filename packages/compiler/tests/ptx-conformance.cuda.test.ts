// The programs of the conformance suites as PTX, through NVIDIA's assembler where that is on PATH. TSJIT_FULL=1 takes all.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readCases } from '../../../tests/conformance/case.ts'
import { readOperators } from '../../../tests/conformance/operator-table.ts'
import { sampleOf } from '../../../tests/conformance/sample.ts'
import { writeProgram } from '../../../tests/conformance/write-program.ts'
import { compile } from '../src/compile.ts'
import { createHost } from './support/lower-text.ts'
import { hasPtxas, ptxas } from './support/ptxas.ts'

const cases = fileURLToPath(new URL('../../../tests/conformance/cases', import.meta.url))
const isFull = process.env['TSJIT_FULL'] === '1'
const { resolve, read } = createHost()
const host = {
  resolve: (specifier: string, importer: string) =>
    specifier.startsWith('/') ? specifier : resolve(specifier, importer),
  read,
}

/** Returns the PTX of a program; undefined where it is none that the language has. */
async function ptxOf(text: string): Promise<string | undefined> {
  const { code, diagnostics } = await compile({ file: '/app/m.tsjit', text, host, target: 'cuda', names: 'minified' })
  if (diagnostics.some(({ severity }) => severity === 'error')) return undefined
  return /ptx:`([^`]*)`/.exec(code)?.[1]
}

test('kernels of the suites are assembled', { timeout: 3_000_000 }, async () => {
  const all = await readCases(cases)
  const table = await readOperators()
  const chosen = isFull ? all : sampleOf(all, { every: 25, suites: [] })
  let assembled = 0
  for (const each of chosen) {
    const text = await Promise.resolve()
      .then(() => writeProgram(each, table).text)
      .catch(() => undefined) // an operator that the language has not
    const ptx = text === undefined ? undefined : await ptxOf(text)
    if (ptx === undefined || !ptx.includes('.entry')) continue
    if (hasPtxas) expect(ptxas(ptx, 'sm_80').size, each.name).toBe(ptx.match(/\.entry/g)?.length)
    assembled++
  }
  expect(assembled).toBeGreaterThan(chosen.length / 2)
})

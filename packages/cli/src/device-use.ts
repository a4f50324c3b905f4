// device-use: kernels for CUDA -> what they take on devices, as text
//
// NVIDIA's assembler says it. Nobody needs one to look at a model, so without it there is no such text, unless asked for.

import * as compiler from '@tsjit/compiler'
import type { CompileResult } from '@tsjit/compiler'
import { type EntryUse, assembleCuda, findPtxas } from 'unplugin-tsjit/api'
import { CompileError } from './compile-clean.ts'
import type { Terminal } from './terminal.ts'

/** What the PTX is printed for, and every later device takes. */
const OLDEST = 'sm_80'

/** Returns registers, shared memory and spills of each kernel. Throws a CompileError where what was asked for cannot be had. */
export async function deviceUse(
  file: string,
  { cuda, sources }: Pick<CompileResult, 'cuda' | 'sources'>,
  asked: readonly string[],
  terminal: Terminal,
): Promise<readonly string[]> {
  if (cuda === undefined || (asked.length === 0 && (await findPtxas()) === undefined)) return []
  const architectures = asked.length === 0 ? [OLDEST] : asked
  const { byArchitecture, diagnostics } = await assembleCuda(compiler, file, cuda, architectures)
  if (diagnostics.length > 0) {
    const options = { cwd: terminal.cwd, color: terminal.isComplaintColored }
    throw new CompileError(compiler.renderAll(diagnostics, sources, options))
  }
  return architectures.map((each) => tableOf(each, byArchitecture.get(each)?.uses ?? []))
}

function tableOf(architecture: string, uses: readonly EntryUse[]): string {
  const rows = [
    ['kernel', 'registers', 'shared', 'spills'],
    ...uses.map(({ name, registers, shared, spills }) => [name, `${registers}`, `${shared} B`, `${spills} B`]),
  ]
  const width = Math.max(...rows.map(([name = '']) => name.length))
  const lines = rows.map(
    ([name = '', ...cells]) => `  ${name.padEnd(width)}${cells.map((c) => c.padStart(11)).join('')}`,
  )
  return [`kernels of the file on ${architecture}, as ptxas assembles them`, ...lines].join('\n')
}

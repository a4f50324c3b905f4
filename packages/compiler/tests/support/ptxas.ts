// ptxas: PTX -> what NVIDIA's assembler says of it, where it is on PATH

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the assembler is there. */
export const hasPtxas: boolean = spawnSync('ptxas', ['--version']).status === 0

/** What an entry takes. */
export interface PtxasUse {
  readonly registers: number
  readonly shared: number
  /** Bytes of registers that do not fit, stored and loaded. */
  readonly spills: number
  /** What it warns of: products that wait for one another. */
  readonly warnings: readonly string[]
}

/** Assembles a module; returns what each entry takes. Throws with the messages where it is refused. */
export function ptxas(ptx: string, arch: 'sm_80' | 'sm_90' | 'sm_90a' | 'sm_120'): ReadonlyMap<string, PtxasUse> {
  const folder = mkdtempSync(join(tmpdir(), 'tsjit-ptx-'))
  const file = join(folder, 'module.ptx')
  writeFileSync(file, ptx)
  try {
    const args = [`-arch=${arch}`, '-v', file, '-o', join(folder, 'module.cubin')]
    const said = spawnSync('ptxas', args, { encoding: 'utf8' })
    if (said.status !== 0) throw new Error(`ptxas ${arch}: ${said.stderr}\n${numbered(ptx)}`)
    return usesIn(said.stderr)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function usesIn(text: string): ReadonlyMap<string, PtxasUse> {
  const uses = new Map<string, PtxasUse>()
  for (const [, name = '', about = ''] of text.matchAll(
    /entry function '([^']+)'([\s\S]*?)(?=Compiling entry function|$)/g,
  )) {
    const number = (pattern: RegExp): number => Number(pattern.exec(about)?.[1] ?? 0)
    const spills = number(/(\d+) bytes spill stores/) + number(/(\d+) bytes spill loads/)
    const warnings = about.split('\n').filter((line) => /warning|Performance Loss/.test(line))
    uses.set(name, { registers: number(/Used (\d+) registers/), shared: number(/(\d+) bytes smem/), spills, warnings })
  }
  return uses
}

function numbered(text: string): string {
  return text
    .split('\n')
    .map((line, i) => `${i + 1}: ${line}`)
    .join('\n')
}

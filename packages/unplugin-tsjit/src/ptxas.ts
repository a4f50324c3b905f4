// ptxas: PTX -> machine code of one architecture, by NVIDIA's assembler
//
// The tool is part of the CUDA toolkit and has no library: text goes in as a file, code comes out as one.

import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** What an entry of a module takes on a device. */
export interface EntryUse {
  readonly name: string
  /** Of each thread, 4 bytes each. */
  readonly registers: number
  /** Bytes of shared memory of each block, as far as the code declares them. */
  readonly shared: number
  /** Bytes of each thread that registers do not hold, stored and loaded. */
  readonly spills: number
}

/** A module as machine code. */
export interface Assembled {
  readonly code: Uint8Array
  readonly uses: readonly EntryUse[]
}

/** The variable that names the tool. */
export const PTXAS_VARIABLE = 'TSJIT_PTXAS'

/** Whether this is the name of an architecture as the runtime asks for it: `sm_90`, or `sm_90a` for PTX of its own. */
export function isArchitecture(value: unknown): value is string {
  return typeof value === 'string' && /^sm_(?:[1-9]\d+|90a)$/.test(value)
}

/** Returns the file of the assembler: what TSJIT_PTXAS names; else of PATH, or beside `nvcc`; undefined where none is. */
export async function findPtxas(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = env[PTXAS_VARIABLE]
  if (named) return (await isProgram(named)) ? named : undefined
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = await programIn(folders, 'ptxas')
  if (found !== undefined) return found
  const nvcc = await programIn(folders, 'nvcc')
  return nvcc === undefined ? undefined : programIn([dirname(await realpath(nvcc))], 'ptxas')
}

/** Assembles a module; `name` stands for it in messages. Rejects with the tool's own words where it refuses. */
export async function runPtxas(tool: string, ptx: string, name: string, architecture: string): Promise<Assembled> {
  const folder = await mkdtemp(join(tmpdir(), 'tsjit-ptxas-'))
  try {
    await writeFile(join(folder, name), ptx)
    // places of the source stay, for profilers; they are there in development
    const args = [`-arch=${architecture}`, '--generate-line-info', '-v', name, '-o', 'code.cubin']
    const said = await promisify(execFile)(tool, args, { cwd: folder, maxBuffer: 2 ** 26 }).catch(refuse)
    return { code: await readFile(join(folder, 'code.cubin')), uses: usesIn(said.stderr) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What `-v` says of each entry. */
function usesIn(text: string): readonly EntryUse[] {
  const entries = text.matchAll(/entry function '([^']+)'([^]*?)(?=Compiling entry function|$)/g)
  return [...entries].map(([, name = '', about = '']) => {
    const number = (pattern: RegExp): number => Number(pattern.exec(about)?.[1] ?? 0)
    return {
      name,
      registers: number(/Used (\d+) registers/),
      shared: number(/(\d+) bytes smem/),
      spills: number(/(\d+) bytes spill stores/) + number(/(\d+) bytes spill loads/),
    }
  })
}

function refuse(error: Error & { readonly stderr?: string }): never {
  const lines = (error.stderr ?? '').split('\n').filter((line) => /\b(?:error|fatal)\b/.test(line))
  const words = lines.length === 0 ? error.message : lines.slice(0, 3).join('; ')
  throw new Error(words.replace(/\s+/g, ' ').trim(), { cause: error })
}

async function programIn(folders: readonly string[], name: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  for (const folder of folders) if (await isProgram(join(folder, file))) return join(folder, file)
  return undefined
}

async function isProgram(file: string): Promise<boolean> {
  const runs = access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
  return (await runs) && (await stat(file)).isFile()
}

// run-c: C as text -> a program, and what it writes for what it reads
//
// A test that needs a compiler fails where there is none: `npm run setup` installs one.

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../../.cache/c', import.meta.url))

/** What every compiler has to take the code with. */
const strict = ['-std=c99', '-pedantic', '-Wall', '-Wextra', '-Werror']

/** Returns the compilers for C that are here: GCC always, Clang where there is one. */
export function compilersOf(): readonly string[] {
  const isHere = (name: string): boolean => spawnSync(name, ['--version']).status === 0
  if (!isHere('gcc')) throw new Error('this test needs gcc: `npm run setup` installs it on Debian')
  return ['gcc', ...['clang'].filter(isHere)]
}

/** A program to compile. */
export interface CSource {
  /** Files by name; those that end in `.c` are compiled. */
  readonly files: Readonly<Record<string, string>>
  readonly compiler?: string
  readonly flags?: readonly string[]
}

/** Compiles C and returns the path of the program. Throws what the compiler says. */
export function compileC({ files, compiler = 'gcc', flags = ['-O1'] }: CSource): string {
  const key = createHash('sha256')
    .update(JSON.stringify([files, compiler, flags]))
    .digest('hex')
    .slice(0, 16)
  const place = join(folder, key)
  const program = join(place, 'program')
  if (existsSync(program)) return program
  mkdirSync(place, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text)
  const sources = Object.keys(files).filter((name) => name.endsWith('.c'))
  const made = `program.${process.pid}`
  const { status, stderr } = spawnSync(compiler, [...strict, ...flags, ...sources, '-o', made, '-ldl'], { cwd: place })
  if (status !== 0) throw new Error(`${compiler} in ${place}:\n${String(stderr).slice(0, 4000)}`)
  renameSync(join(place, made), program)
  return program
}

/** Runs a program with bytes to read, and returns the bytes that it writes. */
export function runC(
  program: string,
  input: Uint8Array,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Buffer {
  return execFileSync(program, [...args], {
    input,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

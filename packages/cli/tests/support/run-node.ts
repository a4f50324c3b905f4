// run-node: Node processes on the packages of this workspace
import { spawn } from 'node:child_process'
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a process has left. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder that is gone after use. */
export interface Workdir extends AsyncDisposable {
  readonly root: string
  path(file: string): string
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Whether the packages were built just now: then they run as they are shipped, else from their sources. */
const isBuilt = process.env['TSJIT_BUILT'] === '1'
const [code, extension] = isBuilt ? ['dist', 'js'] : ['src', 'ts']

/** Copies a fixture to a temporary folder. */
export async function createWorkdir(fixture?: string): Promise<Workdir> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tsjit-cli-')))
  if (fixture !== undefined) await cp(at(`../fixtures/${fixture}`), root, { recursive: true })
  return {
    root,
    path: (file) => join(root, file),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

/** How a process is listened to. */
export interface Listening {
  /** Closes the pipe of its output after so many characters. */
  readonly readsUpTo?: number
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs Node with arguments of its own. */
export function runNode(
  args: readonly string[],
  cwd: string,
  { readsUpTo = Infinity, env: own = {} }: Listening = {},
): Promise<Outcome> {
  const sources = ['--conditions=tsjit-source', '--import', new URL('./typescript.mjs', import.meta.url).href]
  const flags = isBuilt ? [] : sources
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...own }
  const child = spawn(process.execPath, [...flags, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (stdout.length > readsUpTo) child.stdout.destroy()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Runs `tsjit` with a command line. */
export function runTsjit(args: readonly string[], cwd: string, listening: Listening = {}): Promise<Outcome> {
  return runNode([at(`../../${code}/bin.${extension}`), ...args], cwd, listening)
}

/** Returns the URL of a module of the package by its name: `register`, `node`. */
export function moduleUrl(name: string): string {
  return new URL(`../../${code}/${name}.${extension}`, import.meta.url).href
}

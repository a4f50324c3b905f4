// find-files: which files a command is about

import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parseModuleId } from 'unplugin-tsjit/api'
import { UsageError } from './terminal.ts'

const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage'])

/** Returns the given files and those in the given folders; without any, every `.tsjit` file under `cwd`, in order. */
export async function findFiles(given: readonly string[], cwd: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of given.length === 0 ? ['.'] : given) {
    const file = resolve(cwd, path)
    const stats = await stat(file).catch(() => undefined)
    if (!stats) throw new UsageError(`there is no file '${path}'`)
    if (stats.isDirectory()) found.push(...(await modulesIn(file)))
    else found.push(checkModule(file, path))
  }
  return [...new Set(found)]
}

/** Returns the absolute path of a file that must exist. */
export async function findFile(path: string, cwd: string): Promise<string> {
  const file = resolve(cwd, path)
  const stats = await stat(file).catch(() => undefined)
  if (!stats) throw new UsageError(`there is no file '${path}'`)
  if (stats.isDirectory()) throw new UsageError(`'${path}' is a folder, where a file is wanted`)
  return file
}

/** Returns the absolute path of a module that must exist. */
export async function findModule(path: string, cwd: string): Promise<string> {
  return checkModule(await findFile(path, cwd), path)
}

/** Returns the absolute path of a file that may be written: its folder is there, and it is none itself. */
export async function findPlace(path: string, cwd: string): Promise<string> {
  const file = resolve(cwd, path)
  const [own, folder] = await Promise.all([file, dirname(file)].map((each) => stat(each).catch(() => undefined)))
  if (own?.isDirectory()) throw new UsageError(`'${path}' is a folder, where a file is to be written`)
  if (!folder?.isDirectory())
    throw new UsageError(`there is no folder '${dirname(path)}' to write '${basename(path)}' to`)
  return file
}

function checkModule(file: string, path: string): string {
  if (!parseModuleId(file)) throw new UsageError(`'${path}' is no module: their names end with .tsjit or .tsjit.ts`)
  return file
}

async function modulesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const found: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const isModule = parseModuleId(entry.name) !== undefined && !entry.name.endsWith('.d.tsjit.ts')
    if (entry.isFile() && isModule) found.push(path)
    else if (entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name)) {
      found.push(...(await modulesIn(path)))
    }
  }
  return found
}

// find-files: which files a command is about

import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
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
    else found.push(file)
  }
  return [...new Set(found)]
}

/** Returns the absolute path of a file that must exist. */
export async function findFile(path: string, cwd: string): Promise<string> {
  const file = resolve(cwd, path)
  const stats = await stat(file).catch(() => undefined)
  if (!stats?.isFile()) throw new UsageError(`there is no file '${path}'`)
  return file
}

async function modulesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const found: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const isModule = /\.tsjit(\.ts)?$/.test(entry.name) && !entry.name.endsWith('.d.tsjit.ts')
    if (entry.isFile() && isModule) found.push(path)
    else if (entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name)) {
      found.push(...(await modulesIn(path)))
    }
  }
  return found
}

// project: a mini project, copied to a place where it may be edited
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A project on disk that is gone after use. */
export interface Project extends AsyncDisposable {
  readonly root: string
  path(file: string): string
  edit(file: string, change: (text: string) => string): Promise<void>
}

/** Copies `tests/projects/<name>` to a temporary folder. */
export async function createProject(name: string): Promise<Project> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tsjit-')))
  await cp(fileURLToPath(new URL(`../projects/${name}`, import.meta.url)), root, { recursive: true })
  const path = (file: string): string => join(root, file)
  return {
    root,
    path,
    async edit(file, change) {
      await writeFile(path(file), change(await readFile(path(file), 'utf8')))
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

/** The root of this workspace, which dev servers must be allowed to serve. */
export const workspace: string = fileURLToPath(new URL('../../../..', import.meta.url))

/** The conditions with which packages of this workspace resolve to their sources. */
export const conditions: readonly string[] = ['tsjit-source', 'module', 'browser', 'development|production']

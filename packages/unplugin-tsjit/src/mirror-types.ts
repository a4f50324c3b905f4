// mirror-types: declarations -> files beside the project, not in it
//
// `src/mlp.tsjit` is declared by `.tsjit/types/src/mlp.d.tsjit.ts`, which TypeScript finds through
// `"rootDirs": [".", "./.tsjit/types"]` and `"allowArbitraryExtensions": true`. Files are written only when they change.

import { readFile, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { makeFolder } from './make-folder.ts'

/** The two folders of `rootDirs`: the sources, and their mirror. */
export interface Mirror {
  readonly root: string
  readonly out: string
}

/** Returns the folders for a project root and the plugin's or the command line's options. */
export function mirrorOf(project: string, options: { readonly root?: string; readonly out?: string } = {}): Mirror {
  const root = resolve(project, options.root ?? '.')
  return { root, out: options.out === undefined ? join(root, '.tsjit', 'types') : resolve(project, options.out) }
}

/**
 * Returns the file that declares a module, or undefined where none can: outside the root, and for `.tsjit.ts` files,
 * which TypeScript reads itself.
 */
export function mirrorFile(file: string, { root, out }: Mirror): string | undefined {
  const path = relative(root, file)
  if (path.startsWith('..') || isAbsolute(path) || !path.endsWith('.tsjit')) return undefined
  if (path.split(/[\\/]/).includes('node_modules')) return undefined
  return join(out, path.replace(/\.tsjit$/, '.d.tsjit.ts'))
}

/** Writes the declaration of a module and returns its file, or undefined where it has none. */
export async function writeTypes(file: string, types: string, mirror: Mirror): Promise<string | undefined> {
  const target = mirrorFile(file, mirror)
  if (target === undefined) return undefined
  await writeIfChanged(join(mirror.out, '.gitignore'), '*\n')
  await writeIfChanged(target, types)
  return target
}

async function writeIfChanged(file: string, text: string): Promise<void> {
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known === text) return
  await makeFolder(dirname(file))
  await writeFile(file, text)
}

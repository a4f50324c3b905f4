// resolve-package: a bare specifier -> the file it means, as Node finds it
//
// Walks up the `node_modules` folders and reads `exports`. Only finds files; nothing is loaded or run. Needed beside
// the hosts' own resolvers because compilation must give the same answer in all of them, and on the command line.

import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The conditions of `exports` that hold for `.tsjit` modules, beside those of the host. */
export const defaultConditions: readonly string[] = ['tsjit', 'import', 'default']

/** Returns the real path of the file that a bare specifier means from a folder, or undefined. */
export function resolvePackage(
  specifier: string,
  folder: string,
  conditions: readonly string[] = [],
): string | undefined {
  const parts = /^((?:@[^/]+\/)?[^/@.#][^/]*)(?:\/(.+))?$/.exec(specifier)
  if (!parts) return undefined
  const name = parts[1] ?? ''
  for (let at = folder; ; at = dirname(at)) {
    const root = join(at, 'node_modules', name)
    const manifest = readManifest(join(root, 'package.json'))
    if (manifest) return fileIn(root, manifest, parts[2], new Set([...defaultConditions, ...conditions]))
    if (dirname(at) === at) return undefined
  }
}

interface Manifest {
  readonly exports?: unknown
  readonly main?: string
}

function readManifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

function fileIn(
  root: string,
  manifest: Manifest,
  subpath: string | undefined,
  conditions: ReadonlySet<string>,
): string | undefined {
  const target =
    manifest.exports === undefined
      ? (subpath ?? manifest.main ?? 'index.js')
      : exported(manifest.exports, subpath === undefined ? '.' : `./${subpath}`, conditions)
  return target === undefined ? undefined : existing(join(root, target))
}

/** Returns the real path of a file, or undefined where there is none. */
export function existing(file: string): string | undefined {
  try {
    return statSync(file).isFile() ? realpathSync(file) : undefined
  } catch {
    return undefined
  }
}

function exported(exports: unknown, key: string, conditions: ReadonlySet<string>): string | undefined {
  const isMap = isRecord(exports) && Object.keys(exports).some((name) => name.startsWith('.'))
  if (!isMap) return key === '.' ? chosen(exports, conditions, '') : undefined
  if (key in exports && !key.includes('*')) return chosen(exports[key], conditions, '')
  const patterns = Object.keys(exports)
    .filter((name) => name.includes('*'))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*'))
  for (const pattern of patterns) {
    const [head = '', tail = ''] = pattern.split('*')
    const fits = key.startsWith(head) && key.endsWith(tail) && key.length >= head.length + tail.length
    if (fits) return chosen(exports[pattern], conditions, key.slice(head.length, key.length - tail.length))
  }
  return undefined
}

function chosen(target: unknown, conditions: ReadonlySet<string>, star: string): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', star)
  if (Array.isArray(target)) return target.map((each) => chosen(each, conditions, star)).find((file) => file)
  if (!isRecord(target)) return undefined
  for (const [condition, inner] of Object.entries(target)) {
    const file = conditions.has(condition) ? chosen(inner, conditions, star) : undefined
    if (file !== undefined) return file
  }
  return undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// source-host: the compiler's view of the disk
//
// Resolves what a `.tsjit` module imports and reads it, and remembers every question and answer, so that a result can
// be used again for as long as all answers are the same.

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SourceHost } from '@tsjit/compiler'
import { existing, resolvePackage } from './resolve-package.ts'

/** How to resolve what Node's rules do not find. */
export interface HostOptions {
  /** Conditions of package `exports`, beside the usual ones. */
  readonly conditions?: readonly string[]
  /** Asks the bundler (aliases, path mappings). */
  readonly fallback?: (specifier: string, importer: string) => Promise<string | undefined>
}

/** A source host that knows whether its answers still hold. */
export interface RecordingHost extends SourceHost {
  /** Files that were read or found. */
  readonly files: ReadonlySet<string>
  /** Returns whether every question asked so far still has the same answer. */
  isCurrent(): Promise<boolean>
}

const extensions = ['', '.tsjit', '.tsjit.ts', '.json']
const here = dirname(fileURLToPath(import.meta.url))

/** Returns a source host on Node's file system. */
export function createSourceHost(options: HostOptions = {}): RecordingHost {
  const texts = new Map<string, string | undefined>()
  const answers = new Map<string, { specifier: string; importer: string; file: string | undefined }>()
  return {
    get files() {
      return new Set([...texts].flatMap(([file, text]) => (text === undefined ? [] : [file])))
    },
    async resolve(specifier, importer) {
      const file = await find(specifier, importer, options)
      answers.set(JSON.stringify([specifier, importer]), { specifier, importer, file })
      return file
    },
    async read(file) {
      const text = await readText(file)
      texts.set(file, text)
      return text
    },
    async isCurrent() {
      for (const [file, text] of texts) if ((await readText(file)) !== text) return false
      for (const { specifier, importer, file } of answers.values()) {
        if ((await find(specifier, importer, options)) !== file) return false
      }
      return true
    },
  }
}

async function find(specifier: string, importer: string, options: HostOptions): Promise<string | undefined> {
  const folder = dirname(importer)
  if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
    return relative(resolve(folder, specifier))
  }
  return (
    resolvePackage(specifier, folder, options.conditions) ??
    (await options.fallback?.(specifier, importer)) ??
    resolvePackage(specifier, here, options.conditions)
  )
}

// `./layers`, `./layers.tsjit` for layers.tsjit.ts, and `./layers.tsjit.js`, as TypeScript writes it under nodenext.
function relative(path: string): string | undefined {
  const paths = [...extensions.map((extension) => path + extension), resolve(path, 'index.tsjit'), `${path}.ts`]
  if (path.endsWith('.tsjit.js')) paths.push(path.replace(/js$/, 'ts'))
  for (const file of paths) if (existing(file) !== undefined) return file
  return undefined
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    return text.startsWith('\uFEFF') ? text.slice(1) : text
  } catch {
    return undefined
  }
}

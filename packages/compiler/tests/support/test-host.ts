// test-host: other modules for the compiler, from memory first and from this repository after that

import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SourceHost } from '../../src/ir/source.ts'

const nn = fileURLToPath(new URL('../../../nn/src/index.tsjit', import.meta.url))

/** Returns a host that knows `@tsjit/nn`, the given files, and what lies on disk. */
export function testHost(files: Readonly<Record<string, string>> = {}): SourceHost {
  const has = (file: string): boolean => file in files || existsSync(file)
  return {
    resolve(specifier, importer) {
      if (specifier === '@tsjit/nn') return nn
      if (!specifier.startsWith('.')) return undefined
      const file = resolve(dirname(importer), specifier)
      return [file, `${file}.tsjit`].find(has)
    },
    read: (file) => files[file] ?? (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
  }
}

// version: the version of this package

import { readFileSync } from 'node:fs'

/** Returns the version of this package. */
export function versionOf(): string {
  const manifest = readFileSync(new URL(import.meta.resolve('tsjit/package.json')), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

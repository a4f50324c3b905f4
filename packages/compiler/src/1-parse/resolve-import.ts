// resolve-import: specifier -> what it means to the compiler
//
// Asks the host where a module is and reads JSON. Relative paths of modules that are already read are not asked for,
// so that a text that no file holds can be imported too.

import type { ImportTarget, SourceHost } from '../ir/source.ts'

/** What a specifier resolves to; a reason where it is nothing that can be compiled in. */
export type Resolution = Exclude<ImportTarget, { readonly kind: 'invalid' }> | Unresolved

/** Nothing that can be compiled in. `reason` completes "the module …". */
export interface Unresolved {
  readonly kind: 'unresolved'
  readonly help: string
}

/** Resolves one import of a value. `known` answers for modules that are already read. */
export async function resolveImport(
  specifier: string,
  importer: string,
  host: SourceHost,
  known: (file: string) => boolean,
): Promise<Resolution> {
  if (specifier === '@tsjit/dsl') return { kind: 'dsl' }
  const file = await find(specifier, importer, host, known)
  if (file === undefined) return unresolved(notFoundHelp(specifier))
  if (file.endsWith('.tsjit')) return { kind: 'module', file }
  if (file.endsWith('.json')) return readJson(file, host)
  return unresolved(`\`${file.slice(file.lastIndexOf('/') + 1)}\` is not a \`.tsjit\` module; ${elsewhere}`)
}

const elsewhere = 'rename it to `.tsjit` where it holds functions of a model, or give its values to the model as inputs'

async function find(
  specifier: string,
  importer: string,
  host: SourceHost,
  known: (file: string) => boolean,
): Promise<string | undefined> {
  const isBare = !/\.[A-Za-z]+$/.test(specifier)
  const candidates = specifier.startsWith('.') && isBare ? [`${specifier}.tsjit`, specifier] : [specifier]
  for (const candidate of candidates) {
    const joined = candidate.startsWith('.') ? joinPath(importer, candidate) : undefined
    if (joined !== undefined && known(joined)) return joined
    const file = await host.resolve(candidate, importer)
    if (file !== undefined) return file
  }
  return undefined
}

async function readJson(file: string, host: SourceHost): Promise<Resolution> {
  const text = await host.read(file)
  if (text === undefined) return unresolved(`the file \`${file}\` cannot be read`)
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'json', file, value }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return unresolved(`the file is not JSON: ${message}`)
  }
}

function notFoundHelp(specifier: string): string {
  if (specifier.startsWith('.')) return 'check the path; a `.tsjit` module may be imported with or without its ending'
  if (specifier.startsWith('@tsjit/')) return `install the package: \`npm install ${specifier}\``
  return 'import from `@tsjit/dsl`, `@tsjit/nn`, a `.tsjit` or a `.json` file; give other values to the model as inputs'
}

function unresolved(help: string): Unresolved {
  return { kind: 'unresolved', help }
}

/** Returns the path that a relative specifier means beside `importer`, with `/` between its parts. */
function joinPath(importer: string, specifier: string): string {
  const parts = importer.replaceAll('\\', '/').split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

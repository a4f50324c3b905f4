// print-module: entries -> a PTX module
//
// Equal entries are printed once; names are those of the kernels, made unique.

import { DYNAMIC_SHARED, type PtxArchitecture, type PtxEntry, sharedAlign } from './print-ptx.ts'
import type { SourceNotes } from './source-notes.ts'

/** An entry, and what is known of where it is from. */
export interface NotedEntry {
  readonly entry: PtxEntry
  readonly notes?: SourceNotes
}

/** A module, and the name under which it has each entry that was given. */
export interface PtxModule {
  readonly ptx: string
  /** The least one that all entries run on. */
  readonly architecture: PtxArchitecture
  readonly names: readonly string[]
}

/** The least version that has what entries for an architecture use. */
const versions: { readonly [A in PtxArchitecture]: string } = { sm_80: '7.1', sm_90a: '8.0' }

/** Returns the module of entries; `given`: their names, where another module of the same entries has them. */
export function printPtxModule(
  entries: readonly NotedEntry[],
  style: 'readable' | 'minified',
  given?: readonly string[],
): PtxModule {
  const known = new Map<string, string>()
  const taken = new Set<string>()
  const files: string[] = []
  const texts: string[] = []
  const names = entries.map(({ entry, notes }, i) => {
    const key = given?.[i] ?? entry.text('')
    const found = known.get(key)
    if (found !== undefined) return found
    const name = freeName(given?.[i] ?? (style === 'readable' ? entry.name : 'k'), taken)
    known.set(key, name)
    const comments = (notes?.comments ?? []).map((line) => `${line}\n`).join('')
    texts.push(`${comments}${entry.text(name, notes?.place && locationOf(notes.place, files))}`)
    return name
  })
  const declared = files.map((file, i) => `.file ${i + 1} ${JSON.stringify(file)}\n`).join('')
  const architecture = entries.some(({ entry }) => entry.architecture === 'sm_90a') ? 'sm_90a' : 'sm_80'
  const head = `.version ${versions[architecture]}\n.target ${architecture}\n.address_size 64\n`
  const isDynamic = entries.some(({ entry }) => entry.shared > 0)
  const memory = isDynamic ? [`.extern .shared .align ${sharedAlign[architecture]} .b8 ${DYNAMIC_SHARED}[];\n`] : []
  const ptx = [head, ...memory, ...(declared === '' ? [] : [declared]), ...texts].join('\n')
  return { ptx: style === 'readable' ? ptx : withoutSpaces(ptx), architecture, names }
}

/** Instructions and directives end with semicolons or lines; between operands nothing is needed. */
function withoutSpaces(ptx: string): string {
  return ptx.replaceAll(/^\t/gm, '').replaceAll(', ', ',').replaceAll(/\n+/g, '\n')
}

function locationOf({ file, line, column }: NonNullable<SourceNotes['place']>, files: string[]): string {
  if (!files.includes(file)) files.push(file)
  return `\t.loc ${files.indexOf(file) + 1} ${line} ${column}`
}

function freeName(wish: string, taken: Set<string>): string {
  let name = wish
  for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`
  taken.add(name)
  return name
}

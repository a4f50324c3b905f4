// print-module: entries -> a PTX module
//
// Equal entries are printed once; names are those of the kernels, made unique.

import type { PtxEntry } from './print-ptx.ts'

/** A module, and the name under which it has each entry that was given. */
export interface PtxModule {
  readonly ptx: string
  readonly names: readonly string[]
}

/** The least version that has what entries use, and the least device. */
const HEAD = '.version 7.1\n.target sm_80\n.address_size 64\n'

/** Returns the module of entries. */
export function printPtxModule(entries: readonly PtxEntry[], style: 'readable' | 'minified'): PtxModule {
  const known = new Map<string, string>()
  const taken = new Set<string>()
  const texts: string[] = []
  const names = entries.map((entry) => {
    const key = entry.text('')
    const found = known.get(key)
    if (found !== undefined) return found
    const name = freeName(style === 'readable' ? entry.name : 'k', taken)
    known.set(key, name)
    texts.push(entry.text(name))
    return name
  })
  return { ptx: [HEAD, ...texts].join('\n'), names }
}

function freeName(wish: string, taken: Set<string>): string {
  let name = wish
  for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`
  taken.add(name)
  return name
}

// names: identifiers of one printed module
//
// Readable names are those of the kernel, made legal; minified ones are as short as can be. All are distinct, module
// scope and function scope together, so nothing ever shadows.

import { reservedWords } from './reserved.ts'

/** How identifiers look. */
export type NameStyle = 'readable' | 'minified'

/** Gives out identifiers. */
export interface Names {
  /** Returns a new identifier; `wish` is what it is called where names are readable. */
  fresh(wish: string): string
}

/** Returns an empty set of names. */
export function createNames(style: NameStyle): Names {
  const taken = new Set<string>()
  let count = 0
  const isFree = (name: string): boolean => !taken.has(name) && !reservedWords.has(name)
  const take = (name: string): string => {
    taken.add(name)
    return name
  }
  return {
    fresh(wish) {
      if (style === 'readable') return take(firstFree(legalise(wish), isFree))
      let name = shortName(count++)
      while (!isFree(name)) name = shortName(count++)
      return take(name)
    },
  }
}

function firstFree(name: string, isFree: (name: string) => boolean): string {
  if (isFree(name)) return name
  let n = 1
  while (!isFree(`${name}_${n}`)) n++
  return `${name}_${n}`
}

/** A WGSL identifier that resembles `name`: not `_` alone, not starting with two underscores. */
function legalise(name: string): string {
  const letters = name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^_+/, '')
  return /^[A-Za-z]/.test(letters) ? letters : `v${letters}`
}

const firsts = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const others = `${firsts}0123456789`

function shortName(n: number): string {
  let name = firsts.charAt(n % firsts.length)
  for (let rest = Math.floor(n / firsts.length); rest > 0; rest = Math.floor((rest - 1) / others.length)) {
    name += others.charAt((rest - 1) % others.length)
  }
  return name
}

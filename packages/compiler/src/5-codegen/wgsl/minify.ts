// minify: WGSL -> the same on one line, with short names for routines
//
// Printed code has no comments and no strings, and never two signs in a row, so tokens need a space only between words.

import { createNames } from './names.ts'

/** Returns a printed module without what only people need. */
export function minifyWgsl(code: string): string {
  // routines get `_a`, `_b`, …: no name of a kernel and no local of a routine starts like that
  const names = createNames('minified')
  const short = new Map<string, string>()
  const renamed = code.replaceAll(/\btj_\w+/g, (name) => {
    const known = short.get(name) ?? `_${names.fresh(name)}`
    short.set(name, known)
    return known
  })
  return renamed
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<!\w) | (?!\w)/g, '')
    .replaceAll(/\b0\.(?=\d)/g, '.')
    .replaceAll(/(?<=\d\.)0(?![\d.e])/g, '')
    .trim()
}

// assemble: generated parts around kept names -> code and source map
//
// Works on the user's text with everything but the names taken out, so that names keep their place in the map.

import MagicString from 'magic-string'
import type { SourceModule } from '../ir/source.ts'

/** Code around one name; `start` is where the user wrote the name. */
export interface MappedPart {
  readonly before: string
  readonly name: string
  readonly after: string
  readonly start?: number
}

/** A source map, version 3. */
export interface SourceMapData {
  readonly version: number
  readonly sources: readonly string[]
  readonly sourcesContent: readonly string[]
  readonly names: readonly string[]
  readonly mappings: string
}

/** A module with its source map. */
export interface EmittedCode {
  readonly code: string
  readonly map: SourceMapData
}

/** Returns `head` and the parts, those that the user wrote in the user's order, with `gap` between them. */
export function assemble(
  source: Pick<SourceModule, 'file' | 'text'>,
  head: string,
  parts: readonly MappedPart[],
  gap: string,
): EmittedCode {
  const text = new MagicString(source.text)
  const placed = parts.flatMap((part) => (part.start === undefined ? [] : [{ ...part, start: part.start }]))
  placed.sort((a, b) => a.start - b.start)
  let end = 0
  for (const { start, name } of placed) {
    if (start > end) text.remove(end, start)
    end = start + name.length
  }
  if (end < source.text.length) text.remove(end, source.text.length)
  for (const { before, after, start, name } of placed) {
    text.prependRight(start, gap + before)
    text.appendLeft(start + name.length, after)
  }
  for (const { before, name, after, start } of parts) if (start === undefined) text.append(gap + before + name + after)
  text.prepend(head)
  return { code: text.toString(), map: mapOf(text, source.file) }
}

/** Returns the map of a text that was changed from `file`. */
export function mapOf(text: MagicString, file: string): SourceMapData {
  const { version, sources, sourcesContent, names, mappings } = text.generateMap({
    source: file,
    includeContent: true,
    hires: 'boundary',
  })
  const known = (list: readonly (string | null)[] | undefined): readonly string[] =>
    (list ?? []).map((item) => item ?? '')
  return { version, sources: known(sources), sourcesContent: known(sourcesContent), names, mappings }
}

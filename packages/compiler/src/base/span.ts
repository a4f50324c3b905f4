// span: where something is in a file
//
// A span is a half-open range of UTF-16 offsets into the text of one module. Lines and columns
// are computed when something is shown, never stored.

/** A half-open range `start..end` of UTF-16 offsets in one file. `file` is the module id. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** A place in a text as people and hosts name it: line from 1, column from 0, and the offset both come from. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** Returns the position of an offset. An offset outside the text is moved to the nearest place inside it. */
export function positionAt(text: string, offset: number): Position {
  const place = Math.max(0, Math.min(Number.isFinite(offset) ? offset : 0, text.length))
  let line = 1
  let lineStart = 0
  for (let index = 0; index < place; index += 1) {
    const unit = text.charCodeAt(index)
    const next = text.charCodeAt(index + 1)
    const endsLine = unit === 10 || unit === 0x2028 || unit === 0x2029 || (unit === 13 && next !== 10)
    if (!endsLine) continue
    line += 1
    lineStart = index + 1
  }
  return { line, column: place - lineStart, offset: place }
}

// text: small tools for building text
//
// Lines, lists in words, and an indenting writer for printers. Knows nothing of any language.

/** Collects lines at a current indentation. `toString` joins them with line feeds. */
export interface TextWriter {
  /** Adds one line, or several where the text has line feeds; an empty line gets no indentation. */
  line(text?: string): void
  /** Runs `body` with the indentation one step deeper. */
  indented(body: () => void): void
  toString(): string
}

/** Returns an empty writer. One step of indentation is `step`, two spaces unless told otherwise. */
export function createTextWriter(step: string = '  '): TextWriter {
  const lines: string[] = []
  let depth = 0
  return {
    line(text = '') {
      for (const part of text.split('\n')) lines.push(part === '' ? '' : step.repeat(depth) + part)
    },
    indented(body) {
      depth += 1
      try {
        body()
      } finally {
        depth -= 1
      }
    },
    toString: () => lines.join('\n'),
  }
}

/** Returns the lines of a text without their terminators, as JavaScript and editors count them. */
export function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/)
}

/** Returns the list in words: `a`, `a or b`, `a, b or c`. */
export function joinWords(words: readonly string[], conjunction: 'and' | 'or' = 'or'): string {
  const last = words.at(-1)
  if (last === undefined) return ''
  if (words.length === 1) return last
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`
}

/** Returns `1 value`, `2 values`: the count with its noun, plural by `s` unless given. */
export function countOf(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

// placeholder: how each kind of placeholder is shown in a message
//
// A message of `messages/*.md` holds `{left:type}`; the kind after the colon decides the type of the
// parameter and its look, so that a type or a name is written the same in every message.

/** The kinds of placeholder, with the type of the parameter each takes. */
export interface PlaceholderKinds {
  /** An identifier or a path, in backticks. */
  readonly name: string
  /** A piece of source text, in backticks. */
  readonly code: string
  /** A tensor or value type as the printers write it: `f32[2, 3]`. */
  readonly type: string
  /** Words that complete the sentence, as they are. */
  readonly text: string
  /** A whole number. */
  readonly int: number
  /** A size: a number, or the printed form of a symbolic dimension. */
  readonly dim: number | string
}

/** One function per kind: from the parameter to what the message shows. */
export const show: { readonly [K in keyof PlaceholderKinds]: (value: PlaceholderKinds[K]) => string } = {
  name: quote,
  code: quote,
  type: (value) => value,
  text: (value) => value,
  int: (value) => String(value),
  dim: (value) => String(value),
}

// Markdown's rule: a quoted text that holds a backtick is fenced by two.
function quote(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim()
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``
}

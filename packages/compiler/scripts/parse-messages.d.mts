// parse-messages: types for the tests that import it

/** One example of a page. */
export interface Example {
  readonly language: 'tsjit' | 'text'
  readonly verdict: 'bad' | 'good'
  readonly text: string
}

/** One code with everything its heading holds. */
export interface Page {
  readonly code: string
  readonly subject: string
  readonly fields: {
    readonly severity: 'error' | 'warning' | 'info'
    readonly where?: 'compile' | 'load' | 'call' | 'config'
    readonly status?: 'ready' | 'planned'
  }
  readonly message: string
  readonly explanation: string
  readonly help: string
  readonly examples: readonly Example[]
}

/** A piece of a message: text or a placeholder. */
export type MessagePart = { readonly text: string } | Parameter

/** A placeholder. */
export interface Parameter {
  readonly name: string
  readonly kind: string
}

/** The kinds of placeholder and the TypeScript type of their parameter. */
export const placeholderTypes: Readonly<Record<string, string>>

/** Reads every subject of a folder. */
export function readMessages(folder: string): readonly Page[]

/** Parses the texts of the subjects and of `retired.md`. */
export function parseMessages(files: readonly { readonly name: string; readonly text: string }[]): readonly Page[]

/** Returns the pieces of a message. */
export function messageParts(message: string): readonly MessagePart[]

/** Returns the placeholders of a page, each once. */
export function parametersOf(page: Page): readonly Parameter[]

// diagnostic: one thing the compiler has to say to the user
//
// Plain data with offsets: no frame, no line numbers, no colour. `render.ts` and `formats.ts` turn
// it into text; the codes, their texts and severities come from `messages/*.md` by `codes.gen.ts`.

import type { Span } from '../base/span.ts'
import type { DiagnosticCode } from './codes.gen.ts'

/** How much a diagnostic matters: only an error stops the build. */
export type Severity = 'error' | 'warning' | 'info'

/** Another place that explains the diagnostic, such as where the other shape comes from. */
export interface Related {
  readonly message: string
  readonly span: Span
}

/** A change that an editor may apply. The edits do not overlap and all refer to the text as it was compiled. */
export interface Fix {
  readonly title: string
  readonly edits: readonly { readonly span: Span; readonly text: string }[]
}

/** One message at one place. `code` is permanent; `message` is a sentence without a final period. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  readonly related: readonly Related[]
  readonly help?: string
  readonly fix?: Fix
  readonly url: string
}

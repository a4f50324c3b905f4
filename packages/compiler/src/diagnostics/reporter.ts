// reporter: collects the diagnostics of one compilation
//
// Checks the parameters of each code by type, makes the message from the code's page, drops exact
// duplicates and keeps an order that does not depend on the order of the compiler's work.

import type { Span } from '../base/span.ts'
import { diagnosticTable } from './codes.gen.ts'
import type { DiagnosticCode, DiagnosticParams, DiagnosticTable } from './codes.gen.ts'
import type { Diagnostic, Fix, Related } from './diagnostic.ts'

/** What a report may add to the text of its code. A `help` given here replaces the one of the code's page. */
export interface ReportOptions {
  readonly related?: readonly Related[]
  readonly help?: string
  readonly fix?: Fix
}

/** The diagnostics of one compilation. Lives as long as that compilation. */
export interface Reporter {
  /** Adds a diagnostic. The severity comes from the code's page; an equal code, span and message is not added again. */
  report<C extends DiagnosticCode>(code: C, span: Span, params: DiagnosticParams[C], options?: ReportOptions): void
  /** All diagnostics so far, by file in the order of first report, then by offset. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether an error has been reported. */
  readonly hasErrors: boolean
}

/** Returns a reporter with no diagnostics. */
export function createReporter(): Reporter {
  const found = new Map<string, Diagnostic>()
  const files = new Map<string, number>()
  return {
    report(code, span, params, options = {}) {
      const diagnostic = createDiagnostic(code, span, params, options)
      const key = JSON.stringify([code, span.file, span.start, span.end, diagnostic.message])
      if (found.has(key)) return
      if (!files.has(span.file)) files.set(span.file, files.size)
      found.set(key, diagnostic)
    },
    get diagnostics() {
      const rank = (diagnostic: Diagnostic): number => files.get(diagnostic.span.file) ?? 0
      return [...found.values()].sort(
        (a, b) => rank(a) - rank(b) || a.span.start - b.span.start || a.span.end - b.span.end,
      )
    },
    get hasErrors() {
      return [...found.values()].some((diagnostic) => diagnostic.severity === 'error')
    },
  }
}

/** Returns the diagnostic of a code at a place, for a host that needs one without a compilation. */
export function createDiagnostic<C extends DiagnosticCode>(
  code: C,
  span: Span,
  params: DiagnosticParams[C],
  options: ReportOptions = {},
): Diagnostic {
  const entry: DiagnosticTable[C] = diagnosticTable[code]
  const help = options.help ?? entry.help(params)
  return {
    code,
    severity: entry.severity,
    message: entry.message(params),
    span,
    related: options.related ?? [],
    ...(help === undefined ? {} : { help }),
    ...(options.fix === undefined ? {} : { fix: options.fix }),
    url: entry.url,
  }
}

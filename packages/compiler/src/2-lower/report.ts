// report: a mistake at a node -> a diagnostic at the user's place
//
// A mistake that shows inside a package is reported where the user called into it, with the inner place as related;
// one inside the user's own functions is reported there, with the chain of calls as related. Gives back poison.

import type { Node } from '@babel/types'
import type { Span } from '../base/span.ts'
import type { DiagnosticCode, DiagnosticParams } from '../diagnostics/codes.gen.ts'
import type { Related } from '../diagnostics/diagnostic.ts'
import type { ReportOptions } from '../diagnostics/reporter.ts'
import { type Evaluation, callSites, originAt, spanOf, userSpan } from './evaluation.ts'
import { type Poison, poison } from './value.ts'

/** Reports a mistake at a node of the module at hand. Returns poison. */
export function refuse<C extends DiagnosticCode>(
  evaluation: Evaluation,
  node: Node,
  code: C,
  params: DiagnosticParams[C],
  options: ReportOptions = {},
): Poison {
  return refuseAt(evaluation, spanOf(evaluation, node), code, params, options)
}

/** Reports a mistake at a place reached through the present calls. Returns poison. */
export function refuseAt<C extends DiagnosticCode>(
  evaluation: Evaluation,
  span: Span,
  code: C,
  params: DiagnosticParams[C],
  options: ReportOptions = {},
): Poison {
  const shown = userSpan(evaluation, originAt(evaluation, span))
  const isMoved = shown !== span
  const inside: readonly Related[] = isMoved ? [{ message: 'found here', span }] : []
  const related = [...(options.related ?? []), ...inside, ...callers(evaluation, shown, isMoved), ...evaluation.absent]
  const { fix, ...rest } = options
  // a rewrite of a package's own source is of no use to its user
  evaluation.reporter.report(code, shown, params, { ...rest, related, ...(isMoved || !fix ? {} : { fix }) })
  return poison
}

/** Returns the calls of the user's own functions that led to the place shown, innermost first. */
function callers(evaluation: Evaluation, shown: Span, isMoved: boolean): readonly Related[] {
  const sites = callSites(evaluation)
  const outer = isMoved ? sites.slice(sites.indexOf(shown) + 1) : sites
  const own = outer.filter((site) => !evaluation.libraries.has(site.file) && !encloses(site, shown))
  return own.slice(0, 4).map((span) => ({ message: 'called from here', span }))
}

/** What stands around the place shown, such as the call that takes a function with the mistake in it, is in sight. */
function encloses(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && outer.end >= inner.end
}

// source-notes: what a kernel computes, and where that is written
//
// The place of an op is where the user's own module calls for it. Profilers and debuggers show that of the first op.

import type { Span } from '../../base/span.ts'
import { type Plan, launchOf } from '../../ir/plan/plan.ts'

/** A place in a text, line and column from 1. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What is printed before an entry, and the place that its instructions are given. */
export interface SourceNotes {
  readonly comments: readonly string[]
  readonly place: SourcePlace | undefined
}

/** Returns the notes of each kernel of a plan. */
export function sourceNotes(plan: Plan, placeOf: (span: Span) => SourcePlace): readonly SourceNotes[] {
  return plan.kernels.map((_, kernel) => {
    const launch = launchOf(plan, kernel)
    const lines: { place: SourcePlace; ops: string[] }[] = []
    launch?.ops.forEach((op, i) => {
      const origin = launch.origins[i]
      if (origin === undefined) return
      const place = placeOf(origin.calls.at(-1) ?? origin.span)
      const last = lines.at(-1)
      if (last !== undefined && textOf(last.place) === textOf(place)) last.ops.push(op)
      else lines.push({ place, ops: [op] })
    })
    return {
      comments: lines.map(({ place, ops }) => `// ${ops.join(' ')}  ${textOf(place)}`),
      place: lines[0]?.place,
    }
  })
}

function textOf({ file, line, column }: SourcePlace): string {
  return `${file}:${line}:${column}`
}

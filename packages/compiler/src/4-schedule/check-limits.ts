// check-limits: what no device of a target can hold is an error of the build
//
// Only what is too large at every size that the dimensions allow; what depends on the sizes is checked at the call.

import { type Dim, dims, printType } from '@tsjit/dsl/compiler'
import type { Reporter } from '../diagnostics/reporter.ts'
import type { Graph, Origin, Value } from '../ir/graph/graph.ts'
import { resultsOf } from '../ir/graph/regions.ts'

/** Reports `target_limit_exceeded` for tensors of which one buffer would be too large. */
export function checkLimits(graph: Graph, limits: { readonly bufferBytes: number }, report: Reporter): void {
  const check = (what: string, value: Value, origin: Origin): void => {
    const bytes = atLeast(dims.mul(4, dims.product(value.type.shape)))
    if (bytes <= limits.bufferBytes) return
    const params = {
      what: `${what} ${printType(value.type)}`,
      got: megabytes(bytes),
      limit: megabytes(limits.bufferBytes),
    }
    report.report('target_limit_exceeded', origin.span, params)
  }
  for (const { path, value, origin } of graph.inputs) check(`the input \`${path}\`,`, value, origin)
  for (const { path, value, origin } of graph.weights) check(`the weight \`${path}\`,`, value, origin)
  const results = new Set(graph.outputs.map((o) => o.value))
  for (const op of graph.ops) {
    const isInputToo = graph.inputs.some((i) => atLeast(dims.product(i.value.type.shape)) * 4 > limits.bufferBytes)
    for (const result of resultsOf(op)) if (results.has(result) && !isInputToo) check('the result', result, op.origin)
  }
}

function atLeast(size: Dim): number {
  return dims.bounds(size).low
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`
}

// emit-launches: plan -> straight-line code that launches its kernels

import { dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../base/invariant.ts'
import type { BufferRef, Plan, PlannedLaunch, PlannedProduct, Step } from '../ir/plan/plan.ts'
import { printRef } from '../ir/plan/print.ts'
import { jsDim } from './js-dims.ts'
import { type CodeStyle, quote, squeeze } from './js-text.ts'

/** What launches are printed with. */
export interface LaunchContext {
  readonly style: CodeStyle
  /** Indices of the definition for the weights and constants of this program. */
  readonly weights: readonly number[]
  readonly constants: readonly number[]
  /** The variables of the dimensions. */
  readonly given: readonly string[]
  readonly nameOf: ReadonlyMap<string, string>
}

/** As `ProductData` of the host's contract. */
function productText({ dtype, bindings, numbers }: PlannedProduct, names: ReadonlyMap<string, string>): string {
  return `[${[quote(dtype), ...bindings, ...numbers.map((size) => jsDim(size, names))].join(', ')}]`
}

/** Returns the `launch` of a program; `ofLaunch` says which kernel of the program each launch runs. */
export function launchText(
  plan: Plan,
  ofLaunch: readonly number[],
  { style, weights, constants, given, nameOf }: LaunchContext,
): string {
  const nameOfRef = (ref: BufferRef): string => {
    const index = (ref.kind === 'weight' ? weights : ref.kind === 'constant' ? constants : [])[ref.index] ?? ref.index
    return quote(printRef({ ...ref, index }))
  }
  const launch = (index: number, names: ReadonlyMap<string, string>): string => {
    const planned = plan.launches[index] ?? internalError(`no launch ${index}`)
    // targets that have those for more work take kernels as they are
    return (planned.larger ?? []).reduce(
      (less, each) => `${jsDim(each.size, names)} >= ${each.least} ? ${call(each.kernel, each, names)} : ${less}`,
      call(ofLaunch[index] ?? 0, planned, names),
    )
  }
  const call = (
    kernel: number,
    { bindings, groups, scalars, product }: Pick<PlannedLaunch, 'bindings' | 'groups' | 'scalars' | 'product'>,
    names: ReadonlyMap<string, string>,
  ): string => {
    const counts = groups.map((size) => jsDim(size, names))
    const last = product === undefined ? undefined : productText(product, names)
    while (last === undefined && scalars.length === 0 && counts.length > 1 && counts.at(-1) === '1') counts.pop()
    const rest =
      scalars.length === 0 && last === undefined ? [] : [`[${scalars.map((size) => jsDim(size, names)).join(', ')}]`]
    return `l(${[String(kernel), `[${bindings.map(nameOfRef).join(', ')}]`, ...counts, ...rest, ...(last === undefined ? [] : [last])].join(', ')})`
  }
  let loops = 0
  const linesOf = (steps: readonly Step[], names: ReadonlyMap<string, string>): readonly string[] =>
    steps.flatMap((step): readonly string[] => {
      if (step.kind === 'launch') return [launch(step.launch, names)]
      if (step.kind === 'repeat')
        return [`l(-1, [${nameOfRef(step.flag)}], 0)`, ...linesOf(step.body, names), `l(-2, [], 0)`]
      invariant(step.kind === 'loop' && step.count !== undefined, 'a host counts turns by sizes')
      const own = `i${loops++}`
      const inner = new Map([...names, ...dims.symbolsOf(step.counter).map(({ name }) => [name, own] as const)])
      const body = linesOf(step.body, inner).join('; ')
      return [`for (let ${own} = 0; ${own} < ${jsDim(step.count, names)}; ${own}++) { ${body} }`]
    })
  const lines = linesOf(plan.steps, nameOf)
  const head = `(${['l', ...given].join(', ')}) => `
  if (style === 'minified') return squeeze(`${head}{${lines.join(';')}}`, style)
  if (lines.length === 0) return `${head}{}`
  return `${head}{\n${lines.map((line) => `        ${line}\n`).join('')}      }`
}

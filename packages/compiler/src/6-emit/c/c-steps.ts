// c-steps: a plan -> the function of C that runs it
//
// Loops and branches are those of C; what decides is read from where kernels have put it.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { BufferRef, Plan, PlannedLaunch, Step } from '../../ir/plan/plan.ts'
import type { CDevice, PrintedLaunch } from './device.ts'
import type { CLanguage } from './language.ts'

/** What a program is printed with. */
export interface StepsContext {
  readonly plan: Plan
  readonly name: string
  readonly device: CDevice
  readonly language: CLanguage
  /** The slot of a buffer. */
  slotOf(ref: BufferRef): number
  /** Returns the statements of a launch. */
  launch(launch: PrintedLaunch): readonly string[]
}

/** Returns the function. */
export function printSteps(context: StepsContext): string {
  const { plan, name } = context
  const symbols = new Map(plan.graph.dims.map((dim, i) => [dim.name, `dim[${i}]`]))
  const printer: Printer = { ...context, count: 0 }
  const body = linesOf(plan.steps, { printer, symbols, indent: '  ' })
  const text = body.join('\n')
  const unused = ['c', 'slot', 'dim'].filter((word) => !new RegExp(`\\b${word}\\b`).test(text))
  return [
    `static int ${name}(tj_ctx *c, tj_mem *slot, const ptrdiff_t *dim)`,
    '{',
    ...unused.map((word) => `  (void)${word};`),
    ...body,
    '  return TSJIT_OK;',
    '}',
  ].join('\n')
}

interface Printer extends StepsContext {
  /** Names given so far. */
  count: number
}

interface Place {
  readonly printer: Printer
  /** Texts of dimensions and counters. */
  readonly symbols: ReadonlyMap<string, string>
  readonly indent: string
}

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>
type Printers = { readonly [K in Step['kind']]: (step: StepOf<K>, place: Place) => readonly string[] }

const printers: Printers = {
  launch: ({ launch: index }, { printer, symbols, indent }) => {
    const { plan, language } = printer
    const launch = plan.launches[index] ?? internalError(`no launch ${index}`)
    const print = (size: Dim): string =>
      language.index(size, (symbol) => symbols.get(symbol) ?? internalError(`no dimension ${symbol}`))
    const linesFor = (planned: PlannedLaunch): readonly string[] =>
      printer.launch({
        index,
        planned,
        slots: planned.bindings.map((ref) => `slot[${printer.slotOf(ref)}]`),
        dims: plan.graph.dims.map((_, i) => `dim[${i}]`),
        print,
      })
    const lines = (launch.larger ?? []).reduce<readonly string[]>((less, { size, least, ...planned }) => {
      const more = linesFor({ ...launch, ...planned })
      return [`if (${print(size)} >= ${least}) {`, ...indented(more), '} else {', ...indented(less), '}']
    }, linesFor(launch))
    return lines.map((line) => indent + line)
  },
  branch: ({ index, isBool, arms }, place) => {
    const { printer, indent } = place
    const inner = arms.map((arm) => linesOf(arm, { ...place, indent: `${indent}  ` }))
    const slot = `slot[${printer.slotOf(index)}]`
    if (isBool) {
      const [then = [], otherwise = []] = inner
      return [`${indent}if (${printer.device.truth(slot)}) {`, ...then, `${indent}} else {`, ...otherwise, `${indent}}`]
    }
    const [only] = arms
    if (only !== undefined && arms.length === 1) return linesOf(only, place)
    const chosen = `n${printer.count++}`
    // the last arm takes what is above too, the first what is below
    return [
      `${indent}const int32_t ${chosen} = ${printer.device.number(slot)};`,
      ...inner.flatMap((lines, i) => {
        const test = i === inner.length - 1 ? '' : `if (${chosen} <= ${i}) `
        const word = i === 0 ? '' : '} else '
        return [`${indent}${word}${test}{`, ...lines]
      }),
      `${indent}}`,
    ]
  },
  loop: ({ counter, count, turns, maximum, test, body }, place) => {
    const { printer, symbols, indent } = place
    const turn = `turn${printer.count++}`
    const text = (size: NonNullable<typeof count>): string =>
      printer.language.index(size, (symbol) => symbols.get(symbol) ?? internalError(`no dimension ${symbol}`))
    const limits = [
      ...(count === undefined ? [] : [text(count)]),
      ...(turns === undefined ? [] : [printer.device.number(`slot[${printer.slotOf(turns)}]`)]),
      ...(maximum === undefined ? [] : [String(maximum)]),
    ].map((value) => ({ value, name: `n${printer.count++}` }))
    const inner: Place = {
      printer,
      symbols: new Map([...symbols, ...dims.symbolsOf(counter).map(({ name }) => [name, turn] as const)]),
      indent: `${indent}  `,
    }
    const isGoing = limits.map(({ name }) => `${turn} < ${name}`).join(' && ')
    return [
      ...limits.map(({ name, value }) => `${indent}const ptrdiff_t ${name} = ${value};`),
      `${indent}for (ptrdiff_t ${turn} = 0; ${isGoing}; ${turn}++) {`,
      ...(test === undefined
        ? []
        : [
            ...linesOf(test.steps, inner),
            `${indent}  if (!(${printer.device.truth(`slot[${printer.slotOf(test.result)}]`)})) break;`,
          ]),
      ...linesOf(body, inner),
      `${indent}}`,
    ]
  },
  repeat: ({ flag, body }, place) => {
    const { printer, indent } = place
    return [
      `${indent}do {`,
      ...linesOf(body, { ...place, indent: `${indent}  ` }),
      `${indent}} while (${printer.device.truth(`slot[${printer.slotOf(flag)}]`)});`,
    ]
  },
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}

function linesOf(steps: readonly Step[], place: Place): readonly string[] {
  return steps.flatMap((step) => linesOfStep(step, place))
}

function linesOfStep<K extends Step['kind']>(step: StepOf<K> & { readonly kind: K }, place: Place): readonly string[] {
  return printers[step.kind](step, place)
}

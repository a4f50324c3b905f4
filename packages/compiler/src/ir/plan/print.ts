// print: plan -> text
//
// Dimensions, weights, arena and launches, as `tsjit explain` shows them. Stable: equal plans print the same.

import { dims } from '@tsjit/dsl/compiler'
import { type TextWriter, createTextWriter } from '../../base/text.ts'
import type { BufferRef, Plan, PlannedLaunch, Step } from './plan.ts'

/** Returns a plan as text. */
export function printPlan(plan: Plan): string {
  const { graph } = plan
  const writer = createTextWriter()
  writer.line(`plan ${graph.name} ${graph.mode}`)
  writer.indented(() => {
    for (const { name, min, max, multipleOf } of graph.dims) {
      const step = multipleOf === 1 ? '' : `, multiple of ${multipleOf}`
      writer.line(`dim ${name}  ${min}..${Number.isFinite(max) ? max : ''}${step}`)
    }
    const list = (word: string, items: readonly { readonly path: string }[]): void => {
      if (items.length > 0)
        writer.line(`${word}  ${items.map(({ path }, i) => `${word.charAt(0)}${i} ${path}`).join('  ')}`)
    }
    list('inputs', graph.inputs)
    list('weights', graph.weights)
    list('outputs', graph.outputs)
    plan.constants.forEach(({ dtype, shape, data }, i) => {
      writer.line(`constant  c${i} ${dtype}[${shape.join(', ')}]  ${data.length} elements`)
    })
    plan.transients.forEach(({ bytes, first, last }, i) => {
      writer.line(`arena  t${i} ${dims.printDim(bytes)} bytes  launches ${first}..${last}`)
    })
    printSteps(plan, plan.steps, writer)
  })
  return writer.toString()
}

const letters: { readonly [K in BufferRef['kind']]: string } = {
  input: 'i',
  output: 'o',
  weight: 'w',
  constant: 'c',
  transient: 't',
}

/** Returns `t0`, `w2`, …: a buffer as plans and emitted modules name it. */
export function printRef({ kind, index }: BufferRef): string {
  return `${letters[kind]}${index}`
}

function printSteps(plan: Plan, steps: readonly Step[], writer: TextWriter): void {
  for (const step of steps) {
    if (step.kind === 'launch') writer.line(printLaunch(plan, step.launch))
    else if (step.kind === 'repeat') {
      writer.line(`repeat while ${printRef(step.flag)}`)
      writer.indented(() => printSteps(plan, step.body, writer))
    } else if (step.kind === 'branch') {
      step.arms.forEach((arm, i) => {
        writer.line(`${i === 0 ? `branch ${printRef(step.index)}` : 'or'}`)
        writer.indented(() => printSteps(plan, arm, writer))
      })
    } else printLoop(plan, step, writer)
  }
}

function printLoop(
  plan: Plan,
  { counter, count, turns, maximum, test, body }: Extract<Step, { readonly kind: 'loop' }>,
  writer: TextWriter,
): void {
  const limits = [
    ...(count === undefined ? [] : [dims.printDim(count)]),
    ...(turns === undefined ? [] : [printRef(turns)]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ]
  writer.line(['loop', dims.printDim(counter), ...limits].join(' '))
  writer.indented(() => {
    if (test !== undefined) {
      printSteps(plan, test.steps, writer)
      writer.line(`stop unless ${printRef(test.result)}`)
    }
    printSteps(plan, body, writer)
  })
}

function printLaunch(plan: Plan, index: number): string {
  const launch = plan.launches[index]
  if (launch === undefined) return `no launch ${index}`
  const larger = (launch.larger ?? []).map(
    (each) => `\n    or ${printRun(plan, each)}  where ${dims.printDim(each.size)} >= ${each.least}`,
  )
  return `launch ${index}  ${printRun(plan, launch)}${larger.join('')}`
}

function printRun(plan: Plan, run: Pick<PlannedLaunch, 'kernel' | 'bindings' | 'groups' | 'scalars'>): string {
  const kernel = plan.kernels[run.kernel]
  const params = run.bindings.map((ref, i) => `${kernel?.params[i]?.name ?? '?'}=${printRef(ref)}`)
  const groups = run.groups.map(dims.printDim).join(', ')
  const scalars = run.scalars.length === 0 ? '' : `  scalars ${run.scalars.map(dims.printDim).join(' ')}`
  return `${kernel?.name ?? '?'} [${groups}]  ${params.join(' ')}${scalars}`
}

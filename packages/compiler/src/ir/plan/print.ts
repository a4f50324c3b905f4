// print: plan -> text
//
// Dimensions, weights, arena and launches, as `tsjit explain` shows them. Stable: equal plans print the same.

import { dims } from '@tsjit/dsl/compiler'
import { createTextWriter } from '../../base/text.ts'
import type { BufferRef, Plan, PlannedLaunch } from './plan.ts'

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
    plan.launches.forEach((launch, i) => writer.line(printLaunch(plan, launch, i)))
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

function printLaunch(plan: Plan, launch: PlannedLaunch, index: number): string {
  const kernel = plan.kernels[launch.kernel]
  const params = launch.bindings.map((ref, i) => `${kernel?.params[i]?.name ?? '?'}=${printRef(ref)}`)
  const groups = launch.groups.map(dims.printDim).join(', ')
  const scalars = launch.scalars.length === 0 ? '' : `  scalars ${launch.scalars.join(' ')}`
  return `launch ${index}  ${kernel?.name ?? '?'} [${groups}]  ${params.join(' ')}${scalars}`
}

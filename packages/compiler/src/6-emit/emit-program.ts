// emit-program: plan -> the data of one program
//
// Sizes become functions of the dimensions. What runs it is up to the target.

import { dims } from '@tsjit/dsl/compiler'
import type { Span } from '../base/span.ts'
import { appInputs, appOutputs } from '../ir/graph/app-slots.ts'
import type { Graph, GraphOutput } from '../ir/graph/graph.ts'
import { type Plan, launchOf } from '../ir/plan/plan.ts'
import type { PrintedProgram } from '../ir/plan/printed-program.ts'
import { countedLaunches, fieldsOf } from './emit-targets.ts'
import { dimVariables, jsDim, jsDims } from './js-dims.ts'
import { type CodeStyle, type Js, dataJs, quote, squeeze } from './js-text.ts'
import { sizeConditions } from './size-conditions.ts'
import { solveText } from './solve-dims.ts'

/** A plan, and what its target's printer made of it. */
export interface PrintedPlan {
  readonly plan: Plan
  readonly printed: PrintedProgram
}

/** One program of a model, in stages where it is cut at calls of the host. */
export type EmittedProgram = PrintedPlan | { readonly plan: Plan; readonly stages: readonly PrintedPlan[] }

/** What a program is printed with. */
export interface ProgramContext {
  readonly style: CodeStyle
  /** Returns the variable that holds a piece of the module; equal ones are written once. */
  readonly shared: (piece: Js) => string
  /** Indices of the definition for the weights and constants of this program. */
  readonly weights: readonly number[]
  readonly constants: readonly number[]
  /** Returns `file:line:column` of a place in the source. */
  readonly placeOf: (span: Span) => string
  /** Whether it is a part of a program: then its slots are all that it takes and leaves. */
  readonly isStage?: boolean
  /** Whether it says what its kernels are. */
  readonly isProfiled?: boolean
}

/** Returns the data of a program for its target as code. */
export function emitProgram({ plan, printed }: PrintedPlan, context: ProgramContext): Js {
  const { graph } = plan
  const nameOf = namesOfDims(graph)
  const code = (text: string): string => squeeze(text, context.style)
  const given = graph.dims.map(({ name }) => nameOf.get(name) ?? '')
  return {
    record: [
      ...signatureFields(graph, context),
      ['arena', code(arenaText(plan, given, nameOf))],
      ...fieldsOf(printed, { ...context, plan, given, nameOf }),
      ...(context.isProfiled ? [['profile', profileJs(plan, countedLaunches(printed, plan), context)] as const] : []),
    ],
  }
}

/** A `ProfileData` of the host's contract. */
function profileJs(plan: Plan, counted: readonly number[], { placeOf }: Pick<ProgramContext, 'placeOf'>): Js {
  const { kernels, launches } = plan
  const named = kernels.map(({ name }, index) => {
    const [origin] = launchOf(plan, index)?.origins ?? []
    // where the user's own module calls for it
    return [name, origin === undefined ? '' : placeOf(origin.calls.at(-1) ?? origin.span)]
  })
  const of: number[] = []
  launches.forEach(({ kernel, larger = [] }, launch) => {
    of[counted[launch] ?? launch] = kernel
    for (const each of larger) of[each.kernel] = each.kernel
  })
  return {
    record: [
      ['kernels', dataJs(named)],
      ['of', dataJs(of)],
    ],
  }
}

/** Returns the variables that hold the dimensions of a graph. */
export function namesOfDims({ dims: all }: Graph): ReadonlyMap<string, string> {
  const taken = ['l', 's', 'let', ...Array.from({ length: 100 }, (_, i) => `i${i}`)]
  return dimVariables(
    all.map(({ name }) => name),
    taken,
  )
}

/** Returns what every target has of a program: what it takes and leaves. */
export function signatureFields(
  graph: Graph,
  context: Pick<ProgramContext, 'style' | 'weights' | 'placeOf' | 'isStage'>,
): readonly (readonly [string, Js])[] {
  const nameOf = namesOfDims(graph)
  const code = (text: string): string => squeeze(text, context.style)
  const given = graph.dims.map(({ name }) => nameOf.get(name) ?? '')
  const shapes = [...graph.inputs, ...graph.outputs].map(({ value }) => `[${jsDims(value.type.shape, nameOf)}]`)
  const dimsList = graph.dims.map((d) => dataJs([d.name, d.min, Number.isFinite(d.max) ? d.max : 0, d.multipleOf]))
  const isStage = context.isStage === true
  return [
    ['dims', { list: dimsList }],
    ['inputs', slots(isStage ? graph.inputs : appInputs(graph))],
    ['outputs', slots(isStage ? graph.outputs : appOutputs(graph))],
    ...hiddenSlots(graph, context),
    // the host solves for the whole program
    isStage ? ['uses', dataJs(context.weights)] : ['solve', code(solveText(graph, nameOf))],
    ['shapes', shapesText(graph, given, `[${shapes.join(', ')}]`, nameOf, code)],
  ]
}

/** What the host fills in, and what it keeps. */
function hiddenSlots(
  graph: Graph,
  { weights, placeOf, isStage = false }: Pick<ProgramContext, 'weights' | 'placeOf' | 'isStage'>,
): readonly (readonly [string, Js])[] {
  const { inputs, outputs, checks = [] } = graph
  const updates = outputs.flatMap(({ weight }) => (weight === undefined ? [] : (weights[weight] ?? weight)))
  const prints = outputs.filter(({ report }) => report === 'print')
  const state = updates.length > 0 ? [['updates', dataJs(updates)] as const] : []
  if (isStage) return state.length === 0 ? [] : [['hidden', { record: state }]]
  const record = [
    ...(inputs.length > appInputs(graph).length ? [['seed', '1'] as const] : []),
    ...(outputs.some(({ report }) => report === 'check')
      ? [['checks', dataJs(checks.map(({ message, span }) => [message, placeOf(span)]))] as const]
      : []),
    ...(prints.length > 0 ? [['prints', slots(prints)] as const] : []),
    ...state,
  ]
  return record.length === 0 ? [] : [['hidden', { record }]]
}

/** Returns slots as code. */
export function slots(list: readonly Pick<GraphOutput, 'path' | 'value'>[]): Js {
  return {
    list: list.map(({ path, value }) => {
      const axes = value.type.shape.map((size) => (typeof size === 'number' ? size : dims.printDim(size)))
      return dataJs([path, value.type.dtype, axes])
    }),
  }
}

/** Returns whether a program refuses some sizes within the bounds of its dimensions. */
export function hasConditions({ graph }: Plan): boolean {
  return sizeConditions(graph).length > 0
}

/** The shapes, after the conditions on sizes. */
function shapesText(
  graph: Graph,
  given: readonly string[],
  shapes: string,
  nameOf: ReadonlyMap<string, string>,
  code: (text: string) => string,
): string {
  const tests = sizeConditions(graph).map(({ rest, code: problem, message }) => {
    const words = message.map((part) => (typeof part === 'object' ? `\${${code(jsDim(part, nameOf))}}` : part))
    return `${code(`if (${jsDim(rest, nameOf)} < 0) throw`)} ${code('new __tsjit_error')}(${quote(problem)},\`${words.join('')}\`);`
  })
  const head = code(`(${given.join(', ')}) => `)
  return tests.length === 0 ? `${head}${code(shapes)}` : `${head}{${tests.join('')}${code('return ')}${code(shapes)}}`
}

function arenaText({ transients }: Plan, given: readonly string[], nameOf: ReadonlyMap<string, string>): string {
  const buffers = transients.map(({ bytes, first, last }) => `${jsDim(bytes, nameOf)}, ${first}, ${last}`)
  const isStatic = transients.every(({ bytes }) => typeof bytes === 'number')
  return `(${isStatic ? '' : given.join(', ')}) => [${buffers.join(', ')}]`
}

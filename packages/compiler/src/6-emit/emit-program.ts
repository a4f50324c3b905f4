// emit-program: plan -> the data of one program
//
// Sizes become functions of the dimensions. Launches become straight-line code, unless they are compiled already.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Span } from '../base/span.ts'
import type { Graph, GraphOutput } from '../ir/graph/graph.ts'
import { internalError, invariant } from '../base/invariant.ts'
import type { BufferRef, Plan, Step } from '../ir/plan/plan.ts'
import { printRef } from '../ir/plan/print.ts'
import { variantsOf } from '../ir/plan/variants.ts'
import { dimVariables, jsDim, jsDims } from './js-dims.ts'
import { type CodeStyle, type Js, dataJs, quote, squeeze } from './js-text.ts'
import { sizeConditions } from './size-conditions.ts'
import { appInputs, appOutputs } from '../ir/graph/app-slots.ts'
import { solveText } from './solve-dims.ts'

/** A program in a WebAssembly module. */
export interface WasmEntry {
  /** The export that runs it. */
  readonly entry: string
  readonly scratchBytes: number
  /** The launches that threads may divide. */
  readonly parts: readonly { readonly launch: number; readonly groups: Dim; readonly work: Dim }[]
}

/** What a program is printed with. */
export interface ProgramContext {
  readonly style: CodeStyle
  /** The variable that holds the kernel of each variant, in the order of `variantsOf`. */
  readonly kernels: readonly string[]
  /** The program in a WebAssembly module, where that is what runs it. */
  readonly wasm?: WasmEntry
  /** Indices of the definition for the weights and constants of this program. */
  readonly weights: readonly number[]
  readonly constants: readonly number[]
  /** Returns `file:line:column` of a place in the source. */
  readonly placeOf: (span: Span) => string
  /** Whether it is a part of a program: then its slots are all that it takes and leaves. */
  readonly isStage?: boolean
}

/** Returns a `WebgpuProgramData` or `WasmProgramData` as code. */
export function emitProgram(plan: Plan, context: ProgramContext): Js {
  const { graph } = plan
  const nameOf = namesOfDims(graph)
  const code = (text: string): string => squeeze(text, context.style)
  const given = graph.dims.map(({ name }) => nameOf.get(name) ?? '')
  return {
    record: [
      ...signatureFields(graph, context),
      ['arena', code(arenaText(plan, given, nameOf))],
      ...(context.wasm === undefined && hasHalves(plan) ? [['halves', dataJs(halvesOf(plan))] as const] : []),
      ...(context.wasm === undefined
        ? [
            ['kernels', { list: context.kernels }] as const,
            ['launch', launchText(plan, ['l', ...given], nameOf, context)] as const,
            ...(isSpecial(plan) ? [['special', SPECIAL] as const] : []),
          ]
        : wasmFields(plan, context.wasm, (parts) => code(partsText(parts, given, nameOf)))),
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

/** The name under which a module has `specialRun` of the WebGPU runtime. */
export const SPECIAL = '__tsjit_special'

/** Whether launches of a plan are repeated, or it leaves something for the host. */
export function isSpecial({ graph, steps }: Plan): boolean {
  return steps.some(repeats) || hasHiddenSlots(graph)
}

/** Whether a kernel of a plan touches f16. */
export function hasHalves({ kernels }: Plan): boolean {
  return kernels.some(({ params }) => params.some(({ dtype }) => dtype === 'f16'))
}

function halvesOf({ transients }: Plan): readonly number[] {
  return transients.flatMap(({ dtype }, index) => (dtype === 'f16' ? index : []))
}

/** Whether a program takes or gives what the app does not see. */
export function hasHiddenSlots(graph: Graph): boolean {
  const isHidden = graph.outputs.some(({ report, weight }) => report !== undefined || weight !== undefined)
  return isHidden || graph.inputs.length > appInputs(graph).length
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

function repeats(step: Step): boolean {
  return step.kind === 'repeat' || (step.kind === 'loop' && step.body.some(repeats))
}

function wasmFields(
  plan: Plan,
  { entry, scratchBytes, parts }: WasmEntry,
  print: (parts: WasmEntry['parts']) => string,
): readonly (readonly [string, Js])[] {
  return [
    ['run', quote(entry)],
    ['scratch', String(scratchBytes)],
    ['counts', dataJs([plan.kernels.length, plan.launches.length])],
    ...(parts.length === 0 ? [] : [['parts', print(parts)] as const]),
  ]
}

function partsText(parts: WasmEntry['parts'], given: readonly string[], nameOf: ReadonlyMap<string, string>): string {
  const numbers = parts.map(({ launch, groups, work }) => `${launch}, ${jsDim(groups, nameOf)}, ${jsDim(work, nameOf)}`)
  const isStatic = parts.every(({ groups, work }) => typeof groups === 'number' && typeof work === 'number')
  return `(${isStatic ? '' : given.join(', ')}) => [${numbers.join(', ')}]`
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

function launchText(
  plan: Plan,
  given: readonly string[],
  nameOf: ReadonlyMap<string, string>,
  { style, weights, constants }: ProgramContext,
): string {
  const { ofLaunch } = variantsOf(plan)
  const nameOfRef = (ref: BufferRef): string => {
    const index = (ref.kind === 'weight' ? weights : ref.kind === 'constant' ? constants : [])[ref.index] ?? ref.index
    return quote(printRef({ ...ref, index }))
  }
  const launch = (index: number, names: ReadonlyMap<string, string>): string => {
    const { bindings, groups, scalars } = plan.launches[index] ?? internalError(`no launch ${index}`)
    const counts = groups.map((size) => jsDim(size, names))
    while (scalars.length === 0 && counts.length > 1 && counts.at(-1) === '1') counts.pop()
    const rest = scalars.length === 0 ? [] : [`[${scalars.map((size) => jsDim(size, names)).join(', ')}]`]
    return `l(${[String(ofLaunch[index] ?? 0), `[${bindings.map(nameOfRef).join(', ')}]`, ...counts, ...rest].join(', ')})`
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
  const head = `(${given.join(', ')}) => `
  if (style === 'minified') return squeeze(`${head}{${lines.join(';')}}`, style)
  if (lines.length === 0) return `${head}{}`
  return `${head}{\n${lines.map((line) => `        ${line}\n`).join('')}      }`
}

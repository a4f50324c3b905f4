// c-program: one program -> its functions of sizes, and its row in the table of programs

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'
import { appInputs, appOutputs } from '../../ir/graph/app-slots.ts'
import type { BufferRef } from '../../ir/plan/plan.ts'
import { sizeConditions } from '../size-conditions.ts'
import { solveSteps } from '../solve-dims.ts'
import { typeText } from './c-model.ts'
import type { CProgram } from './c-model.ts'
import { cString } from './c-names.ts'
import { printSteps } from './c-steps.ts'
import { braces } from './c-tables.ts'
import type { CKernelCode, CLanguage } from './language.ts'

const elementBytes = { f32: 4, f16: 2, bf16: 2, i32: 4, u32: 4, i8: 1, u8: 1, bool: 1 } as const

/** A program as text. */
export interface PrintedProgram {
  /** Functions and tables. */
  readonly text: string
  /** Its row. */
  readonly row: string
  /** How much room it needs. */
  readonly slots: number
  readonly axes: number
}

/** Prints a program; its names begin with `name`. */
export function printProgram(
  program: CProgram,
  name: string,
  kernels: CKernelCode,
  language: CLanguage,
): PrintedProgram {
  const { plan } = program
  const { graph, transients } = plan
  const places = new Map(graph.dims.map((dim, i) => [dim.name, `d[${i}]`]))
  const index: PrintIndex = (size) => language.index(size, (symbol) => places.get(symbol) ?? symbol)
  const starts = startsOf(program)
  const run = printSteps({
    plan,
    name: `${name}_run`,
    device: kernels.device,
    language,
    slotOf: ({ kind, index: at }) => starts[kind] + at,
    launch: (launch) => kernels.launch(plan, launch),
  })
  const functions = [solveText, sizesText, arenaText].map((print) => print(program, name, index))
  const outputs = appOutputs(graph)
  return {
    text: [...tablesText(program, name), ...functions, run].filter((part) => part !== '').join('\n\n'),
    row: rowText(program, name),
    slots: starts.transient + transients.length,
    axes: [...appInputs(graph), ...outputs].reduce((sum, { value }) => sum + value.type.shape.length, 0),
  }
}

/** The lists of numbers of a program, by the field that points at them. */
function listsOf({ inputs, outputs, plan, weights, constants, updates }: CProgram): Record<string, readonly number[]> {
  return {
    input: inputs,
    output: outputs,
    life: plan.transients.flatMap(({ first, last }) => [first, last]),
    weight: weights,
    constant: constants,
    update: updates,
  }
}

function tablesText(program: CProgram, name: string): readonly string[] {
  const { graph } = program.plan
  const arrays = Object.entries(listsOf(program)).flatMap(([key, list]) =>
    list.length === 0 ? [] : [`static const int ${name}_${key}[] = ${braces(list.map(String))};`],
  )
  const results = appOutputs(graph).map(({ path, value: { type } }) => ({ path, type }))
  const dimRows = graph.dims.map(({ name: dim, min, max, multipleOf }) => {
    return `{ ${cString(dim)}, ${min}, ${Number.isFinite(max) ? max : 0}, ${multipleOf} }`
  })
  const dimTable = dimRows.length === 0 ? [] : [`static const tj_dim ${name}_dim[] = ${braces(dimRows)};`]
  return [...arrays, printSlots(`${name}_result`, results), ...dimTable]
}

function rowText(program: CProgram, name: string): string {
  const { plan, mode, given, inputs, outputs, weights, constants, updates, isSeeded } = program
  const { graph, transients } = plan
  const counts = [inputs, outputs, graph.dims, transients, weights, constants, updates].map((list) => list.length)
  const ref = (key: string, list: readonly unknown[]): string => (list.length === 0 ? 'NULL' : `${name}_${key}`)
  const fields = [
    mode,
    `${given}u`,
    ...counts,
    Number(isSeeded),
    ...Object.entries(listsOf(program)).map(([key, list]) => ref(key, list)),
    ref('result', outputs),
    ref('dim', graph.dims),
    ...['solve', 'sizes', 'arena', 'run'].map((key) => `${name}_${key}`),
  ]
  return `{ ${fields.join(', ')} }`
}

/** Where each kind of buffer begins in the table of slots. */
function startsOf({ plan: { graph }, weights, constants }: CProgram): { readonly [K in BufferRef['kind']]: number } {
  const output = graph.inputs.length
  const weight = output + graph.outputs.length
  const constant = weight + weights.length
  return { input: 0, output, weight, constant, transient: constant + constants.length }
}

/** Returns the table of inputs or outputs, and the arrays that it points at; nothing where there are none. */
export function printSlots(
  name: string,
  slots: readonly { readonly path: string; readonly type: Parameters<typeof typeText>[0] }[],
): string {
  const lines: string[] = []
  const rows = slots.map(({ path, type }, i) => {
    const { dtype, shape } = type
    const [axes, sizes] = [`${name}_axes_${i}`, `${name}_sizes_${i}`]
    if (shape.length > 0) {
      lines.push(`static const char *const ${axes}[] = ${braces(shape.map((size) => cString(dims.printDim(size))))};`)
      lines.push(
        `static const int64_t ${sizes}[] = ${braces(shape.map((size) => (typeof size === 'number' ? String(size) : '-1')))};`,
      )
    }
    const given = shape.length === 0 ? 'NULL, NULL' : `${axes}, ${sizes}`
    return `{ ${cString(path)}, ${cString(typeText(type))}, ${elementBytes[dtype]}, ${shape.length}, ${given} }`
  })
  if (rows.length === 0) return ''
  return [...lines, `static const tj_slot ${name}[] = ${braces(rows)};`].join('\n')
}

type PrintIndex = (size: Dim) => string

/** Returns a function with parameters that may go unused. */
function functionText(head: string, params: readonly string[], body: readonly string[]): string {
  const text = body.join('\n')
  const unused = params.filter((param) => !new RegExp(`\\b${param}\\b`).test(text))
  return [head, '{', ...unused.map((param) => `  (void)${param};`), ...body, '}'].join('\n')
}

function solveText({ plan: { graph } }: CProgram, name: string, index: PrintIndex): string {
  const places = new Map(graph.dims.map((dim, i) => [dim.name, i]))
  const inputs = appInputs(graph)
  const lines = solveSteps(graph).map(({ name: dim, input, axis, factor, rest, scale }) => {
    invariant(inputs[input] !== undefined, 'dimensions are those of inputs of the app')
    const given = `(ptrdiff_t)s[${input}][${axis}]`
    const difference = rest === 0 ? given : `${given} - (${index(rest)})`
    const quotient = factor === 1 ? difference : `tj_quotient(${difference}, ${index(factor)})`
    return `  d[${places.get(dim) ?? 0}] = ${scale === 1 ? quotient : `(${quotient}) * ${scale}`};`
  })
  return functionText(`static void ${name}_solve(const int64_t *const *s, ptrdiff_t *d)`, ['s', 'd'], lines)
}

function sizesText({ plan: { graph } }: CProgram, name: string, index: PrintIndex): string {
  const tests = sizeConditions(graph).map(({ rest, code, message }) => {
    const format = message.map((part) => (typeof part === 'object' ? '%lld' : String(part).replaceAll('%', '%%')))
    const values = message.flatMap((part) => (typeof part === 'object' ? [`, (long long)(${index(part)})`] : []))
    return `  if (${index(rest)} < 0) return tj_fail(c, TSJIT_REFUSED, ${cString(`${code}: ${format.join('')}`)}${values.join('')});`
  })
  const sizes = [...appInputs(graph), ...appOutputs(graph)].flatMap(({ value }) => value.type.shape)
  const lines = sizes.map((size, i) => `  s[${i}] = ${index(size)};`)
  const head = `static int ${name}_sizes(tj_ctx *c, const ptrdiff_t *d, ptrdiff_t *s)`
  return functionText(head, ['c', 'd', 's'], [...tests, ...lines, '  return TSJIT_OK;'])
}

function arenaText({ plan: { transients } }: CProgram, name: string, index: PrintIndex): string {
  const lines = transients.map(({ bytes }, i) => `  b[${i}] = ${index(bytes)};`)
  return functionText(`static void ${name}_arena(const ptrdiff_t *d, ptrdiff_t *b)`, ['d', 'b'], lines)
}

// print: graph -> stable text
//
// One line for each value, names of inputs and weights as they are, ops numbered. Scalars known at build stand where
// they are used. Regions stand in braces, one step further in.

import { dims } from '@tsjit/dsl/compiler'
import { splitLines } from '../../base/text.ts'
import type { AnyOp, ControlOp, Dim, Graph, GraphDim, GraphOp, LoopOp, Region, Value } from './graph.ts'
import { isControl } from './regions.ts'

/** Returns the text of a graph, as tests and `tsjit explain` show it. */
export function printGraph(graph: Graph): string {
  const names = new Map<Value, string>()
  const rows: Row[] = []
  for (const { path, value, optional } of graph.inputs) {
    names.set(value, `%${path}`)
    rows.push({ name: `%${path}`, value, text: `input${optional ? ' optional' : ''}` })
  }
  for (const { path, value, role } of graph.weights) {
    names.set(value, `%${path}`)
    rows.push({ name: `%${path}`, value, text: role })
  }
  let count = 0
  const nameOf = (value: Value): string => names.get(value) ?? '?'
  const number = (value: Value): string => {
    count += 1
    names.set(value, `%${count}`)
    return `%${count}`
  }
  const addOp = (op: GraphOp, indent: string): void => {
    if (isControl(op)) return addControl(op, indent)
    const scalar = scalarText(op)
    if (scalar !== undefined) names.set(op.result, scalar)
    else {
      const name = indent + number(op.result)
      rows.push({ name, value: op.result, text: printOp(op, nameOf) })
    }
  }
  const addRegion = ({ ops, results }: Region, title: string, indent: string): void => {
    rows.push({ name: `${indent}${title} {` })
    for (const op of ops) addOp(op, `${indent}  `)
    rows.push({ name: `${indent}} ${results.map(nameOf).join(' ')}` })
  }
  const addControl = (op: ControlOp, indent: string): void => {
    const operands = op.inputs.map(nameOf).join(' ')
    const params = op.kind === 'loop' ? op.body.params : []
    const results = op.results.map((value): Row => ({ name: indent + number(value), value, text: '' }))
    const [first, ...rest] = results
    const head = op.kind === 'loop' ? `loop ${loopText(op)} ${operands}` : `branch ${operands}`
    if (first !== undefined) rows.push({ ...first, text: head.trimEnd() }, ...rest)
    for (const param of params) rows.push({ name: `${indent}  ${number(param)}`, value: param, text: 'carry' })
    if (op.kind === 'branch') op.arms.forEach((arm, i) => addRegion(arm, `arm ${i}`, indent))
    else {
      if (op.test !== undefined) addRegion(op.test, 'test', indent)
      addRegion(op.body, 'body', indent)
    }
  }
  for (const op of graph.ops) addOp(op, '')
  const outputs = graph.outputs.map(({ path, value }) => `  output ${path} ${names.get(value) ?? '?'}`)
  const mode = graph.mode === 'train' ? ' train' : ''
  return [`graph ${graph.name}${mode}${graph.dims.map(printBounds).join('')}`, ...align(rows), ...outputs].join('\n')
}

/** Returns `f32[B,784]`. */
export function printValueType({ type }: Value): string {
  return `${type.dtype}[${type.shape.map(printSize).join(',')}]`
}

interface Row {
  readonly name: string
  /** Missing in the lines that open and close a region. */
  readonly value?: Value
  readonly text?: string
}

function loopText({ counter, count, maximum, isReversed, inputs }: LoopOp): string {
  const turns = count === 'tensor' ? 'counted on the device' : count === 'test' ? 'while' : printSize(count)
  const most = maximum === undefined ? '' : ` at most ${maximum}`
  const name = typeof counter === 'number' ? '' : `${printSize(counter)}: `
  return `${name}${turns}${most}${isReversed ? ' reversed' : ''}${inputs.length > 0 ? ',' : ''}`
}

function align(rows: readonly Row[]): readonly string[] {
  const typed = rows.flatMap(({ name, value }) => (value === undefined ? [] : { name, type: printValueType(value) }))
  const nameWidth = Math.max(0, ...typed.map(({ name }) => name.length))
  const typeWidth = Math.max(0, ...typed.map(({ type }) => type.length))
  return rows.map(({ name, value, text = '' }) =>
    value === undefined
      ? `  ${name}`
      : `  ${name.padEnd(nameWidth)} ${printValueType(value).padEnd(typeWidth)}  ${text}`.trimEnd(),
  )
}

function printBounds({ name, min, max, multipleOf }: GraphDim): string {
  const step = multipleOf === 1 ? '' : ` by ${multipleOf}`
  return `  ${name}: ${min}..${Number.isFinite(max) ? max : ''}${step}`
}

/** Returns what stands for a scalar known at build, or undefined for any other op. */
function scalarText(op: AnyOp): string | undefined {
  if (op.kind === 'dimension') return printSize(op.params.value)
  if (op.kind !== 'constant') return undefined
  const { value, dtype } = op.params
  if (dtype === 'bool') return value === 0 ? 'false' : 'true'
  const text = Object.is(value, -0) ? '-0' : String(value)
  return dtype === 'f32' ? text : `${text}:${dtype}`
}

function printOp(op: AnyOp, nameOf: (value: Value) => string): string {
  const operands = op.inputs.map(nameOf).join(op.kind === 'concat' ? ', ' : ' ')
  return [op.kind, ...beforeOperands(op), operands, ...afterOperands(op)].filter((part) => part !== '').join(' ')
}

function beforeOperands(op: AnyOp): readonly string[] {
  return op.kind === 'reduce' ? [op.params.fn] : []
}

function afterOperands(op: AnyOp): readonly string[] {
  switch (op.kind) {
    case 'literal':
      return [literalText(op.params.data)]
    case 'iota':
      return [printSize(op.params.length)]
    case 'cast':
      return [op.params.dtype]
    case 'permute':
    case 'reduce':
      return [`[${op.params.axes.join(',')}]`]
    case 'slice': {
      const { starts, sizes, steps } = op.params
      return [`[${starts.map((start, axis) => sliceText(start, sizes[axis] ?? 0, steps[axis] ?? 1)).join(', ')}]`]
    }
    case 'pad': {
      const { before, after, value } = op.params
      return [
        `[${before.map((size, axis) => `${printSize(size)}:${printSize(after[axis] ?? 0)}`).join(', ')}]`,
        String(value),
      ]
    }
    case 'window': {
      const { axis, size, stride, dilation } = op.params
      return [`axis ${axis} size ${printSize(size)} stride ${stride} dilation ${dilation}`]
    }
    case 'concat':
    case 'gather':
    case 'gatherElements':
      return [`axis ${op.params.axis}`]
    case 'contract': {
      const { a, b, out } = op.params
      return [`  ${a.join(' ')}, ${b.join(' ')} -> ${out.join(' ')}`.trimEnd()]
    }
    default:
      return []
  }
}

function sliceText(start: Dim, size: Dim, step: number): string {
  const end = dims.add(start, dims.mul(size, step))
  return `${printSize(start)}:${printSize(end)}${step === 1 ? '' : `:${step}`}`
}

function literalText(data: readonly number[]): string {
  const shown = data.slice(0, 8).map((value) => (Object.is(value, -0) ? '-0' : String(value)))
  return `[${shown.join(',')}${data.length > 8 ? ',…' : ''}]`
}

function printSize(size: Dim): string {
  const [line = ''] = splitLines(dims.printDim(size))
  return line.replaceAll(' ', '')
}

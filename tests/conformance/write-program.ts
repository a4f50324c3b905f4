// write-program: a case -> the `.tsjit` module that computes it
//
// Operators are the functions of operators/<suite>/*.tsjit, called as `Op(inputs, attributes, about)`: inputs by their
// formal names (variadic ones as an array), `about` the version of the operator set and the dtypes that the language
// holds in wider ones. What decides shapes is an array of numbers; what the suite knows at build is a constant.

import { type Case, type CaseGraph, type CaseNode, type CaseTensor, type Datum } from './case.ts'
import { Gap, dtypeOf, elementsOf, isHeldWider, numbersOf } from './dtypes.ts'
import type { OperatorTable } from './operator-table.ts'

/** A program, and what to call it with. */
export interface WrittenProgram {
  readonly text: string
  /** The tensors to pass, by the name of the model's input. */
  readonly inputs: readonly (readonly [name: string, tensor: CaseTensor])[]
}

/** A value while the body is written. */
interface Known {
  /** What the text calls it. */
  readonly code: string
  readonly dtype: string
  /** The elements, where the case gives them. */
  readonly fixed?: CaseTensor
  /** What the text calls the elements as numbers, where they are computed at build. */
  readonly numbers?: string
}

/** Returns the program of a case. Throws Gap for an operator that the table lacks. */
export function writeProgram(test: Case, table: OperatorTable): WrittenProgram {
  const graph = test.graph ?? graphOf(test)
  const operators = operatorsOf(graph).map((op) => table.find(test.suite, op))
  const writer = new Writer(test, table)
  const body = writer.body(test, graph)
  const signatures = writer.inputs.map(([name, { dtype, shape }]) => `${name}: ${dtypeOf(dtype)}(${shape})`)
  const names = [...new Set(writer.inputs.map(([, { dtype }]) => dtypeOf(dtype)))]
  const imports = [...new Map(operators.map((each) => [each.name, each])).values()]
  const lines = [
    `import { ${['model', 'tensor', ...names].join(', ')} } from '@tsjit/dsl'`,
    ...imports.map(({ name, file }) => `import { ${name} } from '${file}'`),
    ...[...writer.onNumbers].map(([name, file]) => `import { ${name} as ${NUMBERS}${name} } from '${file}'`),
    'const listed = (value) => (Array.isArray(value) ? value : [value])',
    'export const m = model({',
    `  inputs: { ${signatures.join(', ')} },`,
    `  forward({ ${writer.inputs.map(([name]) => name).join(', ')} }) {`,
    ...body.map((line) => `    ${line}`),
    '  },',
    '})',
    '',
  ]
  return { text: lines.join('\n'), inputs: writer.inputs }
}

/** A case of one operator, as a graph of one node. */
function graphOf({ op, domain, attributes = {}, inputs, outputs }: Case): CaseGraph {
  const node: CaseNode = {
    op,
    ...(domain === undefined ? {} : { domain }),
    attributes,
    inputs: inputs.map((input) => input && { name: input.name, value: input.name }),
    outputs: outputs.map((output, i) => output?.name ?? `unused ${i}`),
  }
  return { inputs: [], outputs: outputs.flatMap((output) => output ?? []), initializers: [], nodes: [node] }
}

function operatorsOf(graph: CaseGraph): readonly string[] {
  const inner = (node: CaseNode): readonly string[] =>
    Object.values(node.attributes).flatMap((value) => (isGraph(value) ? operatorsOf(value.graph) : []))
  return graph.nodes.flatMap((node) => [node.op, ...inner(node)])
}

class Writer {
  readonly inputs: (readonly [string, CaseTensor])[] = []
  /** Functions on numbers that the text calls, with their files. */
  readonly onNumbers = new Map<string, string>()
  private readonly test: Case
  private readonly table: OperatorTable
  private count = 0

  constructor(test: Case, table: OperatorTable) {
    this.test = test
    this.table = table
  }

  /** Returns the statements of `forward`. */
  body(test: Case, graph: CaseGraph): readonly string[] {
    const values = new Map<string, Known>()
    const lines: string[] = []
    const isShapeOnly = (name: string): boolean => this.usesOf(graph, name).every(({ isStatic }) => isStatic)
    for (const tensor of [...graph.initializers, ...test.inputs.flatMap((input) => input ?? [])]) {
      const isBuildTime = tensor.constant === true || graph.initializers.includes(tensor)
      const known = { dtype: tensor.dtype, fixed: tensor }
      if (isShapeOnly(tensor.name)) values.set(tensor.name, { code: 'undefined', ...known })
      else if (isBuildTime) values.set(tensor.name, { code: this.define(lines, constant(tensor)), ...known })
      else {
        const name = `i${this.inputs.length}`
        this.inputs.push([name, tensor])
        values.set(tensor.name, { code: name, ...known })
      }
    }
    lines.push(...this.nodes(graph, values))
    const outputs = test.outputs.flatMap((output, i) =>
      output === null ? [] : [`o${i}: ${values.get(output.name)?.code ?? 'undefined'}`],
    )
    return [...lines, `return { ${outputs.join(', ')} }`]
  }

  private define(lines: string[], code: string): string {
    const name = `v${this.count++}`
    lines.push(`const ${name} = ${code}`)
    return name
  }

  /** Where a graph uses a value, and whether it must be known there. */
  private usesOf(graph: CaseGraph, name: string): readonly { readonly isStatic: boolean }[] {
    return graph.nodes.flatMap((node) => [
      ...node.inputs.flatMap((input) =>
        input?.value === name ? [{ isStatic: this.table.isStatic(this.test.suite, node.op, input.name) }] : [],
      ),
      ...Object.values(node.attributes).flatMap((value) => (isGraph(value) ? this.usesOf(value.graph, name) : [])),
    ])
  }

  private nodes(graph: CaseGraph, values: Map<string, Known>): readonly string[] {
    const lines: string[] = []
    for (const node of graph.nodes) {
      const call = this.call(node, values)
      const names = node.outputs.map(() => `v${this.count++}`)
      const result = `v${this.count++}`
      lines.push(`const ${result} = listed(${call})`)
      for (const [i, name] of names.entries()) lines.push(`const ${name} = ${result}[${i}]`)
      const numbers = this.numbersOf(node, values, lines)
      for (const [i, output] of node.outputs.entries())
        values.set(output, {
          code: names[i] ?? '',
          dtype: this.outputDType(node, i, values),
          ...(numbers === undefined ? {} : { numbers }),
        })
    }
    return lines
  }

  /** Where a node computes sizes of what is known at build: the name of its result as numbers. */
  private numbersOf(node: CaseNode, values: ReadonlyMap<string, Known>, lines: string[]): string | undefined {
    const isGraphCase = this.test.graph !== undefined || isNested(this.test)
    const operator = isGraphCase ? this.table.onNumbers(this.test.suite, node.op) : undefined
    if (operator === undefined) return undefined
    const isOfShape = node.op === 'Shape' || node.op === 'Size'
    const groups = new Map<string, string[]>()
    for (const input of node.inputs) {
      const value = input && values.get(input.value)
      if (!input || !value) return undefined
      const code = isOfShape ? value.code : numbersCode(value)
      if (code === undefined) return undefined
      const [, base] = /^(.*)\[\d+\]$/.exec(input.name) ?? []
      groups.set(base ?? input.name, [...(groups.get(base ?? input.name) ?? []), code])
    }
    const isList = node.inputs.some((input) => input?.name.endsWith(']'))
    const entries = [...groups].map(
      ([name, codes]) => [name, isList ? `[${codes.join(', ')}]` : (codes[0] ?? '')] as const,
    )
    this.onNumbers.set(operator.name, operator.file)
    return this.define(lines, `${NUMBERS}${operator.name}(${record(entries)}, ${this.attributes(node, values)})`)
  }

  private outputDType(node: CaseNode, index: number, values: ReadonlyMap<string, Known>): string {
    const expected = this.test.graph === undefined ? this.test.outputs[index]?.dtype : undefined
    const first = node.inputs[0]
    return expected ?? (first ? values.get(first.value)?.dtype : undefined) ?? 'float32'
  }

  private call(node: CaseNode, values: ReadonlyMap<string, Known>): string {
    const groups = new Map<string, string[]>()
    const entries: [string, string][] = []
    const widths: [string, string][] = []
    for (const input of node.inputs) {
      if (input === null) continue
      const value = values.get(input.value)
      if (value === undefined) throw new Gap(`${node.op} reads ${input.value}, which nothing defines`)
      const [, base, place] = /^(.*)\[(\d+)\]$/.exec(input.name) ?? []
      const name = base ?? input.name
      if (isHeldWider(value.dtype)) widths.push([name, JSON.stringify(value.dtype)])
      const isStatic = this.table.isStatic(this.test.suite, node.op, name)
      const code = isStatic ? numbersCode(value) : value.code
      if (code === undefined) throw new Gap(`${name} of ${node.op} is computed`)
      if (place === undefined) entries.push([name, code])
      else groups.set(name, [...(groups.get(name) ?? []), code])
    }
    for (const [name, codes] of groups) entries.push([name, `[${codes.join(', ')}]`])
    const about: [string, string][] = [
      ['opset', String(this.test.opset ?? 0)],
      ['outputs', String(node.outputs.length)],
      ...(widths.length === 0 ? [] : ([['widths', record(widths)]] as [string, string][])),
      ...this.outputTypes(node, values),
    ]
    const { name } = this.table.find(this.test.suite, node.op)
    return `${name}(${record(entries)}, ${this.attributes(node, values)}, ${record(about)})`
  }

  /** What a case of one operator says of its outputs: results whose size depends on the data are bounded by it. */
  private outputTypes(node: CaseNode, values: ReadonlyMap<string, Known>): readonly [string, string][] {
    const [output] = this.test.outputs
    const first = node.inputs[0] && values.get(node.inputs[0].value)
    if (this.test.graph !== undefined || node.op !== this.test.op || !output)
      return first ? [['dtype', JSON.stringify(dtypeOf(first.dtype))]] : []
    return [
      ['shapes', literal(this.test.outputs.map((each) => each?.shape ?? null))],
      ['dtype', JSON.stringify(dtypeOf(output.dtype))],
      ...(isHeldWider(output.dtype) ? ([['width', JSON.stringify(output.dtype)]] as [string, string][]) : []),
    ]
  }

  private attributes({ op, attributes }: CaseNode, values: ReadonlyMap<string, Known>): string {
    return record(
      Object.entries(attributes).map(([name, value]) => [
        name,
        isGraph(value) ? this.closure(value.graph, values, op === 'Loop') : literal(value),
      ]),
    )
  }

  /** A subgraph: a function of its inputs that returns an array of its outputs. Loops count in numbers. */
  private closure(graph: CaseGraph, outer: ReadonlyMap<string, Known>, isCounted: boolean): string {
    const values = new Map(outer)
    const lines: string[] = []
    const parameters = graph.inputs.map((input, i) => {
      const code = `p${this.count++}`
      const counter = { code: `tensor(${code}, { dtype: 'i32' })`, numbers: `[${code}]` }
      values.set(input.name, { dtype: input.dtype, ...(isCounted && i === 0 ? counter : { code }) })
      return code
    })
    for (const tensor of graph.initializers)
      values.set(tensor.name, { code: this.define(lines, constant(tensor)), dtype: tensor.dtype, fixed: tensor })
    lines.push(...this.nodes(graph, values))
    const results = graph.outputs.map(({ name }) => values.get(name)?.code ?? 'undefined')
    return `(${parameters.join(', ')}) => { ${lines.join('; ')}; return [${results.join(', ')}] }`
  }
}

/** The name of functions on numbers in the text. */
const NUMBERS = 'numbers'

function numbersCode({ fixed, numbers }: Known): string | undefined {
  return fixed === undefined ? numbers : literal(numbersOf(fixed))
}

/** Whether an operator of the case has a subgraph. */
function isNested({ attributes = {} }: Case): boolean {
  return Object.values(attributes).some(isGraph)
}

function isGraph(value: unknown): value is { readonly graph: CaseGraph } {
  return typeof value === 'object' && value !== null && 'graph' in value
}

function record(entries: readonly (readonly [string, string])[]): string {
  const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name))
  return `{ ${entries.map(([name, code]) => `${key(name)}: ${code}`).join(', ')} }`
}

function constant(tensor: CaseTensor): string {
  const { dtype, shape } = tensor
  const data = literal(elementsOf(tensor))
  return `tensor(${data}, { dtype: '${dtypeOf(dtype)}' }).reshape([${shape}])`
}

/** Returns an attribute as text; words for numbers that JSON lacks are numbers. */
function literal(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'string') return ['NaN', 'Infinity', '-Infinity'].includes(value) ? value : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) return record(Object.entries(value).map(([k, v]) => [k, literal(v)]))
  return String(value as Datum | boolean | null)
}

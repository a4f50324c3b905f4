// lines: statements of the kernel form -> lines with numbered values
//
// Loops that ask for it are written out here, into the block around them, so that their iterations share values. Writes
// and barriers are counted, which keeps reads on their side of them.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../../base/invariant.ts'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { countWrites, crossBarrier } from '../count-writes.ts'
import { noMatrices } from '../no-matrices.ts'
import { type ExprContext, componentNode, dimNode, exprNode } from './expression-nodes.ts'
import type { Names } from './names.ts'
import { type Node, useNode } from './nodes.ts'
import type { PrintedParam } from './storage.ts'
import { type Text, primary, within } from './text.ts'
import { narrowed, typeName } from './types.ts'

/** A line of a function body, with the values that are printed into it. */
export type Line =
  | { readonly kind: 'line'; readonly nodes: readonly Node[]; readonly print: (texts: readonly Text[]) => string }
  /** The value gets its `let` here. */
  | { readonly kind: 'let'; readonly node: Node }
  | {
      readonly kind: 'block'
      readonly nodes: readonly Node[]
      readonly print: (texts: readonly Text[]) => string
      readonly body: readonly Line[]
      readonly otherwise: readonly Line[]
    }

/** What statements are printed with. */
export interface StmtContext extends ExprContext {
  readonly names: Names
  readonly lanes: readonly [number, number, number]
}

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>
type Table = { readonly [K in Stmt['kind']]: (stmt: StmtOf<K>, context: StmtContext) => readonly Line[] }

const missing = primary('0')

const table: Table = {
  let: ({ name, value }, context) => {
    const node = exprNode(value, context)
    context.lets.set(name, node)
    if (node.cheap && !node.volatile) return []
    if (node.uses === 0) node.wish = name
    useNode(node)
    return [{ kind: 'let', node }]
  },
  var: (stmt, context) => declareVar(stmt, context),
  set: ({ name, element, value }, context) => {
    const variable = context.vars.get(name) ?? internalError(`no variable ${name}`)
    const node = exprNode(value, context)
    const at = element === undefined ? [] : [dimNode(element, context)]
    variable.writes++
    return [
      line([node, ...at], ([v = missing, i]) => `${variable.name}${i === undefined ? '' : `[${i.text}]`} = ${v.text};`),
    ]
  },
  for: (stmt, context) => (stmt.unroll ? unrolled(stmt, context) : loop(stmt, context)),
  if: ({ condition, then, otherwise }, context) => {
    const test = used(exprNode(condition, context))
    const branches = [then, otherwise].map((body) => {
      const lines = context.numbering.inner(() => linesOf(body, context))
      countWrites(body, context)
      return lines
    })
    const [body = [], other = []] = branches
    return [{ kind: 'block', nodes: [test], print: ([t = missing]) => `if (${t.text})`, body, otherwise: other }]
  },
  store: ({ param: name, index, value }, context) => {
    const param = context.params.get(name) ?? internalError(`no parameter ${name}`)
    const node = exprNode(value, context)
    const { type, width } = value
    const isSplit = param.width === 1 && width > 1
    const parts = isSplit
      ? Array.from({ length: width }, (_, at) => ({
          node: componentNode(node, { type, at }, context),
          index: dims.add(index, at),
        }))
      : [{ node, index: dims.floorDiv(index, param.width) }]
    const lines = parts.map((part) => storeLine(param, part.index, part.node, context))
    param.writes++
    return lines
  },
  groupStore: ({ array: name, index, value }, context) => {
    const array = context.arrays.get(name) ?? internalError(`no group array ${name}`)
    const nodes = [exprNode(value, context), dimNode(index, context)]
    array.writes++
    return [line(nodes, ([v = missing, i = missing]) => `${array.name}[${i.text}] = ${v.text};`)]
  },
  agree: ({ name, array: place, value }, context) => {
    const array = context.arrays.get(place) ?? internalError(`no group array ${place}`)
    const isFirst = [0, 1, 2]
      .filter((axis) => (context.lanes[axis] ?? 1) > 1)
      .map((axis) => used(context.symbol(`l${axis}`)))
    const own = used(exprNode(value, context))
    const variable = context.names.fresh(name)
    crossBarrier(context)
    const node = context.numbering.number({
      key: `agree ${variable}`,
      operands: [],
      print: () => primary(variable),
      cheap: true,
    })
    context.lets.set(name, node)
    const store: Line = {
      kind: 'line',
      nodes: [own, ...isFirst],
      print: ([v = missing, ...lanes]) => {
        const test = lanes.map(({ text }) => `${text} == 0`).join(' && ')
        const write = `${array.name}[0] = ${v.text};`
        return test === '' ? write : `if (${test}) { ${write} }`
      },
    }
    return [store, line([], () => `let ${variable} = workgroupUniformLoad(&${array.name}[0]);`)]
  },
  combine: ({ name }) => internalError(`${name} is a tree on WebGPU`),
  while: (stmt, context) => whileLoop(stmt, context),
  barrier: ({ memory }, context) => {
    invariant(memory !== 'grid', 'groups of WebGPU do not wait for one another')
    crossBarrier(context)
    return [line([], () => (memory === 'group' ? 'workgroupBarrier();' : 'storageBarrier();'))]
  },
  ...noMatrices,
}

/** Returns the lines of a block. */
export function linesOf(body: readonly Stmt[], context: StmtContext): readonly Line[] {
  return body.flatMap((stmt) => linesOfStmt(stmt, context))
}

function linesOfStmt<K extends Stmt['kind']>(
  stmt: StmtOf<K> & { readonly kind: K },
  context: StmtContext,
): readonly Line[] {
  context.known.clear()
  return table[stmt.kind](stmt, context)
}

function line(nodes: readonly Node[], print: (texts: readonly Text[]) => string): Line {
  for (const node of nodes) useNode(node)
  return { kind: 'line', nodes, print }
}

function used(node: Node): Node {
  useNode(node)
  return node
}

function declareVar(stmt: StmtOf<'var'>, context: StmtContext): readonly Line[] {
  const { name, type, width, length, init } = stmt
  const node = exprNode(init, context)
  const variable = { name: context.names.fresh(name), writes: 0 }
  context.vars.set(name, variable)
  const element = typeName(type, width)
  if (length === undefined) return [line([node], ([v = missing]) => `var ${variable.name}: ${element} = ${v.text};`)]
  const declared = `var ${variable.name}: array<${element}, ${length}>`
  if (init.kind === 'const' && Object.is(init.value, 0)) return [line([], () => `${declared};`)]
  const counter = context.names.fresh('i')
  return [
    line([], () => `${declared};`),
    line(
      [node],
      ([v = missing]) =>
        `for (var ${counter} = 0; ${counter} < ${length}; ${counter}++) { ${variable.name}[${counter}] = ${v.text}; }`,
    ),
  ]
}

function unrolled({ name, count, body }: StmtOf<'for'>, context: StmtContext): readonly Line[] {
  invariant(typeof count === 'number', `${name} is unrolled, and its count is no number`)
  const lines: Line[] = []
  for (let i = 0; i < Number(count); i++) {
    context.unrolled.set(name, i)
    lines.push(...linesOf(body, context))
  }
  context.unrolled.delete(name)
  return lines
}

function loop({ name, count, body }: StmtOf<'for'>, context: StmtContext): readonly Line[] {
  const end = used(dimNode(count, context))
  // what the body writes differs between its first and later runs
  countWrites(body, context)
  const variable = context.names.fresh(name)
  const lines = context.numbering.inner(() => {
    const node = context.numbering.number({
      key: `loop ${variable}`,
      operands: [],
      print: () => primary(variable),
      cheap: true,
    })
    context.lets.set(name, node)
    return linesOf(body, context)
  })
  countWrites(body, context)
  return [
    {
      kind: 'block',
      nodes: [end],
      print: ([n = missing]) => `for (var ${variable} = 0; ${variable} < ${within(n, 'sum')}; ${variable}++)`,
      body: lines,
      otherwise: [],
    },
  ]
}

function whileLoop({ name, test, condition, body }: StmtOf<'while'>, context: StmtContext): readonly Line[] {
  // what test and body write differs between the first turn and later ones
  countWrites([...test, ...body], context)
  const variable = context.names.fresh(name)
  const lines = context.numbering.inner(() => {
    const node = context.numbering.number({
      key: `loop ${variable}`,
      operands: [],
      print: () => primary(variable),
      cheap: true,
    })
    context.lets.set(name, node)
    const before = linesOf(test, context)
    context.known.clear()
    const stop = line([exprNode(condition, context)], ([c = missing]) => `if (!(${c.text})) { break; }`)
    return [...before, stop, ...linesOf(body, context)]
  })
  countWrites([...test, ...body], context)
  const print = (): string => `for (var ${variable} = 0; ; ${variable}++)`
  return [{ kind: 'block', nodes: [], print, body: lines, otherwise: [] }]
}

function storeLine(param: PrintedParam, index: Dim, value: Node, context: StmtContext): Line {
  return line([value, dimNode(index, context)], ([v = missing, i = missing]) => {
    const kept = narrowed(v, param.dtype, param.width, context.routine)
    return `${param.name}[${i.text}] = ${kept.text};`
  })
}

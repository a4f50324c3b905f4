// print: kernel -> text
//
// What tests read and `tsjit explain` shows. Stable: equal kernels print the same.

import { dims } from '@tsjit/dsl/compiler'
import { type TextWriter, createTextWriter } from '../../base/text.ts'
import type { Expr, Kernel, Stmt } from './kernel.ts'
import type { GroupMatrix } from './matrix-unit.ts'

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

const infix: { readonly [op: string]: string } = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
}

const exprs: { readonly [K in Expr['kind']]: (expr: ExprOf<K>) => string } = {
  const: (expr) => printConst(expr),
  index: ({ value }) => `[${dims.printDim(value)}]`,
  local: ({ name, element }) => (element === undefined ? name : `${name}[${dims.printDim(element)}]`),
  load: ({ param, index, width }) => `load${suffix(width)} ${param}[${dims.printDim(index)}]`,
  groupLoad: ({ array, index }) => `${array}[${dims.printDim(index)}]`,
  apply: (expr) => printApply(expr),
  multiplyAdd: ({ args: [a, b, c] }) => `${operand(a)} * ${operand(b)} + ${operand(c)}`,
  multiplyAddHalves: ({ args }) => `halves(${args.map((arg) => printExpr(arg)).join(', ')})`,
  cast: ({ type, arg }) => `${type}(${printExpr(arg)})`,
  splat: ({ width, arg }) => `splat${suffix(width)}(${printExpr(arg)})`,
  pack: ({ args }) => `(${args.map((arg) => printExpr(arg)).join(', ')})`,
  sums: ({ args }) => `sums(${args.map((arg) => printExpr(arg)).join(', ')})`,
  component: ({ arg, at }) => `${operand(arg)}.${'xyzw'.charAt(at)}`,
}

const stmts: { readonly [K in Stmt['kind']]: (stmt: StmtOf<K>, writer: TextWriter) => void } = {
  let: ({ name, value }, writer) => writer.line(`let ${name} ${printType(value)} = ${printExpr(value)}`),
  var: ({ name, length, init }, writer) => {
    const type = printType(init)
    writer.line(`var ${name} ${length === undefined ? type : `${type}[${length}]`} = ${printExpr(init)}`)
  },
  set: ({ name, element, value }, writer) =>
    writer.line(`${element === undefined ? name : `${name}[${dims.printDim(element)}]`} = ${printExpr(value)}`),
  for: ({ name, count, unroll, body }, writer) => {
    writer.line(`${unroll ? 'unroll' : 'serial'} ${name} = 0 .. ${dims.printDim(count)}`)
    writer.indented(() => printBlock(body, writer))
  },
  if: ({ condition, then, otherwise }, writer) => {
    writer.line(`if ${printExpr(condition)}`)
    writer.indented(() => printBlock(then, writer))
    if (otherwise.length === 0) return
    writer.line('else')
    writer.indented(() => printBlock(otherwise, writer))
  },
  store: ({ param, index, value }, writer) =>
    writer.line(`store${suffix(value.width)} ${param}[${dims.printDim(index)}] = ${printExpr(value)}`),
  groupStore: ({ array, index, value }, writer) =>
    writer.line(`${array}[${dims.printDim(index)}] = ${printExpr(value)}`),
  agree: ({ name, array, value }, writer) => writer.line(`agree ${name} i32 = ${printExpr(value)}  by ${array}`),
  combine: ({ name, array, op, value, lanes }, writer) =>
    writer.line(
      `combine ${name} ${value.type} = ${op} of ${printExpr(value)}  by ${array}${lanes === undefined ? '' : ` of ${lanes} lanes`}`,
    ),
  while: ({ name, test, condition, body }, writer) => {
    writer.line(`while ${name} = 0 ..`)
    writer.indented(() => {
      printBlock(test, writer)
      writer.line(`stop unless ${printExpr(condition)}`)
      printBlock(body, writer)
    })
  },
  barrier: ({ memory }, writer) => writer.line(memory === 'group' ? 'barrier' : `barrier of ${memory}`),
  copy: ({ array, at, param, index, condition }, writer) => {
    const where = condition === undefined ? '' : ` where ${printExpr(condition)}`
    writer.line(`copy ${array}[${dims.printDim(at)}] = ${param}[${dims.printDim(index)}]${where}`)
  },
  commitCopies: (_, writer) => writer.line('commit copies'),
  awaitCopies: ({ pending }, writer) => writer.line(`await copies but ${pending}`),
  fragment: ({ name, unit }, writer) => writer.line(`fragment ${name} f32[${unit.rows} x ${unit.columns}] = 0`),
  loadFragment: ({ name, unit, side, array, index, stride, isAcross }, writer) => {
    const shape = side === 0 ? `${unit.rows} x ${unit.depth}` : `${unit.depth} x ${unit.columns}`
    const order = isAcross === (side === 0) ? ' by columns' : ''
    writer.line(
      `fragment ${name} ${unit.elements}[${shape}] = ${array}[${dims.printDim(index)}], ${stride} apart${order}`,
    )
  },
  multiplyFragments: ({ name, left, right }, writer) => writer.line(`${name} = ${left} @ ${right} + ${name}`),
  startProducts: ({ products }, writer) => {
    for (const { name, left, right } of products)
      writer.line(`start ${name} = ${printMatrix(left)} @ ${printMatrix(right)} + ${name}`)
  },
  awaitProducts: ({ pending }, writer) => writer.line(`await products but ${pending}`),
  storeFragment: ({ name, array, index, stride, columns }, writer) => {
    const part = columns === undefined ? '' : `, columns ${columns.first} to ${columns.first + columns.count}`
    writer.line(`${array}[${dims.printDim(index)}], ${stride} apart = ${name}${part}`)
  },
}

function printMatrix({ array, index, stride, isAcross, panel }: GroupMatrix): string {
  const order = isAcross ? ` across, ${panel} a panel` : ''
  return `${array}[${dims.printDim(index)}], ${stride} apart${order}`
}

const accesses = { read: 'in', write: 'out', readWrite: 'inout' } as const

/** Returns a kernel as text. */
export function printKernel(kernel: Kernel): string {
  const writer = createTextWriter()
  writer.line(`kernel ${kernel.name}`)
  writer.indented(() => {
    for (const { name, dtype, access } of kernel.params) writer.line(`${accesses[access]} ${name} ${dtype}`)
    if (kernel.dims.length > 0) writer.line(`dims ${kernel.dims.join(' ')}`)
    if (kernel.scalars > 0) writer.line(`scalars ${kernel.scalars}`)
    writer.line(`lanes ${kernel.lanes.join(' x ')}`)
    for (const { name, type, width, length, stored, rows, place } of kernel.arrays) {
      const order = rows === undefined ? '' : ` in rows of ${rows.length} read by ${rows.read}`
      const kept = `${stored === undefined ? '' : ` as ${stored}`}${order}`
      const at = place === undefined ? '' : ` at byte ${place}`
      writer.line(`group ${name} ${type}${suffix(width)}[${length}]${kept}${at}`)
    }
    printBlock(kernel.body, writer)
  })
  return writer.toString()
}

/** Returns an expression as text. */
export function printExpr<K extends Expr['kind']>(expr: ExprOf<K> & { readonly kind: K }): string {
  return exprs[expr.kind](expr)
}

/** Returns a statement as text, over several lines where it has blocks. */
export function printStmt(stmt: Stmt): string {
  const writer = createTextWriter()
  printStmtTo(stmt, writer)
  return writer.toString()
}

function printBlock(body: readonly Stmt[], writer: TextWriter): void {
  for (const stmt of body) printStmtTo(stmt, writer)
}

function printStmtTo<K extends Stmt['kind']>(stmt: StmtOf<K> & { readonly kind: K }, writer: TextWriter): void {
  stmts[stmt.kind](stmt, writer)
}

function printConst({ type, width, value }: ExprOf<'const'>): string {
  const digits = Object.is(value, -0) ? '-0' : String(value)
  const text = type === 'bool' ? String(value !== 0) : type === 'f32' ? digits : `${digits}${type.charAt(0)}`
  return width === 1 ? text : `splat${suffix(width)}(${text})`
}

function printApply({ op, args }: ExprOf<'apply'>): string {
  const [a, b] = args
  const sign = infix[op]
  if (sign !== undefined && a !== undefined && b !== undefined) return `${operand(a)} ${sign} ${operand(b)}`
  return `${op}(${args.map((arg) => printExpr(arg)).join(', ')})`
}

/** An expression that stands beside an operator. */
function operand(expr: Expr): string {
  const text = printExpr(expr)
  const isOpen = expr.kind === 'multiplyAdd' || expr.kind === 'load' || (expr.kind === 'apply' && expr.op in infix)
  return isOpen ? `(${text})` : text
}

function printType({ type, width }: Expr): string {
  return `${type}${suffix(width)}`
}

function suffix(width: number): string {
  return width === 1 ? '' : `x${width}`
}

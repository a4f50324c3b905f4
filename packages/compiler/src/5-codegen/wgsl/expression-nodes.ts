// expression-nodes: expressions of the kernel form -> nodes
//
// One total table over the kinds. Operations on constants are folded: WGSL evaluates them at shader creation and
// refuses results that it has no constants for.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../../base/invariant.ts'
import type { Expr, ScalarType, Width } from '../../ir/kernel/kernel.ts'
import { applyScalar, castScalar, operandTypeOf } from '../../ir/kernel/scalar-meaning.ts'
import { scalarTypeOf } from '../../ir/kernel/scalar-type.ts'
import { indexNode } from './index-nodes.ts'
import type { Node, Numbering } from './nodes.ts'
import type { PrintedArray, PrintedParam } from './storage.ts'
import { printCast, printOp } from './scalar-ops.ts'
import { type Text, call, primary, product, sum, within } from './text.ts'
import { type CallRoutine, literal, splatText, typeName, widened } from './types.ts'

/** A mutable local as printed, and how often it was written. */
export interface PrintedVar {
  readonly name: string
  writes: number
}

/** What expressions are printed with. */
export interface ExprContext {
  readonly numbering: Numbering
  readonly routine: CallRoutine
  readonly params: ReadonlyMap<string, PrintedParam>
  readonly arrays: ReadonlyMap<string, PrintedArray>
  readonly vars: Map<string, PrintedVar>
  /** `let`s of the kernel, and loop variables that stayed loops. */
  readonly lets: Map<string, Node>
  /** Loop variables of loops that are written out. */
  readonly unrolled: Map<string, Dim>
  /** Nodes of the statement that is being printed: shared expressions are walked once. */
  readonly known: Map<Expr, Node>
  symbol(name: string): Node
}

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type Table = { readonly [K in Expr['kind']]: (expr: ExprOf<K>, context: ExprContext) => Node }

const missing = primary('0')

const table: Table = {
  const: (expr, context) => constantNode(expr, context),
  index: (expr, context) => dimNode(expr.value, context),
  local: (expr, context) => localNode(expr, context),
  load: (expr, context) => loadNode(expr, context),
  groupLoad: (expr, context) => groupLoadNode(expr, context),
  apply: (expr, context) => applyNode(expr, context),
  multiplyAdd: ({ type, width, args }, context) =>
    context.numbering.number({
      key: `multiplyAdd ${type} ${width}`,
      operands: args.map((arg) => exprNode(arg, context)),
      print: ([a = missing, b = missing, c = missing]) => sum(product(a, '*', b), '+', c),
    }),
  multiplyAddHalves: () => internalError('no lanes of a GPU multiply halves'),
  cast: ({ type, width, arg }, context) => {
    if (arg.kind === 'const') {
      return constantNode({ kind: 'const', type, width, value: castScalar(arg.value, arg.type, type) }, context)
    }
    return context.numbering.number({
      key: `cast ${type} ${width}`,
      operands: [exprNode(arg, context)],
      print: ([x = missing]) => printCast(x, type, { type: arg.type, width, routine: context.routine }),
      cheap: arg.type === type,
    })
  },
  splat: ({ type, width, arg }, context) =>
    context.numbering.number({
      key: `splat ${type} ${width}`,
      operands: [exprNode(arg, context)],
      print: ([x = missing]) => splatText(type, width, x),
    }),
  pack: ({ type, width, args }, context) =>
    packNode(
      args.map((arg) => exprNode(arg, context)),
      { type, width },
      context,
    ),
  sums: ({ type, width, args }, context) =>
    packNode(
      args.map((arg) => sumNode(exprNode(arg, context), context)),
      { type, width },
      context,
    ),
  component: ({ type, arg, at }, context) => componentNode(exprNode(arg, context), { type, at }, context),
}

/** Returns the node of an expression. */
export function exprNode<K extends Expr['kind']>(expr: ExprOf<K> & { readonly kind: K }, context: ExprContext): Node {
  const known = context.known.get(expr)
  if (known !== undefined) return known
  const node = table[expr.kind](expr, context)
  context.known.set(expr, node)
  return node
}

/** Returns the node of an index expression, with written-out loop variables replaced by their values. */
export function dimNode(dim: Dim, context: ExprContext): Node {
  return indexNode(context.unrolled.size === 0 ? dim : dims.substitute(dim, context.unrolled), context)
}

/** The sum of the components of a vector of four. */
function sumNode(vector: Node, { numbering }: ExprContext): Node {
  return numbering.number({
    key: 'sum of components',
    operands: [vector],
    print: ([x = missing]) =>
      ['y', 'z', 'w'].reduce(
        (total, name) => sum(total, '+', primary(`${within(x, 'primary')}.${name}`)),
        primary(`${within(x, 'primary')}.x`),
      ),
  })
}

/** Returns one component of a vector. */
export function componentNode(
  vector: Node,
  { type, at }: { readonly type: ScalarType; readonly at: number },
  { numbering }: ExprContext,
): Node {
  return numbering.number({
    key: `component ${type} ${at}`,
    operands: [vector],
    print: ([x = missing]) => primary(`${within(x, 'primary')}.${'xyzw'.charAt(at)}`),
    cheap: true,
  })
}

interface ValueShape {
  readonly type: ScalarType
  readonly width: Width
}

function constantNode({ type, width, value }: ExprOf<'const'>, { numbering, routine }: ExprContext): Node {
  return numbering.number({
    key: `const ${type} ${width} ${Object.is(value, -0) ? '-0' : value}`,
    operands: [],
    print: () => splatText(type, width, Number.isFinite(value) ? literal(type, value) : special(value, routine)),
    cheap: Number.isFinite(value),
  })
}

function special(value: number, routine: CallRoutine): Text {
  if (Number.isNaN(value)) return routine('tj_nan', 1)
  const infinity = routine('tj_inf', 1)
  return value > 0 ? infinity : primary(`(-${infinity.text})`)
}

function localNode(expr: ExprOf<'local'>, context: ExprContext): Node {
  const known = context.lets.get(expr.name)
  if (known !== undefined) return known
  const unrolled = context.unrolled.get(expr.name)
  if (unrolled !== undefined) return dimNode(unrolled, context)
  const variable = context.vars.get(expr.name) ?? internalError(`no local ${expr.name}`)
  const at = expr.element === undefined ? [] : [dimNode(expr.element, context)]
  return context.numbering.number({
    key: `var ${variable.name} ${variable.writes}`,
    operands: at,
    print: ([i]) => primary(i === undefined ? variable.name : `${variable.name}[${i.text}]`),
    cheap: true,
    volatile: true,
  })
}

function loadNode({ type, width, param: name, index }: ExprOf<'load'>, context: ExprContext): Node {
  const param = context.params.get(name) ?? internalError(`no parameter ${name}`)
  invariant(scalarTypeOf(param.dtype) === type, `${name} is loaded as ${type}`)
  if (width !== 1 && param.width === 1) {
    const scalars = Array.from({ length: width }, (_, i) => scalarLoad(param, dims.add(index, i), context))
    return packNode(scalars, { type, width }, context)
  }
  return scalarLoad(param, param.width === 1 ? index : dims.floorDiv(index, param.width), context)
}

/** An element of the array as it was declared: a scalar or a vector. */
function scalarLoad(param: PrintedParam, index: Dim, context: ExprContext): Node {
  return context.numbering.number({
    key: `load ${param.name} ${param.writes}`,
    operands: [dimNode(index, context)],
    print: ([i = missing]) => widened(primary(`${param.name}[${i.text}]`), param.dtype, param.width),
    volatile: param.isWritten,
  })
}

function groupLoadNode({ array: name, index }: ExprOf<'groupLoad'>, context: ExprContext): Node {
  const array = context.arrays.get(name) ?? internalError(`no group array ${name}`)
  return context.numbering.number({
    key: `group ${array.name} ${array.writes}`,
    operands: [dimNode(index, context)],
    print: ([i = missing]) => primary(`${array.name}[${i.text}]`),
    volatile: true,
  })
}

function applyNode(expr: ExprOf<'apply'>, context: ExprContext): Node {
  const { op, args, type, width } = expr
  const operandType = operandTypeOf(expr)
  const constants = args.flatMap((arg) => (arg.kind === 'const' ? [arg.value] : []))
  if (constants.length === args.length) {
    const value = applyScalar(op, constants, { operandType, type })
    return constantNode({ kind: 'const', type, width, value }, context)
  }
  return context.numbering.number({
    key: `${op} ${operandType} ${width}`,
    operands: args.map((arg) => exprNode(arg, context)),
    print: (texts) => printOp(op, texts, { type: operandType, width, routine: context.routine }),
  })
}

function packNode(operands: readonly Node[], { type, width }: ValueShape, { numbering }: ExprContext): Node {
  return numbering.number({
    key: `pack ${type} ${width}`,
    operands,
    print: (texts) => call(typeName(type, width), ...texts),
  })
}

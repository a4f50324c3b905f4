// print-expression: expressions of the kernel form -> C

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Expr, GroupArray } from '../../ir/kernel/kernel.ts'
import { constant, laneConstant } from './c-types.ts'
import { printIndex, printOperand } from './print-index.ts'
import { type FunctionContext, dtypeOf, symbolText } from './printer-context.ts'
import { printCast, printOp } from './scalar-ops.ts'
import { printLoad } from './storage.ts'

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type Printers = { readonly [K in Expr['kind']]: (expr: ExprOf<K>, context: FunctionContext) => string }

const printers: Printers = {
  const: ({ type, width, value }) => constant(type, width, value),
  index: ({ value }, context) => `(int32_t)${printOperand(value, symbolText(context))}`,
  local: ({ name, element }, { wide }) => {
    if (element !== undefined) return internalError('one lane has no arrays in registers')
    return wide.has(name) ? `(int32_t)${name}` : name
  },
  load: ({ param, index, width }, context) =>
    printLoad(dtypeOf(context, param), width, param, printIndex(index, symbolText(context))),
  groupLoad: ({ array, index, type, width }, context) => {
    const place = placeInArray(context, array, index)
    if (type !== 'bool') return printLoad(type, width, place.pointer, place.index)
    const bits = printLoad('u32', width, place.pointer, place.index)
    return width > 1 ? `u4_ne(${bits}, u4_splat(0u))` : `(${bits} != 0u)`
  },
  apply: ({ op, args, width }, context) =>
    printOp(
      op,
      args.map((arg) => printExpression(arg, context)),
      args.at(-1)?.type ?? internalError(`${op} has no operand`),
      width,
    ),
  multiplyAdd: ({ args, type, width }, context) => {
    const [a, b, c] = args.map((arg) => printExpression(arg, context))
    if (type === 'f32' && width === 1) return `(${a} * ${b} + ${c})`
    if (type === 'f32') return `f4_madd(${a}, ${b}, ${c})`
    const prefix = width > 1 ? 'u4' : type
    return `${prefix}_add(${prefix}_mul(${a}, ${b}), ${c})`
  },
  multiplyAddHalves: ({ args, width, type }, context) => {
    const [a, b, c] = args.map((arg) => printExpression(arg, context))
    if (width > 1) return `u4_halves(${a}, ${b}, ${c})`
    const sum = `u32_halves((uint32_t)${a}, (uint32_t)${b}, (uint32_t)${c})`
    return type === 'i32' ? `(int32_t)${sum}` : sum
  },
  cast: ({ arg, type, width }, context) => printCast(printExpression(arg, context), arg.type, type, width),
  splat: ({ arg, type }, context) => {
    if (arg.kind === 'const') return constant(arg.type, 4, arg.value)
    return `${type === 'f32' ? 'f4' : 'u4'}_splat(${laneOf(arg, context)})`
  },
  pack: ({ args, type }, context) =>
    `${type === 'f32' ? 'f4' : 'u4'}_of(${args.map((arg) => laneOf(arg, context)).join(', ')})`,
  sums: ({ args, type }, context) =>
    `${type === 'f32' ? 'f4' : 'u4'}_sums(${args.map((arg) => printExpression(arg, context)).join(', ')})`,
  component: ({ arg, at, type }, context) => {
    const lane = `${type === 'f32' ? 'f4' : 'u4'}_lane(${printExpression(arg, context)}, ${at})`
    if (type === 'bool') return `(${lane} != 0u)`
    return type === 'i32' ? `(int32_t)${lane}` : lane
  },
}

/** Returns the value of an expression as text. */
export function printExpression<K extends Expr['kind']>(
  expr: ExprOf<K> & { readonly kind: K },
  context: FunctionContext,
): string {
  return printers[expr.kind](expr, context)
}

/** Returns the pointer to an array of the group, and the index of its scalars. */
export function placeInArray(
  context: FunctionContext,
  name: string,
  index: Dim,
): { readonly pointer: string; readonly index: string; readonly array: GroupArray } {
  const { array } = context.arrays.get(name) ?? internalError(`no array ${name}`)
  return { pointer: name, index: printIndex(dims.mul(index, array.width), symbolText(context)), array }
}

/** A scalar as a component of a vector. */
function laneOf(arg: Expr, context: FunctionContext): string {
  if (arg.kind === 'const') return laneConstant(arg.type, arg.value)
  const text = printExpression(arg, context)
  if (arg.type === 'bool') return `u32_mask(${text})`
  return arg.type === 'i32' ? `(uint32_t)${/^\w+$/.test(text) ? text : `(${text})`}` : text
}

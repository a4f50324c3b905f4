// print-expression: expressions of the kernel form -> folded WebAssembly text

import { internalError } from '../../base/invariant.ts'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { localOf, printAddress } from './print-address.ts'
import { printIndex } from './print-index.ts'
import type { FunctionContext } from './printer-context.ts'
import { namesOperandsTwice, printCast, printOp } from './scalar-ops.ts'
import { printLoad } from './storage.ts'
import { constant, get, op, watType } from './wat.ts'

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

/** Returns the value of an expression as text. */
export function printExpression(expr: Expr, context: FunctionContext): string {
  switch (expr.kind) {
    case 'const':
      return constant(expr.type, expr.width, expr.value)
    case 'index':
      return printIndex(expr.value, localOf(context))
    case 'local':
      if (expr.element !== undefined) return internalError('WebAssembly has no arrays in registers')
      return get(expr.name)
    case 'load':
      return printParamLoad(expr, context)
    case 'groupLoad': {
      const { pointer, offset } = printAddress(context, { kind: 'array', name: expr.array }, expr.index)
      return printLoad(expr.type === 'bool' ? 'i32' : expr.type, expr.width, pointer, offset)
    }
    case 'apply':
      return printApply(expr, context)
    case 'multiplyAdd':
      return printMultiplyAdd(expr, context)
    case 'multiplyAddHalves':
      return printHalves(expr, context)
    case 'cast':
      return printCast(printExpression(expr.arg, context), expr.arg.type, expr.type, expr.width)
    case 'splat':
      return printSplat(expr, context)
    case 'pack':
      return printPack(expr, context)
    case 'sums':
      return printSums(expr, context)
    case 'component':
      return printComponent(expr, context)
  }
}

function printParamLoad({ param, index, width }: ExprOf<'load'>, context: FunctionContext): string {
  const { pointer, offset } = printAddress(context, { kind: 'param', name: param }, index)
  return printLoad(context.dtypes.get(param) ?? internalError(`no parameter ${param}`), width, pointer, offset)
}

function printApply({ op: name, args, width }: ExprOf<'apply'>, context: FunctionContext): string {
  const type = args.at(-1)?.type ?? internalError(`${name} has no operand`)
  const texts = args.map((arg) => {
    const text = printExpression(arg, context)
    const isLeaf = arg.kind === 'const' || arg.kind === 'local'
    if (isLeaf || !namesOperandsTwice.has(name) || (type === 'f32' && isOneInstruction(name))) return text
    const local = context.fresh('t', watType(arg.type, arg.width))
    return { local, text }
  })
  const kept = texts.flatMap((text) => (typeof text === 'string' ? [] : [text]))
  const printed = printOp(
    name,
    texts.map((text) => (typeof text === 'string' ? text : get(text.local))),
    type,
    width,
  )
  if (kept.length === 0) return printed
  const result = watType(resultType(name, type), width)
  const sets = kept.map(({ local, text }) => `(local.set $${local} ${text})`)
  return `(block (result ${result}) ${sets.join(' ')} ${printed})`
}

/** Of floats these are instructions that name each operand once. */
function isOneInstruction(name: ExprOf<'apply'>['op']): boolean {
  return name === 'abs' || name === 'maximum' || name === 'minimum'
}

function resultType(name: ExprOf<'apply'>['op'], type: Expr['type']): Expr['type'] {
  if (name === 'floatBits') return 'i32'
  if (name === 'bitsFloat') return 'f32'
  return name === 'isNaN' ? 'bool' : type
}

function printMultiplyAdd({ args, type, width }: ExprOf<'multiplyAdd'>, context: FunctionContext): string {
  const [a, b, c] = args.map((arg) => printExpression(arg, context))
  if (a === undefined || b === undefined || c === undefined) return internalError('multiplyAdd has three operands')
  if (type === 'f32' && width > 1) return context.style.madd(a, b, c)
  const prefix = `${type === 'f32' ? 'f32' : 'i32'}${width > 1 ? 'x4' : ''}`
  return op(`${prefix}.add`, c, op(`${prefix}.mul`, a, b))
}

/** One instruction for two products in every lane; a lane by itself is the first of a vector. */
function printHalves({ args: [a, b, c], width }: ExprOf<'multiplyAddHalves'>, context: FunctionContext): string {
  const vector = (arg: Expr): string => {
    const text = printExpression(arg, context)
    return width === 1 ? op('i32x4.splat', text) : text
  }
  const products = op('i32x4.dot_i16x8_s', vector(a), vector(b))
  const sum = printExpression(c, context)
  return width === 1 ? op('i32.add', sum, op('i32x4.extract_lane 0', products)) : op('i32x4.add', sum, products)
}

function printSplat({ arg, type }: ExprOf<'splat'>, context: FunctionContext): string {
  if (arg.kind === 'const') return constant(arg.type, 4, arg.value)
  if (arg.kind === 'load' && type !== 'bool' && (context.dtypes.get(arg.param) ?? 'f32').endsWith('32')) {
    const { pointer, offset } = printAddress(context, { kind: 'param', name: arg.param }, arg.index)
    return `(v128.load32_splat${offset === 0 ? '' : ` offset=${offset}`} align=4 ${pointer})`
  }
  if (arg.kind === 'groupLoad' && type !== 'bool') {
    const { pointer, offset } = printAddress(context, { kind: 'array', name: arg.array }, arg.index)
    return `(v128.load32_splat${offset === 0 ? '' : ` offset=${offset}`} align=4 ${pointer})`
  }
  const text = printExpression(arg, context)
  if (type === 'f32') return op('f32x4.splat', text)
  return op('i32x4.splat', type === 'bool' ? op('i32.sub', '(i32.const 0)', text) : text)
}

function printPack({ args, type }: ExprOf<'pack'>, context: FunctionContext): string {
  if (args.every((arg) => arg.kind === 'const')) return packConstants(args, type)
  const shape = type === 'f32' ? 'f32x4' : 'i32x4'
  const lane = (arg: Expr): string => {
    const text = printExpression(arg, context)
    return type === 'bool' ? op('i32.sub', '(i32.const 0)', text) : text
  }
  const [first, ...rest] = args
  if (first === undefined) return internalError('a pack of nothing')
  return rest.reduce(
    (vector, arg, i) => op(`${shape}.replace_lane ${i + 1}`, vector, lane(arg)),
    op(`${shape}.splat`, lane(first)),
  )
}

function packConstants(args: readonly Expr[], type: Expr['type']): string {
  const lanes = args.map((arg) => (arg.kind === 'const' ? arg.value : 0))
  if (type === 'f32') return `(v128.const f32x4 ${lanes.map((v) => constant('f32', 1, v).slice(11, -1)).join(' ')})`
  return `(v128.const i32x4 ${lanes.map((v) => (type === 'bool' ? -Number(v !== 0) : v | 0)).join(' ')})`
}

/** Adds halves of two vectors at a time: three additions and six shuffles for all sixteen components. */
function printSums({ args, type }: ExprOf<'sums'>, context: FunctionContext): string {
  const shape = type === 'f32' ? 'f32x4' : 'i32x4'
  const lanes = (...names: readonly number[]): string =>
    names.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)).join(' ')
  const added = (a: string, b: string, first: string, second: string): string =>
    op(`${shape}.add`, op(`i8x16.shuffle ${first}`, a, b), op(`i8x16.shuffle ${second}`, a, b))
  const kept = (text: string): readonly [string, string] => {
    const local = context.fresh('t', 'v128')
    return [`(local.set $${local} ${text})`, get(local)]
  }
  const [[setA, a], [setB, b], [setC, c], [setD, d]] = [
    kept(printExpression(args[0], context)),
    kept(printExpression(args[1], context)),
    kept(printExpression(args[2], context)),
    kept(printExpression(args[3], context)),
  ]
  const [low, high] = [lanes(0, 1, 4, 5), lanes(2, 3, 6, 7)]
  const [setX, x] = kept(added(a, b, low, high))
  const [setY, y] = kept(added(c, d, low, high))
  const result = added(x, y, lanes(0, 2, 4, 6), lanes(1, 3, 5, 7))
  return `(block (result v128) ${[setA, setB, setC, setD, setX, setY].join(' ')} ${result})`
}

function printComponent({ arg, at, type }: ExprOf<'component'>, context: FunctionContext): string {
  const text = printExpression(arg, context)
  if (type === 'f32') return op(`f32x4.extract_lane ${at}`, text)
  const lane = op(`i32x4.extract_lane ${at}`, text)
  return type === 'bool' ? op('i32.and', lane, '(i32.const 1)') : lane
}

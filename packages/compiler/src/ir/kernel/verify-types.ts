// verify-types: checks of expressions
//
// Operands have the types and widths that their op wants; names are in scope; indices that are known are in range.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, GroupArray, Kernel, KernelParam, MatrixUnit, ScalarOp, ScalarType, Width } from './kernel.ts'
import { scalarTypeOf } from './scalar-type.ts'
import { operandTypeOf } from './scalar-meaning.ts'
import { forEachExpr, indicesOf } from './visit.ts'

/** What is declared at one place. */
export interface TypeScope {
  readonly kernel: Kernel
  readonly params: ReadonlyMap<string, KernelParam>
  readonly arrays: ReadonlyMap<string, GroupArray>
  readonly locals: Map<string, LocalType>
  /** Fragments: the unit, and the side of an operand. */
  readonly fragments: Map<string, { readonly unit: MatrixUnit; readonly side?: 0 | 1 }>
  /** What the `let`s are that are index expressions. */
  readonly values: Map<string, Dim>
  /** Names that index expressions may use. */
  readonly symbols: Set<string>
  readonly fail: (message: string) => never
}

/** A `let` or `var`. */
export interface LocalType {
  readonly type: ScalarType
  readonly width: Width
  readonly length: number | undefined
  readonly isMutable: boolean
}

/** Whether a vector would be read or written in parts of two: lanes side by side want whole ones. */
export function isAcrossVectors({ kernel }: TypeScope, index: Dim, width: Width): boolean {
  return !hasOneLane(kernel) && dims.compare(dims.mod(index, width), '==', 0) === 'no'
}

function hasOneLane({ lanes }: Kernel): boolean {
  return lanes.every((count) => count === 1)
}

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type Checks = { readonly [K in Expr['kind']]: (expr: ExprOf<K>, scope: TypeScope) => void }

const checks: Checks = {
  const: ({ type, value }, { fail }) => {
    if (type === 'f32' ? Math.fround(value) !== value && !Number.isNaN(value) : !Number.isInteger(value)) {
      fail(`${value} is no ${type}`)
    }
  },
  index: () => undefined,
  local: ({ name, type, width, element }, { locals, symbols, fail }) => {
    const local = locals.get(name)
    if (local === undefined) {
      if (symbols.has(name) && type === 'i32' && width === 1) return
      return fail(`${name} is read, and is not in scope`)
    }
    if (local.type !== type || local.width !== width)
      fail(`${name} is ${local.type}x${local.width}, read as ${type}x${width}`)
    if ((element === undefined) !== (local.length === undefined))
      fail(`${name} is read as if it were no array, or as one`)
    if (element !== undefined && local.length !== undefined) verifyRange(element, local.length, name, fail)
  },
  load: ({ type, width, param: name, index }, scope) => {
    const { params, fail } = scope
    const param = params.get(name) ?? fail(`${name} is loaded, and is no parameter`)
    if (param.access === 'write') fail(`${name} is loaded, and is only written`)
    if (scalarTypeOf(param.dtype) !== type) fail(`${name} holds ${param.dtype}, and is loaded as ${type}`)
    if (isAcrossVectors(scope, index, width)) fail(`${name} is loaded across vectors`)
  },
  groupLoad: ({ type, width, array: name, index }, scope) => {
    const { arrays, fail } = scope
    const array = arrays.get(name) ?? fail(`${name} is no group array`)
    const isRun = array.width === 1 && !isAcrossVectors(scope, index, width)
    if (array.type !== type || (array.width !== width && !isRun)) fail(`${name} is accessed as ${type}x${width}`)
    verifyRange(index, array.length, name, fail)
    if (array.rows !== undefined && dims.compare(dims.mod(index, width), '==', 0) === 'no')
      fail(`${name} is accessed across runs of its rows`)
  },
  apply: (expr, scope) => verifyApply(expr, scope),
  multiplyAdd: ({ type, width, args }, { fail }) => {
    if (type === 'bool' || args.some((a) => a.type !== type || a.width !== width)) fail('multiplyAdd of unequal types')
  },
  multiplyAddHalves: ({ type, width, args }, { fail }) => {
    const isInteger = type === 'i32' || type === 'u32'
    if (!isInteger || args.some((a) => a.type !== type || a.width !== width)) fail('halves of unequal types')
  },
  cast: ({ width, arg }, { fail }) => {
    if (arg.width !== width) fail('a cast changes the width')
  },
  splat: ({ type, arg }, { fail }) => {
    if (arg.type !== type || arg.width !== 1) fail('splat of a vector, or of another type')
  },
  pack: ({ type, width, args }, { fail }) => {
    if (width === 1 || args.length !== width) fail(`pack of ${args.length} into ${width}`)
    if (args.some((a) => a.type !== type || a.width !== 1)) fail('pack of vectors, or of another type')
  },
  sums: ({ type, args }, { fail }) => {
    if (type === 'bool' || args.some((a) => a.type !== type || a.width !== 4))
      fail('sums of other than four vectors of four')
  },
  component: ({ type, arg, at }, { fail }) => {
    if (arg.type !== type || arg.width === 1 || !(at >= 0 && at < arg.width)) fail(`no component ${at}`)
  },
}

/** Fails where an expression or one of its operands breaks a rule. */
export function verifyExpr(root: Expr, scope: TypeScope): void {
  forEachExpr([root], (expr) => {
    for (const index of indicesOf(expr)) {
      for (const { name } of dims.symbolsOf(index)) {
        if (!scope.symbols.has(name)) scope.fail(`${name} is no symbol in scope`)
      }
    }
    verifyNode(expr, scope)
  })
}

function verifyNode<K extends Expr['kind']>(expr: ExprOf<K> & { readonly kind: K }, scope: TypeScope): void {
  checks[expr.kind](expr, scope)
}

type OpRule = 'bits' | 'float' | 'number' | 'integer' | 'word' | 'bool' | 'logical' | 'compare' | 'test' | 'choose'

const rules: { readonly [O in ScalarOp]: readonly [operands: number, rule: OpRule] } = {
  neg: [1, 'number'],
  abs: [1, 'number'],
  sign: [1, 'number'],
  floor: [1, 'number'],
  ceil: [1, 'number'],
  trunc: [1, 'number'],
  round: [1, 'number'],
  exp: [1, 'float'],
  expm1: [1, 'float'],
  log: [1, 'float'],
  log1p: [1, 'float'],
  sqrt: [1, 'float'],
  sin: [1, 'float'],
  cos: [1, 'float'],
  tan: [1, 'float'],
  asin: [1, 'float'],
  acos: [1, 'float'],
  atan: [1, 'float'],
  sinh: [1, 'float'],
  cosh: [1, 'float'],
  tanh: [1, 'float'],
  erf: [1, 'float'],
  not: [1, 'bool'],
  bitNot: [1, 'integer'],
  isNaN: [1, 'test'],
  floatBits: [1, 'bits'],
  bitsFloat: [1, 'bits'],
  add: [2, 'number'],
  sub: [2, 'number'],
  mul: [2, 'number'],
  mulHigh: [2, 'word'],
  div: [2, 'float'],
  floorDiv: [2, 'number'],
  mod: [2, 'number'],
  pow: [2, 'number'],
  maximum: [2, 'logical'],
  minimum: [2, 'logical'],
  atan2: [2, 'float'],
  eq: [2, 'compare'],
  ne: [2, 'compare'],
  lt: [2, 'compare'],
  le: [2, 'compare'],
  gt: [2, 'compare'],
  ge: [2, 'compare'],
  and: [2, 'logical'],
  or: [2, 'logical'],
  xor: [2, 'logical'],
  shiftLeft: [2, 'integer'],
  shiftRight: [2, 'integer'],
  where: [3, 'choose'],
}

function verifyApply(expr: ExprOf<'apply'>, { fail }: TypeScope): void {
  const { op, args, type, width } = expr
  const [count, rule] = rules[op]
  if (args.length !== count) fail(`${op} of ${args.length} operands`)
  const operandType = operandTypeOf(expr)
  const values = rule === 'choose' ? args.slice(1) : args
  if (values.some((a) => a.type !== operandType)) fail(`${op} of unequal types`)
  if (args.some((a) => a.width !== width)) fail(`${op} of unequal widths`)
  if (rule === 'choose' && args[0]?.type !== 'bool') fail('where without a bool')
  const result = resultType(rule, operandType)
  if (type !== result) fail(`${op} of ${operandType} gives ${result}, not ${type}`)
  if (!accepts(rule, op, operandType)) fail(`no ${op} of ${operandType}`)
}

function resultType(rule: OpRule, operand: ScalarType): ScalarType {
  if (rule === 'bits') return operand === 'f32' ? 'i32' : 'f32'
  return rule === 'compare' || rule === 'test' ? 'bool' : operand
}

function accepts(rule: OpRule, op: ScalarOp, type: ScalarType): boolean {
  switch (rule) {
    case 'float':
      return type === 'f32'
    case 'number':
      return type !== 'bool'
    case 'integer':
      return type === 'i32' || type === 'u32'
    case 'word':
      return type === 'u32'
    case 'bool':
      return type === 'bool'
    case 'logical':
      return op === 'maximum' || op === 'minimum' || type !== 'f32'
    case 'compare':
      return type !== 'bool' || op === 'eq' || op === 'ne'
    case 'test':
      return type === 'f32'
    case 'bits':
      return type === (op === 'floatBits' ? 'f32' : 'i32')
    case 'choose':
      return true
  }
}

/** Fails where an index is known to be outside. */
export function verifyRange(index: Dim, length: number, name: string, fail: (message: string) => never): void {
  if (dims.compare(index, '<', 0) === 'yes' || dims.compare(index, '>=', length) === 'yes') {
    fail(`${name}[${dims.printDim(index)}] is outside its ${length} elements`)
  }
}

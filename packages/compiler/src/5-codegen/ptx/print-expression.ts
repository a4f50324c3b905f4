// print-expression: expressions of the kernel form -> registers
//
// One total table over the kinds. Vectors are their components. What a `where` may leave out is read under a predicate.

import { internalError } from '../../base/invariant.ts'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { applyScalar, castScalar, operandTypeOf } from '../../ir/kernel/scalar-meaning.ts'
import { forEachExpr } from '../../ir/kernel/visit.ts'
import { constantOf } from './constants.ts'
import type { Operand } from './assembler.ts'
import type { PtxContext, PtxVar, Value } from './context.ts'
import { floatOps } from './float-ops.ts'
import { arrayPlace, groupPlace, loadFrom, paramPlace } from './memory.ts'
import { printIndex, symbolOf } from './print-index.ts'
import { printCast, printOp } from './scalar-ops.ts'
import { type Dim, dims } from '@tsjit/dsl/compiler'

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type Table = { readonly [K in Expr['kind']]: (expr: ExprOf<K>, context: PtxContext) => Value }

const table: Table = {
  const: ({ type, width, value }, { asm }) => Array.from({ length: width }, () => constantOf(type, value, asm)),
  index: ({ value }, context) => [printIndex(value, context)],
  local: (expr, context) => readLocal(expr, context),
  load: ({ width, param: name, index }, context) => {
    const { asm, guard } = context
    const param = context.params.get(name) ?? internalError(`no parameter ${name}`)
    const place = paramPlace(name, index, context)
    return asm.once(`load ${name} ${param.writes} ${width} ${place.at(0)} ${guard ?? ''}`, () =>
      loadFrom(place, width, !hasOneLane(context), context),
    )
  },
  groupLoad: ({ type, width, array: name, index }, context) => {
    const { asm, guard } = context
    const own = context.arrays.get(name) ?? internalError(`no group array ${name}`)
    const place = groupPlace(own, index, type, context)
    return asm.once(`group ${name} ${own.writes} ${width} ${place.at(0)} ${guard ?? ''}`, () =>
      loadFrom(place, width, own.array.width === width || !hasOneLane(context), context),
    )
  },
  apply: (expr, context) => (expr.op === 'where' ? choose(expr, context) : applyOp(expr, context)),
  multiplyAdd: ({ type, width, args }, context) => {
    const { asm } = context
    const [a = [], b = [], c = []] = args.map((arg) => printExpr(arg, context))
    const [register, op] = type === 'f32' ? (['f32', 'fma.rn.f32'] as const) : (['b32', 'mad.lo.s32'] as const)
    return each(width, (i) => asm.pure(register, op, at(a, i), at(b, i), at(c, i)))
  },
  multiplyAddHalves: () => internalError('no lanes of a GPU multiply halves'),
  cast: ({ type, width, arg }, context) => {
    if (arg.kind === 'const') {
      const value = castScalar(arg.value, arg.type, type)
      return each(width, () => constantOf(type, value, context.asm))
    }
    const f = floatOps(context.asm)
    return printExpr(arg, context).map((component) => printCast(component, arg.type, type, f))
  },
  splat: ({ width, arg }, context) => {
    const value = printExpr(arg, context)
    return each(width, () => at(value, 0))
  },
  pack: ({ args }, context) => args.map((arg) => at(printExpr(arg, context), 0)),
  sums: ({ type, args }, context) => {
    const f = floatOps(context.asm)
    return args.map((arg) => {
      const [first = '', ...rest] = printExpr(arg, context)
      return rest.reduce((sum, component) => printOp('add', [sum, component], type, f), first)
    })
  },
  component: ({ arg, at: index }, context) => [at(printExpr(arg, context), index)],
}

/** Returns the components of an expression. Registers of variables are themselves: copy what outlives the statement. */
export function printExpr<K extends Expr['kind']>(expr: ExprOf<K> & { readonly kind: K }, context: PtxContext): Value {
  for (const known of context.known) {
    const value = known.get(expr)
    if (value !== undefined) return value
  }
  const value = table[expr.kind](expr, context)
  context.known[0]?.set(expr, value)
  return value
}

function each(width: number, component: (i: number) => Operand): Value {
  return Array.from({ length: width }, (_, i) => component(i))
}

function at(value: Value, i: number): Operand {
  return value[i] ?? internalError(`no component ${i}`)
}

/** With one lane a vector may start anywhere, and is read element by element. */
export function hasOneLane({ lanes }: PtxContext): boolean {
  return lanes.every((count) => count === 1)
}

function readLocal({ name, element, width }: ExprOf<'local'>, context: PtxContext): Value {
  const known = context.lets.get(name)
  if (known !== undefined) return known
  const unrolled = context.unrolled.get(name)
  if (unrolled !== undefined) return [printIndex(unrolled, context)]
  const variable = context.vars.get(name)
  if (variable === undefined) return [symbolOf(name, context)]
  const place = elementOf(variable, element, context)
  if (place !== undefined) return place
  const { memory = '', type, writes } = variable
  const from = arrayPlace({ name: memory, type, width, space: 'local' }, element ?? 0, context)
  const key = `local ${memory} ${writes} ${from.at(0)} ${context.guard ?? ''}`
  return context.asm.once(key, () => loadFrom(from, width, true, context))
}

/** Returns the registers of a variable or of one of its elements; undefined where it is in memory. */
export function elementOf(variable: PtxVar, element: Dim | undefined, context: PtxContext): Value | undefined {
  if (variable.memory !== undefined) return undefined
  const index = element === undefined ? 0 : dims.substitute(element, context.unrolled)
  return variable.registers[Number(index)] ?? internalError('no element of a variable')
}

function applyOp(expr: ExprOf<'apply'>, context: PtxContext): Value {
  const { op, args, type, width } = expr
  const operandType = operandTypeOf(expr)
  const constants = args.flatMap((arg) => (arg.kind === 'const' ? [arg.value] : []))
  if (constants.length === args.length) {
    const value = applyScalar(op, constants, { operandType, type })
    return each(width, () => constantOf(type, value, context.asm))
  }
  const f = floatOps(context.asm)
  const values = args.map((arg) => printExpr(arg, context))
  return each(width, (i) =>
    printOp(
      op,
      values.map((value) => at(value, i)),
      operandType,
      f,
    ),
  )
}

function choose({ args: [condition, yes, no], type, width }: ExprOf<'apply'>, context: PtxContext): Value {
  if (condition === undefined || yes === undefined || no === undefined) return internalError('where of too few')
  const f = floatOps(context.asm)
  const chosen = printExpr(condition, context)
  const some = (values: Value): Operand => values.reduce((all, next) => f.or(all, next))
  const a = printGuarded(yes, () => some(chosen), context)
  const b = printGuarded(no, () => some(chosen.map(f.not)), context)
  return each(width, (i) => printOp('where', [at(chosen, i), at(a, i), at(b, i)], type, f))
}

/** An expression of which no memory may be read unless the predicate holds. */
function printGuarded(expr: Expr, predicate: () => Operand, context: PtxContext): Value {
  if (!reads(expr)) return printExpr(expr, context)
  const { guard, known } = context
  const own = predicate()
  context.guard = guard === undefined ? own : floatOps(context.asm).and(guard, own)
  context.known = [new Map(), ...known]
  const value = printExpr(expr, context)
  context.guard = guard
  context.known = known
  return value
}

function reads(expr: Expr): boolean {
  let found = false
  forEachExpr([expr], ({ kind }) => {
    if (kind === 'load' || kind === 'groupLoad') found = true
  })
  return found
}

// print-wat: kernel -> a WebAssembly function
//
// (parameters, dimensions, scalars, scratch, begin, end): runs the groups begin … end-1. What lanes do side by side on
// a GPU has been turned into loops before: a kernel for this target has one lane a group and no barriers.

import { internalError, invariant } from '../../base/invariant.ts'
import type { Kernel, Stmt } from '../../ir/kernel/kernel.ts'
import { noMatrices } from '../no-matrices.ts'
import { splitGroups } from '../split-groups.ts'
import { printExtreme, startExtremes } from './extremes.ts'
import { localOf, printAddress, startPointers } from './print-address.ts'
import { printExpression } from './print-expression.ts'
import { printIndex } from './print-index.ts'
import { type FunctionContext, createFunctionContext, declare } from './printer-context.ts'
import type { RoutineStyle } from './routine.ts'
import { printStore } from './storage.ts'
import { get, i32, op, set, watType } from './wat.ts'

/** Returns the function of a kernel; its name is the kernel's after `k_`. */
export function printWat(kernel: Kernel, style: RoutineStyle): string {
  invariant(
    kernel.lanes.every((count) => count === 1),
    `${kernel.name} has one lane a group`,
  )
  const context = createFunctionContext(kernel, style)
  const params = [
    ...kernel.params.map(({ name }) => name),
    ...context.dims.values(),
    ...Array.from({ length: kernel.scalars }, (_, i) => `s${i}`),
    'scratch',
    'begin',
    'end',
  ]
  declare(context, 'g0', 'i32')
  const { once, each } = splitGroups(kernel)
  const before = printBlock(once, context)
  const body = printBlock(each, context)
  const locals = [...context.locals].map(([name, type]) => `(local $${name} ${type})`)
  return [
    `(func $k_${kernel.name} ${params.map((name) => `(param $${name} i32)`).join(' ')}`,
    locals.join(' '),
    set('g0', get('begin')),
    `(block $none (br_if $none ${op('i32.ge_s', get('begin'), get('end'))})`,
    ...before,
    '(loop $groups',
    ...body,
    `(br_if $groups (i32.lt_s (local.tee $g0 ${op('i32.add', get('g0'), i32(1))}) ${get('end')}))))`,
    ')',
  ].join('\n')
}

function printBlock(stmts: readonly Stmt[], context: FunctionContext): readonly string[] {
  return stmts.flatMap((stmt) => printStatement(stmt, context))
}

function printStatement(stmt: Stmt, context: FunctionContext): readonly string[] {
  switch (stmt.kind) {
    case 'let':
      declare(context, stmt.name, watType(stmt.value.type, stmt.value.width))
      return [set(stmt.name, printExpression(stmt.value, context))]
    case 'var':
      if (stmt.length !== undefined) return internalError('WebAssembly has no arrays in registers')
      declare(context, stmt.name, watType(stmt.type, stmt.width))
      return [set(stmt.name, printExpression(stmt.init, context))]
    case 'set':
      return (
        printExtreme(stmt, context, (expr) => printExpression(expr, context)) ?? [
          set(stmt.name, printExpression(stmt.value, context)),
        ]
      )
    case 'for':
      return printLoop(stmt, context)
    case 'if':
      return printIf(stmt, context)
    case 'store': {
      const { pointer, offset } = printAddress(context, { kind: 'param', name: stmt.param }, stmt.index)
      const dtype = context.dtypes.get(stmt.param) ?? internalError(`no parameter ${stmt.param}`)
      return [printStore(dtype, stmt.value.width, pointer, offset, printExpression(stmt.value, context))]
    }
    case 'groupStore': {
      const { pointer, offset } = printAddress(context, { kind: 'array', name: stmt.array }, stmt.index)
      const dtype = stmt.value.type === 'f32' ? 'f32' : 'i32'
      return [printStore(dtype, stmt.value.width, pointer, offset, printExpression(stmt.value, context))]
    }
    case 'agree':
      declare(context, stmt.name, 'i32')
      return [set(stmt.name, printExpression(stmt.value, context))]
    case 'combine': // one lane is all of them
      declare(context, stmt.name, stmt.value.type === 'f32' ? 'f32' : 'i32')
      return [set(stmt.name, printExpression(stmt.value, context))]
    case 'while':
      return printWhile(stmt, context)
    case 'barrier':
      return [] // one lane waits for nobody
    default:
      return noMatrices[stmt.kind](stmt)
  }
}

function printIf(
  { condition, then, otherwise }: Extract<Stmt, { readonly kind: 'if' }>,
  context: FunctionContext,
): readonly string[] {
  const test = printExpression(condition, context)
  const yes = printBlock(then, context)
  if (otherwise.length === 0) return [`(if ${test} (then`, ...yes, '))']
  return [`(if ${test} (then`, ...yes, ') (else', ...printBlock(otherwise, context), '))']
}

function printLoop(
  { name, count, body }: Extract<Stmt, { readonly kind: 'for' }>,
  context: FunctionContext,
): readonly string[] {
  declare(context, name, 'i32')
  const isInnermost = !hasLoop(body)
  const limit = typeof count === 'number' ? undefined : context.fresh('n', 'i32')
  const bound = limit === undefined ? printIndex(count, localOf(context)) : get(limit)
  const pointers = isInnermost ? startPointers(context, name, body) : undefined
  const extremes = startExtremes(context, body)
  const label = `$${name}`
  const inner = printBlock(body, context)
  pointers?.end()
  extremes.end()
  const loop = [
    set(name, i32(0)),
    ...extremes.before,
    ...(pointers?.before ?? []),
    `(loop ${label}`,
    ...inner,
    ...(pointers?.after ?? []),
    `(br_if ${label} (i32.lt_s (local.tee $${name} ${op('i32.add', get(name), i32(1))}) ${bound})))`,
    ...extremes.after,
  ]
  if (limit === undefined) return count === 0 ? [] : loop
  return [
    set(limit, printIndex(count, localOf(context))),
    `(if ${op('i32.gt_s', get(limit), i32(0))} (then`,
    ...loop,
    '))',
  ]
}

function printWhile(
  { name, test, condition, body }: Extract<Stmt, { readonly kind: 'while' }>,
  context: FunctionContext,
): readonly string[] {
  declare(context, name, 'i32')
  return [
    set(name, i32(0)),
    `(block $out.${name} (loop $${name}`,
    ...printBlock(test, context),
    `(br_if $out.${name} (i32.eqz ${printExpression(condition, context)}))`,
    ...printBlock(body, context),
    set(name, op('i32.add', get(name), i32(1))),
    `(br $${name})))`,
  ]
}

function hasLoop(body: readonly Stmt[]): boolean {
  return body.some((stmt) => {
    if (stmt.kind === 'for' || stmt.kind === 'while') return true
    return stmt.kind === 'if' && (hasLoop(stmt.then) || hasLoop(stmt.otherwise))
  })
}

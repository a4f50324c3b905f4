// print-statement: statements of the kernel form -> instructions
//
// Loops that ask for it are written out. Writes and barriers are counted, which keeps reads on their side of them.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../../base/invariant.ts'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { countWrites, crossBarrier } from '../count-writes.ts'
import type { Operand } from './assembler.ts'
import { type PtxContext, type Value, registerOf } from './context.ts'
import { branch } from './control.ts'
import { waitForGrid } from './grid-barrier.ts'
import { arrayPlace, groupPlace, paramPlace, storeTo } from './memory.ts'
import { printCombine } from './print-combine.ts'
import { printCopy } from './print-copy.ts'
import { elementOf, hasOneLane, printExpr } from './print-expression.ts'
import { declareSums, loadFragment, multiplyFragments, storeFragment } from './print-fragments.ts'
import { awaitProducts, fenceProducts, startProducts } from './print-products.ts'
import { printIndex } from './print-index.ts'
import { declareVar } from './variables.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>
type Table = { readonly [K in Stmt['kind']]: (stmt: StmtOf<K>, context: PtxContext) => void }

const table: Table = {
  let: ({ name, value }, context) => {
    const { asm } = context
    const components = printExpr(value, context)
    const kept = components.map((component, i) => {
      if (!asm.isMutable(component)) return component
      const copy = asm.register(registerOf[value.type], suffixed(name, i, components.length))
      asm.emit(`mov.${registerOf[value.type]}`, copy, [component])
      return copy
    })
    context.lets.set(name, kept)
  },
  var: (stmt, context) => declareVar(stmt, context),
  set: (stmt, context) => assign(stmt, context),
  for: (stmt, context) => (stmt.unroll ? unrolled(stmt, context) : countedLoop(stmt, context)),
  if: ({ condition, then, otherwise }, context) => {
    const [test = internalError('a condition has a value')] = printExpr(condition, context)
    const run = (body: readonly Stmt[]) => () => {
      printBlock(body, context)
      countBlocks(body, context)
    }
    branch(context.asm, test, run(then), otherwise.length === 0 ? undefined : run(otherwise))
  },
  store: ({ param: name, index, value }, context) => {
    const param = context.params.get(name) ?? internalError(`no parameter ${name}`)
    const stored = printExpr(value, context)
    storeTo(paramPlace(name, index, context), stored, !hasOneLane(context), context.asm)
    param.writes++
  },
  groupStore: ({ array: name, index, value }, context) => {
    const own = context.arrays.get(name) ?? internalError(`no group array ${name}`)
    const { width } = own.array
    const stored = printExpr(value, context)
    const place = groupPlace(own, index, value.type, context)
    storeTo(place, stored, width === value.width || !hasOneLane(context), context.asm)
    own.writes++
  },
  agree: (stmt, context) => agree(stmt, context),
  combine(stmt, context) {
    printCombine(stmt, context)
    crossBarrier(context)
  },
  while: (stmt, context) => whileLoop(stmt, context),
  // also orders what the threads of the group have read and written, wherever
  barrier: ({ memory }, context) => {
    fenceProducts(context)
    context.asm.emit('bar.sync', undefined, ['0'])
    if (memory === 'grid') waitForGrid(context)
    crossBarrier(context)
  },
  copy: printCopy,
  commitCopies: (_, { asm }) => asm.emit('cp.async.commit_group', undefined, []),
  awaitCopies({ pending }, context) {
    context.asm.emit('cp.async.wait_group', undefined, [String(pending)])
    crossBarrier(context)
  },
  fragment: declareSums,
  loadFragment,
  multiplyFragments,
  startProducts,
  awaitProducts,
  storeFragment,
}

/** Prints the statements of a block. */
export function printBlock(body: readonly Stmt[], context: PtxContext): void {
  for (const stmt of body) printStmt(stmt, context)
}

function printStmt<K extends Stmt['kind']>(stmt: StmtOf<K> & { readonly kind: K }, context: PtxContext): void {
  context.known = [new Map()]
  table[stmt.kind](stmt, context)
}

function suffixed(name: string, i: number, count: number): string {
  return count === 1 ? name : `${name}_${'xyzw'.charAt(i)}`
}

function assign({ name, element, value: expr }: StmtOf<'set'>, context: PtxContext): void {
  const { asm } = context
  const variable = context.vars.get(name) ?? internalError(`no variable ${name}`)
  const mark = asm.mark()
  const value = printExpr(expr, context)
  const registers = elementOf(variable, element, context)
  variable.writes++
  if (registers === undefined) {
    const place = { name: variable.memory ?? '', type: variable.type, width: variable.width, space: 'local' } as const
    return storeTo(arrayPlace(place, element ?? 0, context), value, true, asm)
  }
  const type = registerOf[variable.type]
  // another variable, or another component, may be written before it is read here
  const own = value.map((component, i) => {
    if (!asm.isMutable(component) || component === registers[i]) return component
    const copy = asm.register(type)
    asm.emit(`mov.${type}`, copy, [component])
    return copy
  })
  registers.forEach((register, i) => {
    const component = own[i] ?? internalError('a component without a value')
    if (component !== register) asm.assign(type, register, component, mark)
  })
}

function unrolled({ name, count, body }: StmtOf<'for'>, context: PtxContext): void {
  invariant(typeof count === 'number', `${name} is unrolled, and its count is no number`)
  for (let i = 0; i < Number(count); i++) {
    context.unrolled.set(name, i)
    printBlock(body, context)
  }
  context.unrolled.delete(name)
}

function countedLoop({ name, count, body }: StmtOf<'for'>, context: PtxContext): void {
  const { asm } = context
  const end = printIndex(count, context)
  const isNeverEmpty = dims.bounds(substituted(count, context)).low > 0
  const [start, done] = [asm.newLabel('loop'), asm.newLabel('endloop')]
  const counter = asm.register('b32', name)
  asm.emit('mov.b32', counter, ['0'])
  if (!isNeverEmpty) asm.emit('bra', undefined, [done], asm.pure('pred', 'setp.le.s32', end, '0'))
  // what the body writes differs between its first and later runs
  countBlocks(body, context)
  asm.place(start)
  asm.scope(() => {
    context.lets.set(name, [counter])
    printBlock(body, context)
    asm.emit('add.s32', counter, [counter, '1'])
    const again = asm.register('pred')
    asm.emit('setp.lt.s32', again, [counter, end])
    asm.emit('bra', undefined, [start], again)
  })
  countBlocks(body, context)
  if (!isNeverEmpty) asm.place(done)
}

function substituted(dim: Dim, { unrolled: values }: PtxContext): Dim {
  return values.size === 0 ? dim : dims.substitute(dim, values)
}

function whileLoop({ name, test, condition, body }: StmtOf<'while'>, context: PtxContext): void {
  const { asm } = context
  const [start, done] = [asm.newLabel('while'), asm.newLabel('endwhile')]
  const counter = asm.register('b32', name)
  asm.emit('mov.b32', counter, ['0'])
  countBlocks([...test, ...body], context)
  asm.place(start)
  asm.scope(() => {
    context.lets.set(name, [counter])
    printBlock(test, context)
    context.known = [new Map()]
    const [goesOn = internalError('a condition has a value')] = printExpr(condition, context)
    asm.emit('bra', undefined, [done], `!${goesOn}`)
    printBlock(body, context)
    asm.emit('add.s32', counter, [counter, '1'])
    asm.emit('bra', undefined, [start])
  })
  countBlocks([...test, ...body], context)
  asm.place(done)
}

/** The first lane says, all hear; a second barrier keeps what is said next apart. */
function agree({ name, array, value }: StmtOf<'agree'>, context: PtxContext): void {
  const { asm } = context
  const own = context.arrays.get(array) ?? internalError(`no group array ${array}`)
  const said: Value = printExpr(value, context)
  const place = arrayPlace({ name: own.name, type: 'i32', width: 1, space: 'shared' }, 0, context)
  const others = [0, 1, 2]
    .filter((axis) => (context.lanes[axis] ?? 1) > 1)
    .map((axis) => context.symbol(`l${axis}`))
    .reduce<Operand | undefined>(
      (all, lane) => (all === undefined ? lane : asm.pure('b32', 'or.b32', all, lane)),
      undefined,
    )
  if (others === undefined) storeTo(place, said, true, asm)
  else branch(asm, asm.pure('pred', 'setp.eq.s32', others, '0'), () => storeTo(place, said, true, asm))
  crossBarrier(context)
  asm.emit('bar.sync', undefined, ['0'])
  const heard = asm.register('b32', name)
  asm.emit('ld.shared.u32', heard, [place.at(0)])
  asm.emit('bar.sync', undefined, ['0'])
  context.lets.set(name, [heard])
}

/** Counts what blocks write, that may or may not run: what registers hold after them is no longer known. */
function countBlocks(body: readonly Stmt[], context: PtxContext): void {
  countWrites(body, context, ({ registers }) => {
    for (const element of registers) for (const register of element) context.asm.touch(register)
  })
}

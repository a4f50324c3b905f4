// print-address: element of a buffer or array -> pointer and offset
//
// Inside the innermost loops a pointer walks along: it starts where the loop starts and grows by what one step moves.
// Accesses that differ by a constant share a pointer and differ in the offset of their instruction.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import { type FunctionContext } from './printer-context.ts'
import { printIndex, times } from './print-index.ts'
import { shiftOf } from './storage.ts'
import { get, op, set } from './wat.ts'

/** What an access points into: a parameter, or an array of the group. */
export interface Target {
  readonly kind: 'param' | 'array'
  readonly name: string
}

/** Where an instruction reads or writes. */
export interface Address {
  readonly pointer: string
  readonly offset: number
}

/** Returns the local that holds a symbol of the kernel form. */
export function localOf({ dims: locals }: FunctionContext): (symbol: string) => string {
  return (symbol) => locals.get(symbol) ?? symbol
}

/** Returns the address of an element. */
export function printAddress(context: FunctionContext, target: Target, index: Dim): Address {
  const scale = bytesOf(context, target)
  const constant = dims.constantTerm(index)
  const known = context.pointers.get(pointerKey(target, dims.sub(index, constant)))
  if (known !== undefined) {
    const { base } = splitPointer(known)
    return { pointer: get(splitPointer(known).name), offset: (constant - base) * scale }
  }
  return startOf(context, target, index)
}

function startOf(context: FunctionContext, target: Target, index: Dim): Address {
  const scale = bytesOf(context, target)
  const constant = dims.constantTerm(index)
  const rest = dims.sub(index, constant)
  // an instruction's offset is added after wrapping: what it is added to must not be negative
  const isSafe = constant > 0 && dims.bounds(rest).low >= 0
  const moved = printIndex(isSafe ? rest : index, localOf(context))
  const fixed = target.kind === 'array' ? (context.arrays.get(target.name)?.offset ?? 0) : 0
  const base = get(target.kind === 'param' ? target.name : 'scratch')
  const bytes = (isSafe ? rest : index) === 0 ? undefined : times(moved, scale)
  return {
    pointer: bytes === undefined ? base : op('i32.add', base, bytes),
    offset: fixed + (isSafe ? constant * scale : 0),
  }
}

function bytesOf(context: FunctionContext, { kind, name }: Target): number {
  if (kind === 'array') return 4 * (context.arrays.get(name)?.array.width ?? internalError(`no array ${name}`))
  return 2 ** shiftOf[context.dtypes.get(name) ?? internalError(`no parameter ${name}`)]
}

/** What a loop needs for its pointers. */
export interface LoopPointers {
  /** Statements before the loop and at the end of its body. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Forgets the pointers. */
  end(): void
}

interface Access {
  readonly target: Target
  readonly index: Dim
}

/** Makes pointers for the accesses of an innermost loop that move evenly with its variable. */
export function startPointers(context: FunctionContext, variable: string, body: readonly Stmt[]): LoopPointers {
  const inner = namesIn(body)
  const groups = new Map<string, Access[]>()
  for (const access of accessesIn(body)) {
    const key = pointerKey(access.target, dims.sub(access.index, dims.constantTerm(access.index)))
    groups.set(key, [...(groups.get(key) ?? []), access])
  }
  const before: string[] = []
  const after: string[] = []
  const keys: string[] = []
  for (const [key, accesses] of groups) {
    const [first] = accesses
    if (first === undefined || context.pointers.has(key)) continue
    const step = dims.slopeOf(first.index, variable)
    const isOuter = dims.symbolsOf(first.index).every((s) => s.name === variable || !inner.has(s.name))
    if (step === undefined || !isOuter) continue
    const base = Math.min(...accesses.map((a) => dims.constantTerm(a.index)))
    const rest = dims.sub(first.index, dims.constantTerm(first.index))
    const start = dims.add(dims.substitute(rest, new Map([[variable, 0]])), base)
    const name = context.fresh('at', 'i32')
    const { pointer, offset } = startOf(context, first.target, start)
    before.push(set(name, offset === 0 ? pointer : op('i32.add', pointer, `(i32.const ${offset})`)))
    const scale = bytesOf(context, first.target)
    if (typeof step === 'number') {
      if (step !== 0) after.push(set(name, op('i32.add', get(name), `(i32.const ${step * scale})`)))
    } else {
      const stride = context.fresh('by', 'i32')
      before.push(set(stride, times(printIndex(step, localOf(context)), scale)))
      after.push(set(name, op('i32.add', get(name), get(stride))))
    }
    context.pointers.set(key, `${name} ${base}`)
    keys.push(key)
  }
  return { before, after, end: () => keys.forEach((key) => context.pointers.delete(key)) }
}

function pointerKey({ kind, name }: Target, index: Dim): string {
  return `${kind} ${name} ${dims.keyOf(index)}`
}

function splitPointer(pointer: string): { readonly name: string; readonly base: number } {
  const [name = '', base = '0'] = pointer.split(' ')
  return { name, base: Number(base) }
}

/** Names that the body itself gives: what depends on them is not known before the loop. */
function namesIn(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>()
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'let' || stmt.kind === 'var' || stmt.kind === 'for' || stmt.kind === 'set') names.add(stmt.name)
  })
  return names
}

function accessesIn(body: readonly Stmt[]): readonly Access[] {
  const found: Access[] = []
  const visit = (expr: Expr): void => {
    if (expr.kind === 'load') found.push({ target: { kind: 'param', name: expr.param }, index: expr.index })
    if (expr.kind === 'groupLoad') found.push({ target: { kind: 'array', name: expr.array }, index: expr.index })
  }
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'store') found.push({ target: { kind: 'param', name: stmt.param }, index: stmt.index })
    if (stmt.kind === 'groupStore') found.push({ target: { kind: 'array', name: stmt.array }, index: stmt.index })
    forEachExpr(valuesOf(stmt), visit)
  })
  return found
}

// stage-invariant: what every turn reads again -> group memory, read from buffers once
//
// A barrier of the grid forgets the first cache: what it held comes from far away in every turn. But the lanes of a group
// compute the same elements in every turn, so of what no turn changes (weights) a group reads the same part.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import { type KernelContext, groupArray, testIndex } from '../kernel-context.ts'
import { isMultiple } from '../space.ts'
import type { Crew } from './form-part.ts'
import { type MemoryPart, partOf, placeOf } from './memory-part.ts'

type Load = Extract<Expr, { readonly kind: 'load' }>

/** Returns a body that begins with what fills group memory; `room` is how many elements of that there are. */
export function stageInvariant(
  body: readonly Stmt[],
  { context, crew, room }: { readonly context: KernelContext; readonly crew: Crew; readonly room: number },
): readonly Stmt[] {
  const staged = new Map<string, Staged>()
  const found = new Map<Load, Expr>()
  const changing = changingNames(body)
  let left = room
  for (const { load, place } of invariantLoads(body, context)) {
    const part = partOf(place, load.width, changing)
    if (part === undefined) continue
    const key = `${load.param} ${part.key}`
    const known = staged.get(key)
    if (known === undefined && part.length > left) continue
    const array = known?.array ?? groupArray(context, load.type, 1, part.length)
    if (known === undefined) left -= part.length
    staged.set(key, { load, part, array })
    found.set(load, { kind: 'groupLoad', type: load.type, width: load.width, array, index: part.index })
  }
  if (found.size === 0) return body
  const fills = [...staged.values()].flatMap((each) => fill(each, context, crew))
  return [...fills, { kind: 'barrier', memory: 'group' }, ...mapKernel(body, { load: (load) => found.get(load) })]
}

/** A part that is copied into an array. */
interface Staged {
  readonly load: Load
  readonly part: MemoryPart
  readonly array: string
}

/** A load of every turn, and where it reads: in terms of lanes, groups and loops. */
interface Found {
  readonly load: Load
  readonly place: Dim
}

/** Returns the loads inside of turns from what the kernel does not write; those of inner loops first. */
function invariantLoads(body: readonly Stmt[], { params }: KernelContext): readonly Found[] {
  const fixed = new Set([...params.values()].filter(({ writes }) => !writes).map(({ name }) => name))
  const inLoops: Found[] = []
  const others: Found[] = []
  const seen = new Set<Expr>()
  const walk = (
    stmts: readonly Stmt[],
    { names, isTurn, isLoop }: { names: ReadonlyMap<string, Dim>; isTurn: boolean; isLoop: boolean },
  ): void => {
    const own = new Map(names)
    const here = { names: own, isTurn, isLoop }
    for (const stmt of stmts) {
      if (stmt.kind === 'let' && stmt.value.kind === 'index') own.set(stmt.name, dims.substitute(stmt.value.value, own))
      if (isTurn)
        forEachExpr(
          valuesOf(stmt),
          (expr) => {
            if (expr.kind === 'load' && fixed.has(expr.param))
              (isLoop ? inLoops : others).push({ load: expr, place: dims.substitute(expr.index, own) })
          },
          seen,
        )
      if (stmt.kind === 'if') for (const block of [stmt.then, stmt.otherwise]) walk(block, here)
      if (stmt.kind === 'while') for (const block of [stmt.test, stmt.body]) walk(block, { ...here, isTurn: true })
      if (stmt.kind === 'for') {
        const isOfTurns = waits(stmt.body)
        walk(stmt.body, { names: own, isTurn: isTurn || isOfTurns, isLoop: isLoop || !isOfTurns })
      }
    }
  }
  walk(body, { names: new Map(), isTurn: false, isLoop: false })
  return [...inLoops, ...others]
}

/** Whether statements have a barrier: a loop of them is one of turns. */
function waits(body: readonly Stmt[]): boolean {
  let found = false
  forEachStmt(body, ({ kind }) => {
    if (kind === 'barrier' || kind === 'agree') found = true
  })
  return found
}

/** Returns the names of what turns change, or what memory says: all that is no index. */
function changingNames(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>()
  forEachStmt(body, (stmt) => {
    const isIndex = stmt.kind === 'let' && stmt.value.kind === 'index'
    const isLoop = stmt.kind === 'for' && !waits(stmt.body)
    if ('name' in stmt && !isIndex && !isLoop) names.add(stmt.name)
  })
  return names
}

/** Copies a part, four elements at a time where both lie in memory that way. */
function fill({ load, part, array }: Staged, { namer, params }: KernelContext, { lanes }: Crew): readonly Stmt[] {
  const [owner] = [...params].find(([, { name }]) => name === load.param) ?? []
  const size = dims.product(owner?.type.shape ?? [])
  const { elements } = part
  const lane = dims.symbol('l0', { min: 0, below: lanes })
  const copying = (width: 1 | 4) => {
    const round = namer.range('k', dims.ceilDiv(elements, width * lanes))
    const at = dims.mul(dims.add(dims.mul(round.index, lanes), lane), width)
    return { round, at, width, ...placeOf(at, part) }
  }
  const [innermost] = part.digits
  const fours = innermost?.step === 1 && innermost.stride === 1 && innermost.extent % 4 === 0 ? copying(4) : undefined
  const isAligned = [fours?.source ?? 1, fours?.copy ?? 1, size].every((index) => isMultiple(index, 4))
  const { round, at, width, source, copy } = fours !== undefined && isAligned ? fours : copying(1)
  const value: Expr = { kind: 'load', type: load.type, width, param: load.param, index: source }
  const tests = [
    ...(dims.compare(at, '<', elements) === 'yes' ? [] : [testIndex(at, '<', elements)]),
    // what is read under a condition only, or by lanes that have no element, may lie outside
    ...(dims.compare(source, '>=', 0) === 'yes' ? [] : [testIndex(source, '>=', 0)]),
    ...(dims.compare(source, '<', size) === 'yes' ? [] : [testIndex(source, '<', size)]),
  ]
  const body = tests.reduceRight<Stmt>((then, condition) => ({ kind: 'if', condition, then: [then], otherwise: [] }), {
    kind: 'groupStore',
    array,
    index: copy,
    value,
  })
  if (typeof round.index === 'number') return [body]
  return [{ kind: 'for', name: round.name, count: round.extent, unroll: false, body: [body] }]
}

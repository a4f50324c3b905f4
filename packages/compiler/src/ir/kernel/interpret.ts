// interpret: kernel, buffers -> buffers, on the CPU
//
// Runs every lane of every group, so that scheduling can be tested without a device. Lanes of a group stop at barriers
// together, and all groups at barriers of the grid. Throws where a lane leaves a buffer or an array, where a barrier is not reached by all lanes, and where
// lanes race.

import { internalError, invariant } from '../../base/invariant.ts'
import { type Lane, type Value, at, evaluate, isOfScalars, isVector, readDim } from './interpret-values.ts'
import { type Memory, createMemory } from './interpret-memory.ts'
import { awaitCopies, commitCopies, createCopies, startCopy } from './interpret-copies.ts'
import { type Warp, createWarp, runFragment } from './interpret-fragments.ts'
import { WARP } from './matrix-unit.ts'
import { isCooperative } from './cooperative.ts'
import type { Kernel, MatrixUnit, Stmt } from './kernel.ts'
import { expandCombines } from './expand-combines.ts'
import { forEachStmt } from './visit.ts'

/** Elements of a buffer, one number each whatever the dtype; bools are 0 and 1. */
export type KernelBuffer = Float32Array | Float64Array | Int32Array | Uint32Array | number[]

/** What one launch needs. */
export interface KernelLaunch {
  /** By parameter; written in place. */
  readonly buffers: ReadonlyMap<string, KernelBuffer>
  readonly dims?: ReadonlyMap<string, number>
  readonly groups: readonly [number, number, number]
  readonly scalars?: readonly number[]
  /** Whether two lanes may write different values to one element, or one read what another writes. Default 'throw'. */
  readonly races?: 'throw' | 'ignore'
}

/** Runs one launch of a kernel. Throws `internal: kernel …` where the kernel does what none may. */
export function interpretKernel(given: Kernel, launch: KernelLaunch): void {
  const kernel = expandCombines(given)
  const [x, y, z] = launch.groups
  const options = { races: launch.races ?? 'throw', isOneGroup: x * y * z === 1 }
  const memory = createMemory(kernel, launch.buffers, options)
  const groups: Group[] = []
  for (let g2 = 0; g2 < z; g2++)
    for (let g1 = 0; g1 < y; g1++) for (let g0 = 0; g0 < x; g0++) groups.push({ memory, group: [g0, g1, g2] })
  if (isCooperative(kernel)) runTogether(kernel, launch, groups)
  else
    for (const group of groups) for (const _ of runGroup(kernel, launch, group)) internalError('a barrier of the grid')
}

/** Runs groups from barrier of the grid to barrier of the grid. */
function runTogether(kernel: Kernel, launch: KernelLaunch, groups: readonly Group[]): void {
  const runs = groups.map((group) => runGroup(kernel, launch, group))
  for (;;) {
    const stops = runs.map((run) => run.next())
    const [first] = stops
    if (first === undefined || stops.every((stop) => stop.done === true)) return
    const isTogether = stops.every((stop) => stop.done !== true && stop.value === first.value)
    invariant(isTogether, `kernel ${kernel.name}: not all groups reach the same barrier`)
    groups[0]?.memory.crossBarrier('grid')
  }
}

interface Group {
  readonly memory: Memory
  readonly group: readonly [number, number, number]
}

/** Runs a group; yields at barriers of the grid. */
function* runGroup(kernel: Kernel, launch: KernelLaunch, { memory, group }: Group): Generator<Stmt, void> {
  const [nx, ny, nz] = kernel.lanes
  const runs: Generator<Stmt, void>[] = []
  const warps: Record<MatrixUnit['warps'], Warp[]> = { 1: [], 4: [] }
  for (let l2 = 0; l2 < nz; l2++)
    for (let l1 = 0; l1 < ny; l1++)
      for (let l0 = 0; l0 < nx; l0++) {
        const symbols = new Map<string, number>(launch.dims ?? [])
        const names = { g0: group[0], g1: group[1], g2: group[2], l0, l1, l2 }
        for (const [name, value] of Object.entries(names)) symbols.set(name, value)
        launch.scalars?.forEach((value, i) => symbols.set(`s${i}`, value))
        const own = { number: memory.newLane(), kernel, memory, symbols, locals: new Map(), arrays: new Map() }
        const warpOf = (count: MatrixUnit['warps']): Warp =>
          (warps[count][Math.floor(runs.length / (WARP * count))] ??= createWarp(own.number))
        const lane = { ...own, warps: { 1: warpOf(1), 4: warpOf(4) }, copies: createCopies() }
        runs.push(runBlock(kernel.body, lane))
      }
  yield* runToEnd(kernel, runs, { memory, group })
}

/** Runs lanes from barrier to barrier. */
function* runToEnd(
  kernel: Kernel,
  runs: readonly Generator<Stmt, void>[],
  { memory, group }: Group,
): Generator<Stmt, void> {
  for (let isNew = true; ; isNew = false) {
    memory.enterGroup(group.join(), isNew)
    const stops = runs.map((run) => run.next())
    const [first] = stops
    if (first === undefined || stops.every((stop) => stop.done === true)) return
    const isTogether = stops.every((stop) => stop.done !== true && stop.value === first.value)
    invariant(isTogether, `kernel ${kernel.name}: not all lanes of a group reach the same barrier`)
    const stop = first.value as Stmt
    const ordered = stop.kind === 'barrier' ? stop.memory : 'group'
    memory.crossBarrier(ordered === 'grid' ? 'group' : ordered)
    if (ordered === 'grid') yield stop
  }
}

function* runBlock(body: readonly Stmt[], lane: Lane): Generator<Stmt, void> {
  for (const stmt of body) {
    if (stmt.kind === 'barrier') yield stmt
    else if (stmt.kind === 'for') yield* runLoop(stmt, lane)
    else if (stmt.kind === 'while') yield* runWhile(stmt, lane)
    else if (stmt.kind === 'agree') yield* agree(stmt, lane)
    else if (stmt.kind === 'if') {
      yield* runBlock(evaluate(stmt.condition, lane) === 0 ? stmt.otherwise : stmt.then, lane)
    } else runSimple(stmt, lane)
  }
}

function* runLoop(stmt: Extract<Stmt, { kind: 'for' }>, lane: Lane): Generator<Stmt, void> {
  const count = readDim(stmt.count, lane)
  for (let i = 0; i < count; i++) {
    lane.symbols.set(stmt.name, i)
    if (hasBarrier(stmt.body)) yield* runBlock(stmt.body, lane)
    else for (const _ of runBlock(stmt.body, lane)) internalError('a barrier where there is none')
  }
}

function* runWhile(
  { name, test, condition, body }: Extract<Stmt, { kind: 'while' }>,
  lane: Lane,
): Generator<Stmt, void> {
  for (let i = 0; ; i++) {
    lane.symbols.set(name, i)
    yield* runBlock(test, lane)
    if (evaluate(condition, lane) === 0) return
    yield* runBlock(body, lane)
  }
}

function* agree(stmt: Extract<Stmt, { kind: 'agree' }>, lane: Lane): Generator<Stmt, void> {
  const { name, array, value } = stmt
  const isFirst = ['l0', 'l1', 'l2'].every((symbol) => lane.symbols.get(symbol) === 0)
  if (isFirst) lane.memory.groupStore(array, 0, evaluate(value, lane), lane.number)
  yield stmt
  const found = lane.memory.groupLoad(array, 0, lane.number)
  yield stmt
  lane.locals.set(name, found)
  if (!isVector(found)) lane.symbols.set(name, found)
}

function hasBarrier(body: readonly Stmt[]): boolean {
  let found = false
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'barrier' || stmt.kind === 'agree') found = true
  })
  return found
}

function runSimple(stmt: Exclude<Stmt, { kind: 'barrier' | 'for' | 'if' | 'while' | 'agree' }>, lane: Lane): void {
  switch (stmt.kind) {
    case 'let': {
      const value = evaluate(stmt.value, lane)
      lane.locals.set(stmt.name, value)
      if (stmt.value.type === 'i32' && !isVector(value)) lane.symbols.set(stmt.name, value)
      return
    }
    case 'var': {
      const value = evaluate(stmt.init, lane)
      if (stmt.length === undefined) lane.locals.set(stmt.name, value)
      else
        lane.arrays.set(
          stmt.name,
          Array.from({ length: stmt.length }, () => value),
        )
      return
    }
    case 'set':
      return runSet(stmt, lane)
    case 'store': {
      const index = readDim(stmt.index, lane)
      return components(evaluate(stmt.value, lane)).forEach((value, i) => {
        lane.memory.store(stmt.param, index + i, value, lane.number)
      })
    }
    case 'groupStore':
      return runGroupStore(stmt, lane)
    case 'copy':
      return startCopy(stmt, lane)
    case 'commitCopies':
      return commitCopies(lane)
    case 'awaitCopies':
      return awaitCopies(stmt, lane)
    case 'fragment':
    case 'loadFragment':
    case 'multiplyFragments':
    case 'startProducts':
    case 'awaitProducts':
    case 'storeFragment':
      return runFragment(stmt, lane)
    case 'combine':
      return internalError('what lanes combine has been expanded')
  }
}

function runGroupStore({ array, index, value }: Extract<Stmt, { kind: 'groupStore' }>, lane: Lane): void {
  const first = readDim(index, lane)
  const stored = evaluate(value, lane)
  if (value.width === 1 || !isOfScalars(lane.kernel, array)) {
    lane.memory.groupStore(array, first, stored, lane.number)
  } else for (let i = 0; i < value.width; i++) lane.memory.groupStore(array, first + i, at(stored, i), lane.number)
}

function runSet({ name, element, value: expr }: Extract<Stmt, { kind: 'set' }>, lane: Lane): void {
  const value = evaluate(expr, lane)
  if (element === undefined) {
    lane.locals.set(name, value)
    return
  }
  const array = lane.arrays.get(name) ?? internalError(`${name} is no array`)
  const index = readDim(element, lane)
  invariant(index >= 0 && index < array.length, `kernel ${lane.kernel.name}: ${name}[${index}] of ${array.length}`)
  array[index] = value
}

function components(value: Value): readonly number[] {
  return isVector(value) ? value : [value]
}

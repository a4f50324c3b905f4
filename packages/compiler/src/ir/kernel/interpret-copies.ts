// interpret-copies: asynchronous copies of an interpreted lane
//
// A copy reads and writes when it is waited for, no sooner; until then its elements in group memory hold nothing.

import type { Stmt } from './kernel.ts'
import { type Lane, evaluate, readDim } from './interpret-values.ts'
import { internalError } from '../../base/invariant.ts'
import { elementBytes } from './scalar-type.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

interface Copy {
  readonly array: string
  readonly at: number
  readonly param: string
  /** The first element to read; undefined for zeros. */
  readonly index: number | undefined
  readonly count: number
}

/** What a lane has started to copy. */
export interface Copies {
  started: Copy[]
  batches: Copy[][]
}

/** Returns a lane's copies before it has any. */
export function createCopies(): Copies {
  return { started: [], batches: [] }
}

/** Starts a copy. Throws where it would not begin at 16 bytes. */
export function startCopy({ array, at, param, index, condition }: StmtOf<'copy'>, lane: Lane): void {
  const { kernel, memory, copies, number } = lane
  const count = 16 / elementBytes(kernel.arrays.find(({ name }) => name === array) ?? {})
  const isRead = condition === undefined || evaluate(condition, lane) !== 0
  const [to, from] = [readDim(at, lane), readDim(index, lane)]
  // that holds for what is not read, too
  if (to % count !== 0 || from % count !== 0)
    internalError(`kernel ${kernel.name}: ${param}[${from}] is copied to ${array}[${to}], across 16 bytes`)
  for (let i = 0; i < count; i++) memory.groupStore(array, to + i, undefined, number)
  copies.started.push({ array, at: to, param, index: isRead ? from : undefined, count })
}

/** Makes a batch of what was started. */
export function commitCopies({ copies }: Lane): void {
  copies.batches.push(copies.started)
  copies.started = []
}

/** Lets all but the last batches arrive. */
export function awaitCopies({ pending }: StmtOf<'awaitCopies'>, { copies, memory, number }: Lane): void {
  const due = copies.batches.splice(0, Math.max(0, copies.batches.length - pending))
  for (const { array, at, param, index, count } of due.flat())
    for (let i = 0; i < count; i++)
      memory.groupStore(array, at + i, index === undefined ? 0 : memory.load(param, index + i, number), number)
}

// carry: what a loop hands from turn to turn
//
// Its structure and types never change. Numbers of the first carry become tensors: f32, or the dtype that the body gives
// them, which is found by following the body for its types.

import type { LoopResult, LoopSpec, Turn } from '../primitives/builder.ts'
import { type DType, kindOf } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import { type ErrorPlace, refuse } from '../types/errors.ts'
import { isSameShape } from '../types/shape.ts'
import { TensorBase, type TensorType, printType } from '../types/tensor-type.ts'
import { carryHelp } from './differences.ts'
import type { ControlMachine } from './machine.ts'
import { asTensor, fits, isNumber, isWhole, ownType, printLeaf } from './scalars.ts'
import {
  type Difference,
  type Leaf,
  type PlacedLeaf,
  type Subject,
  findDifference,
  flatten,
  ordered,
  placeAt,
  printPath,
  unflatten,
} from './structure.ts'

/** A loop as its combinator describes it: on structures instead of lists. */
export interface CarryLoop {
  /** The combinator. */
  readonly op: string
  readonly init: unknown
  readonly spec: Omit<LoopSpec, 'init' | 'test' | 'body'>
  readonly test?: ((carry: unknown) => TensorBase) | undefined
  /** Returns the next carry, and what is stacked. */
  readonly body: (carry: unknown, index: Dim) => StructuredTurn
  /** Where the carry is within what the function `body` returns. */
  readonly carryPath?: readonly (string | number)[]
}

/** What one turn gives. */
export interface StructuredTurn {
  readonly carry: unknown
  readonly stacked: readonly TensorBase[]
}

/** What a loop gives. */
export interface StructuredResult {
  readonly carry: unknown
  readonly stacked: readonly TensorBase[]
}

/** Runs a loop. Throws flow_loop_carry_changed where the carry that the body returns is another type. */
export function runCarryLoop(m: ControlMachine, loop: CarryLoop): StructuredResult {
  const { op, init, spec, test, body } = loop
  const leaves = flatten(initOf(loop), init)
  const dtypes = settleDTypes(m, loop, leaves)
  const tensors = leaves.map(({ value }, i) => asTensor(m.t, op, value, dtypes[i] ?? 'f32'))
  const result: LoopResult = m.builder.loop({
    ...spec,
    init: tensors,
    ...(test === undefined ? {} : { test: (carry) => test(unflatten(init, carry)) }),
    body: (carry, index): Turn => {
      const turn = body(unflatten(init, carry), index)
      return { carry: nextCarry(m, loop, tensors, turn.carry), stacked: turn.stacked }
    },
  })
  return { carry: unflatten(init, result.carry), stacked: result.stacked }
}

function nextCarry(
  m: ControlMachine,
  loop: CarryLoop,
  before: readonly TensorType[],
  next: unknown,
): readonly TensorBase[] {
  const leaves = flattenLike(loop, next)
  const changed = leaves.flatMap(({ path, value }, i): readonly Changed[] => {
    const type = before[i]
    if (type === undefined || keeps(type, value)) return []
    return [{ path, left: printType(type), right: printLeaf(value), value, help: helpFor(path, type, value) }]
  })
  if (changed.length > 0) throwChanged(loop, changed)
  return leaves.map(({ value }, i) => asTensor(m.t, loop.op, value, before[i]?.dtype ?? 'f32'))
}

function initOf({ op }: CarryLoop): Subject {
  return { op, name: 'init', place: { argument: ['init'] } }
}

function carryOf({ op, carryPath = [] }: CarryLoop): Subject {
  return { op, name: 'carry', place: { argument: ['body'], returned: carryPath } }
}

/** Returns the leaves of a carry in the order of the first one. Throws where its structure is another one. */
function flattenLike(loop: CarryLoop, next: unknown): readonly PlacedLeaf[] {
  const { init } = loop
  flatten(carryOf(loop), next)
  const difference = findDifference(init, next)
  if (difference === undefined) return flatten(carryOf(loop), ordered(next, init))
  return throwChanged(loop, [{ ...difference, value: undefined }])
}

function keeps(before: TensorType, value: PlacedLeaf['value']): boolean {
  if (!(value instanceof TensorBase)) return fits(value, before)
  return value.dtype === before.dtype && isSameShape(value.shape, before.shape)
}

/** A component of the carry that changed, in words; `left` is what it was. */
interface Changed extends Difference {
  readonly value: unknown
  readonly help?: string | undefined
}

function helpFor(path: Difference['path'], before: TensorType, value: Leaf): string | undefined {
  return value instanceof TensorBase ? carryHelp(printPath('carry', path), before, value) : undefined
}

function throwChanged(loop: CarryLoop, changed: readonly Changed[]): never {
  const places = changed.flatMap(({ path, left, right, value }): readonly ErrorPlace[] => {
    const name = printPath('carry', path)
    return [
      { message: `${name} is ${right} after the turn`, ...placeAt(carryOf(loop), path), value },
      { message: `${name} is ${left} before it`, ...placeAt(initOf(loop), path), value: undefined },
    ]
  })
  const [first] = changed
  const [path, before, after] = [printPath('carry', first?.path ?? []), first?.left ?? '', first?.right ?? '']
  const help = first?.help === undefined ? {} : { help: first.help }
  return refuse('flow_loop_carry_changed', { op: loop.op, path, before, after }, { argument: 'body', places, ...help })
}

/** A dtype that gives way to every other one but bool: what stands for a whole number until its dtype is known. */
const weak = 'u32' satisfies DType

/** Returns the dtypes of the first carry. */
function settleDTypes(m: ControlMachine, loop: CarryLoop, leaves: readonly PlacedLeaf[]): readonly DType[] {
  const open = new Set(leaves.flatMap(({ value }, i) => (isNumber(value) && isWhole(value) ? [i] : [])))
  const dtypes = leaves.map(({ value }) => ownType(value).dtype)
  if (open.size === 0) return dtypes
  const typed = (others: DType): readonly DType[] => dtypes.map((dtype, i) => (open.has(i) ? others : dtype))
  const follow = (given: readonly DType[]): readonly PlacedLeaf[] | undefined => followTurn(m, loop, leaves, given)
  // a dtype only ever moves from weak to integer to float
  for (let round = 0; round <= leaves.length * 2 && open.size > 0; round += 1) {
    const moved = raise(follow(typed(weak)), dtypes, open, leaves)
    if (!moved) break
  }
  if (open.size === 0) return dtypes
  const isKept = (given: readonly DType[]): boolean =>
    follow(given)?.every(({ value }, i) => !(value instanceof TensorBase) || value.dtype === given[i]) ?? false
  // the body turns it into nothing else: a float, unless it has to be an integer (an index)
  const kept = (['f32', 'i32', weak] as const).find((dtype) => isKept(typed(dtype)))
  return typed(kept ?? 'f32')
}

/** Takes over the dtypes that one turn gives. Returns whether any changed. */
function raise(
  turn: readonly PlacedLeaf[] | undefined,
  dtypes: DType[],
  open: Set<number>,
  leaves: readonly PlacedLeaf[],
): boolean {
  let isMoved = false
  turn?.forEach(({ value }, i) => {
    if (!isNumber(leaves[i]?.value ?? false) || typeof value === 'boolean') return
    const given = value instanceof TensorBase ? value.dtype : isWhole(value) ? weak : 'f32'
    const isFloat = kindOf(given) === 'float' && kindOf(dtypes[i] ?? 'f32') !== 'float'
    if (open.has(i) ? given === weak || given === 'bool' : !isFloat) return
    dtypes[i] = given
    open.delete(i)
    isMoved = true
  })
  return isMoved
}

/** Follows one turn for its types. Returns undefined where it is refused. */
function followTurn(
  m: ControlMachine,
  loop: CarryLoop,
  leaves: readonly PlacedLeaf[],
  dtypes: readonly DType[],
): readonly PlacedLeaf[] | undefined {
  const { init, test, body } = loop
  return m.attempt(() => {
    const tensors = leaves.map(({ value }, i) => m.blank({ ...ownType(value), dtype: dtypes[i] ?? 'f32' }))
    test?.(unflatten(init, tensors))
    const { carry } = body(unflatten(init, tensors), 0)
    const isSame = findDifference(init, carry) === undefined
    return isSame ? flatten(carryOf(loop), ordered(carry, init)) : undefined
  })
}

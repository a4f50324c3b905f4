// control: branches and loops that run at once
//
// The arm that is chosen runs, the others are followed for their types, so that a mistake in one shows whichever runs.
// A loop without a turn is followed once, for the same reason.

import type { ControlMachine } from '../combinators/machine.ts'
import { bindDefinitions } from '../operations/bind-operations.ts'
import type { ControlBuilder, LoopResult, LoopSpec, Turn } from '../primitives/builder.ts'
import { LaneBuilder } from '../primitives/lanes.ts'
import { aside, withRegions } from '../primitives/streams.ts'
import { createElements } from '../primitives/elements.ts'
import type { Dim } from '../types/dim.ts'
import { TensorBase, type TensorType } from '../types/tensor-type.ts'
import { createBuilder, emitEager } from './builder.ts'
import { EagerTensor } from './eager-tensor.ts'
import { type RunScope, currentScope, withScope } from './scope.ts'

/** Returns what combinators run on, in the mode of the running forward function. */
export function eagerMachine(): ControlMachine {
  return currentScope()?.training === true ? training : evaluation
}

const evaluation = createMachine({ training: false })
const training = createMachine({ training: true })

function createMachine(mode: { readonly training: boolean }): ControlMachine {
  const builder = createMapped(mode)
  return {
    builder,
    t: bindDefinitions(builder),
    attempt(action) {
      try {
        return inProbe(() => aside(currentScope()?.streams, action))
      } catch {
        // whatever it is, it comes again where the closure runs in earnest
        return undefined
      }
    },
    onLanes: (size, action) => onLanes(mode, size, action),
    blank,
  }
}

function blank({ dtype, shape }: TensorType): EagerTensor {
  return new EagerTensor(dtype, shape.map(Number), undefined)
}

/** Branches and loops of tensors with elements. */
function createControl(mode: { readonly training: boolean }): ControlBuilder {
  return { ...mode, emit: emitEager, branch: runBranch, loop: runLoop }
}

/** The same in a map: that of its lanes. */
function createMapped(mode: { readonly training: boolean }): ControlBuilder {
  const plain = createControl(mode)
  const { emit } = createBuilder(mode)
  const current = (): ControlBuilder => currentScope()?.lanes ?? plain
  return withRegions({
    ...mode,
    get streams() {
      return currentScope()?.streams
    },
    emit,
    branch: (index, arms) => current().branch(index, arms),
    loop: (spec) => current().loop(spec),
  })
}

function onLanes<T>(mode: { readonly training: boolean }, size: Dim, action: (lanes: LaneBuilder) => T): T {
  const scope: RunScope = currentScope() ?? { ...outside(), mode: 'compute' }
  const around = scope.lanes ?? createControl(mode)
  const lanes = new LaneBuilder(around, size, blank)
  const number = lanes.lane(around.emit('iota', [], { length: size }))
  const streams = scope.streams?.fork(lanes.emit.bind(lanes), number)
  return withScope({ ...scope, lanes, streams }, () => action(lanes))
}

function isProbe(): boolean {
  return currentScope()?.mode === 'probe'
}

/** Runs `action` for its types. */
function inProbe<T>(action: () => T): T {
  const scope = currentScope() ?? outside()
  return withScope({ ...scope, mode: 'probe' }, action)
}

function outside(): Omit<RunScope, 'mode'> {
  const nothing = { streams: undefined, updates: new Map(), layers: new Map() }
  return { training: false, weights: new Map(), dims: new Map(), ...nothing }
}

function runBranch(index: TensorBase, arms: readonly (() => readonly TensorBase[])[]): readonly TensorBase[] {
  const chosen = isProbe() ? 0 : armOf(index, arms.length)
  const results = arms.map((arm, i) => (i === chosen ? arm() : inProbe(arm)))
  return results[chosen] ?? []
}

function armOf(index: TensorBase, arms: number): number {
  const value = numberOf(index)
  if (index.dtype === 'bool') return value === 0 ? 1 : 0
  return Math.min(Math.max(value, 0), arms - 1)
}

function runLoop(spec: LoopSpec): LoopResult {
  const { init, body, isReversed = false } = spec
  const turns = turnsOf(spec)
  let carry = init
  let run = 0
  const stacks: (readonly TensorBase[])[] = []
  while (run < turns.most && goesOn(spec, carry, run)) {
    const turn: Turn = body(carry, isReversed ? turns.most - 1 - run : run)
    carry = turn.carry
    stacks.push(turn.stacked)
    run += 1
  }
  // in a probe one turn stands for all of them
  if (run === 0) stacks.push(inProbe(() => checkTurn(spec)).stacked)
  const ordered = isReversed ? stacks.toReversed() : stacks
  const length = isProbe() ? turns.length : run
  return {
    carry,
    stacked: (stacks[0] ?? []).map((_, i) =>
      stack(
        ordered.map((turn) => turn[i]),
        length,
      ),
    ),
  }
}

function checkTurn({ init, test, body }: LoopSpec): Turn {
  test?.(init, 0)
  return body(init, 0)
}

interface Turns {
  /** How many turns run at most. */
  readonly most: number
  /** How long stacks are. */
  readonly length: number
}

function turnsOf({ count, maximum }: LoopSpec): Turns {
  const isDevice = count instanceof TensorBase
  const length = count === undefined || isDevice ? 0 : Number(count)
  if (isProbe()) return { most: Math.min(isDevice || count === undefined ? 1 : length, 1), length }
  const most = count === undefined ? (maximum ?? Number.POSITIVE_INFINITY) : isDevice ? numberOf(count) : length
  return { most, length }
}

function goesOn({ test }: LoopSpec, carry: readonly TensorBase[], run: number): boolean {
  if (test === undefined) return true
  const answer = test(carry, run)
  return isProbe() || numberOf(answer) !== 0
}

/** Returns the parts along a new first axis; `length` of them, even where only one is there for its type. */
function stack(parts: readonly (TensorBase | undefined)[], length: number): TensorBase {
  const tensors = parts.filter((part) => part !== undefined)
  const [first] = tensors
  if (first === undefined) throw new Error('internal: a loop without a turn has no types')
  const shape = [1, ...first.shape]
  const apart = (part: TensorBase): TensorBase => emitEager('reshape', [part], { shape })
  if (tensors.length === length) return emitEager('concat', tensors.map(apart), { axis: 0 })
  return isProbe() || length > 0
    ? new EagerTensor(first.dtype, [length, ...first.shape.map(Number)], undefined)
    : empty(first)
}

function empty({ dtype, shape }: TensorBase): TensorBase {
  return new EagerTensor(dtype, [0, ...shape.map(Number)], createElements(dtype, 0))
}

function numberOf(tensor: TensorBase): number {
  if (!(tensor instanceof EagerTensor)) throw new Error('internal: an eager loop got a tensor of another backend')
  return tensor.elements[0] ?? 0
}

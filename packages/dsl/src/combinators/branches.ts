// branches: cond and select
//
// All arms give one structure of equal types. A number takes the dtype of the other arms; where that shows only in an
// arm after it, the arms are gone through again.

import type { BoundArguments, Param } from '../operations/signature.ts'
import { type DType, kindOf } from '../types/dtype.ts'
import { type ErrorPlace, refuse } from '../types/errors.ts'
import { isSameShape } from '../types/shape.ts'
import { TensorBase } from '../types/tensor-type.ts'
import { truthOf } from './conditions.ts'
import { branchHelp } from './differences.ts'
import { integerScalar } from './loops.ts'
import type { Callback, ControlMachine } from './machine.ts'
import { asTensor, fits, isNumber, isWhole, ownType, printLeaf } from './scalars.ts'
import {
  type Leaf,
  type PlacedLeaf,
  type Subject,
  findDifference,
  flatten,
  ordered,
  printPath,
  unflatten,
} from './structure.ts'

export const condParams: readonly Param[] = [
  { name: 'pred', kind: 'structure' },
  { name: 'then', kind: 'function' },
  { name: 'otherwise', kind: 'function' },
]

/** `cond(pred, then, otherwise)` */
export function cond(m: ControlMachine, args: BoundArguments): unknown {
  const { pred } = args
  const [then, otherwise] = [args['then'] as Callback, args['otherwise'] as Callback]
  if (typeof pred === 'boolean') return pred ? then() : otherwise()
  const index = truthOf(m, 'cond', pred, { argument: ['pred'] })
  return runBranches(m, { op: 'cond', index, arms: [then, otherwise], places: [['then'], ['otherwise']] })
}

export const selectParams: readonly Param[] = [
  { name: 'index', kind: 'structure' },
  { name: 'branches', kind: 'functions' },
]

/** `select(index, branches)` */
export function select(m: ControlMachine, args: BoundArguments): unknown {
  const { index } = args
  const arms = args['branches'] as readonly Callback[]
  const [only] = arms
  if (only === undefined) return refuse('flow_no_branches', { op: 'select' }, { argument: 'branches' })
  if (typeof index === 'number' && Number.isInteger(index))
    return arms[Math.min(Math.max(index, 0), arms.length - 1)]?.()
  const chosen = integerScalar(m, 'select', 'index', index)
  if (arms.length === 1) return only()
  const places = arms.map((_, i): ErrorPlace['argument'] => ['branches', i])
  return runBranches(m, { op: 'select', index: arms.length === 2 ? isFirst(m, chosen) : chosen, arms, places })
}

/** Two arms are told apart by a truth value. */
function isFirst(m: ControlMachine, index: TensorBase): TensorBase {
  return m.t.le(index, 0)
}

interface Branches {
  readonly op: string
  readonly index: TensorBase
  readonly arms: readonly Callback[]
  /** Where each arm is among the arguments. */
  readonly places: readonly ErrorPlace['argument'][]
}

function resultOf({ op, places }: Branches, number: number): Subject {
  return { op, name: 'result', place: { argument: places[number] ?? ['then'], returned: [] } }
}

/** Thrown where a later arm settles the dtype of a number in an earlier one. */
class Again extends Error {}

function runBranches(m: ControlMachine, branches: Branches): unknown {
  // dtypes that arms have given to numbers of arms before them, by leaf
  const wanted = new Map<number, DType>()
  for (;;) {
    try {
      return runOnce(m, branches, wanted)
    } catch (error) {
      if (!(error instanceof Again)) throw error
    }
  }
}

/** What the arms have agreed on so far. */
interface Agreement {
  readonly value: unknown
  /** The leaves of the first arm. */
  readonly leaves: readonly PlacedLeaf[]
  readonly tensors: readonly TensorBase[]
}

function runOnce(m: ControlMachine, branches: Branches, wanted: Map<number, DType>): unknown {
  const { op, index, arms } = branches
  let first: Agreement | undefined
  const results = m.builder.branch(
    index,
    arms.map((arm, number) => () => {
      const value = arm()
      if (first !== undefined) return laterArm(m, branches, first, number, value, wanted)
      const leaves = flatten(resultOf(branches, number), value)
      const tensors = leaves.map((leaf, i) => asTensor(m.t, op, leaf.value, wanted.get(i) ?? 'f32'))
      first = { value, leaves, tensors }
      return tensors
    }),
  )
  return unflatten(first?.value, results)
}

function laterArm(
  m: ControlMachine,
  branches: Branches,
  first: Agreement,
  number: number,
  value: unknown,
  wanted: Map<number, DType>,
): readonly TensorBase[] {
  const { op } = branches
  flatten(resultOf(branches, number), value)
  const difference = findDifference(first.value, value)
  if (difference !== undefined) return throwDiffer(branches, number, [{ ...difference, values: [] }])
  const leaves = flatten(resultOf(branches, number), ordered(value, first.value))
  const differing = leaves.flatMap(({ path, value: leaf }, i) => {
    const [own, tensor] = [first.leaves[i]?.value ?? false, first.tensors[i]]
    if (tensor === undefined || agree(leaf, tensor)) return []
    if (settles(own, leaf, wanted.get(i))) {
      wanted.set(i, ownType(leaf).dtype)
      throw new Again()
    }
    return [{ path, left: printLeaf(own), right: printLeaf(leaf), values: [own, leaf] }]
  })
  if (differing.length > 0) throwDiffer(branches, number, differing)
  return leaves.map(({ value: leaf }, i) => asTensor(m.t, op, leaf, first.tensors[i]?.dtype ?? 'f32'))
}

function agree(leaf: Leaf, tensor: TensorBase): boolean {
  if (!(leaf instanceof TensorBase)) return fits(leaf, tensor)
  return leaf.dtype === tensor.dtype && isSameShape(leaf.shape, tensor.shape)
}

/** Returns whether `leaf` gives a number of the first arm its dtype; `wanted` is what another arm has given it. */
function settles(own: Leaf, leaf: Leaf, wanted: DType | undefined): boolean {
  if (!isNumber(own)) return false
  if (!(leaf instanceof TensorBase)) return false
  return (
    fits(own, leaf) && (wanted === undefined || (kindOf(wanted) === 'integer' && isWhole(own) && wanted === leaf.dtype))
  )
}

interface Differing {
  readonly path: PlacedLeaf['path']
  readonly left: string
  readonly right: string
  readonly values: readonly Leaf[]
}

function throwDiffer({ op, places }: Branches, number: number, differing: readonly Differing[]): never {
  const details = differing.flatMap(({ path, left, right, values }): readonly ErrorPlace[] => [
    { message: `${right} here`, argument: places[number] ?? ['then'], returned: path, value: values[1] },
    { message: `${left} here`, argument: places[0] ?? ['then'], returned: path, value: values[0] },
  ])
  const [first] = differing
  const [a, b] = first?.values ?? []
  const help = a instanceof TensorBase && b instanceof TensorBase ? branchHelp(a, b) : undefined
  const params = {
    op,
    path: printPath('result', first?.path ?? []),
    left: first?.left ?? '',
    right: first?.right ?? '',
  }
  return refuse('flow_branch_types_differ', params, {
    argument: places[number]?.[0] ?? 'then',
    places: details,
    ...(help === undefined ? {} : { help }),
  })
}

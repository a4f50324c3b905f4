// operations: the whole vocabulary, typed and total
//
// `Operations` is what users call; `definitions` is what each operation means. A name in one and not in the other is
// a type error.

import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Activation, activation } from './activation.ts'
import { type Arithmetic, arithmetic } from './arithmetic.ts'
import { type Contraction, contraction } from './contraction.ts'
import { type Convolution, convolution } from './convolution.ts'
import { type Creation, creation } from './creation.ts'
import type { Definition, Unnamed } from './definition.ts'
import { camelCase } from './did-you-mean.ts'
import { type Elementary, elementary } from './elementary.ts'
import { type Indexing, indexing } from './indexing.ts'
import { type LinearAlgebra, linearAlgebra } from './linear-algebra.ts'
import { type Logic, logic } from './logic.ts'
import { type Loss, loss } from './loss.ts'
import { type Normalization, normalization } from './normalization.ts'
import { type Ordering, ordering } from './ordering.ts'
import { type Pooling, pooling } from './pooling.ts'
import { type Quantization, quantization } from './quantization.ts'
import type { NamedRandom } from './groups/random.ts'
import { random } from './random.ts'
import { type Reduction, reduction } from './reduction.ts'
import { type Sampling, sampling } from './sampling.ts'
import { type Reshaping, reshape } from './reshape.ts'
import { type Slicing, slicing } from './slicing.ts'
import { type Joining, joining } from './joining.ts'
import { type Signal, signal } from './signal.ts'
import type { Tensor } from './tensor.ts'

/** Every operation, as a function. T and D are the tensors and sizes of the backend. */
export interface Operations<T extends TensorBase = Tensor, D extends Dim = number>
  extends
    Arithmetic<T, D>,
    Elementary<T, D>,
    Logic<T, D>,
    Activation<T, D>,
    Reduction<T>,
    Contraction<T, D>,
    Reshaping<T, D>,
    Slicing<T, D>,
    Joining<T, D>,
    Indexing<T, D>,
    Creation<T, D>,
    Convolution<T, D>,
    Pooling<T, D>,
    Normalization<T>,
    Ordering<T, D>,
    Quantization<T>,
    Sampling<T, D>,
    Signal<T>,
    LinearAlgebra<T>,
    Loss<T, D>,
    NamedRandom<T, D> {}

/** The name of an operation. */
export type OperationName = keyof Operations

const meanings: { readonly [K in OperationName]: Unnamed } = {
  ...arithmetic,
  ...elementary,
  ...logic,
  ...activation,
  ...reduction,
  ...contraction,
  ...reshape,
  ...slicing,
  ...joining,
  ...indexing,
  ...creation,
  ...convolution,
  ...pooling,
  ...normalization,
  ...ordering,
  ...quantization,
  ...sampling,
  ...signal,
  ...linearAlgebra,
  ...loss,
  ...random,
}

/** The names of all operations. */
export const OPERATION_NAMES: readonly OperationName[] = Object.keys(meanings).filter(isOperationName)

/** The meaning of every operation. */
export const definitions: { readonly [K in OperationName]: Definition } = Object.fromEntries(
  OPERATION_NAMES.map((name) => [name, { name, ...meanings[name] }]),
  // the names come from the same table
) as { readonly [K in OperationName]: Definition }

/** Returns whether there is an operation of this name. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(meanings, name)
}

/** Returns the operation of a name in camel or snake case (`layer_norm`), as templates may write it. */
export function findOperation(name: string): Definition | undefined {
  const camel = camelCase(name)
  return isOperationName(camel) ? definitions[camel] : undefined
}

/** Returns the object that an operation is a member of: `random` of `random.normal`. */
export function groupOf(name: string): string | undefined {
  const [group, member] = name.split('.')
  return member === undefined ? undefined : group
}

/** Returns whether the operation is a method of tensors too: whether a tensor is its first parameter. */
export function isMethod(definition: Definition): boolean {
  if (groupOf(definition.name) !== undefined) return false
  const kind = definition.params[0]?.kind
  return kind === 'tensor' || kind === 'tensor-or-number'
}

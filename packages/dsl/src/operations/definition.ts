// definition: one operation, as every backend sees it

import type { Builder } from '../primitives/builder.ts'
import type { Draw } from '../primitives/streams.ts'
import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Operations } from './operations.ts'
import type { ArgumentsOf, BoundArguments, Param } from './signature.ts'

/** What a definition is written with: the other operations, the primitives, and the mode of the program. */
export interface Bound extends Operations<TensorBase, Dim> {
  /** Applies one primitive. */
  readonly emit: Builder['emit']
  /** Whether the program being built is the training one. */
  readonly training: boolean
  /** Returns what the next random draw is made of. Throws model_not_running where no model runs. */
  readonly draw: () => Draw
}

/** A tensor, or for split, chunk and unstack an array of them. */
export type Result = TensorBase | readonly TensorBase[]

/** An operation: its name, its parameters in order, and its meaning in terms of primitives and other operations. */
export interface Definition {
  readonly name: string
  readonly params: readonly Param[]
  /** Takes arguments as bindArguments returns them. Throws OperationError for what the types of tensors refuse. */
  readonly define: (t: Bound, args: BoundArguments) => Result
}

/** A definition whose arguments are typed by its parameters. */
export interface TypedDefinition<P extends readonly Param[]> {
  readonly params: P
  readonly define: (t: Bound, args: ArgumentsOf<P>) => Result
}

/** Definitions by name, before their names are filled in. */
export type Unnamed = Omit<Definition, 'name'>

/** Types the arguments of `define` by `params`. */
export function operation<const P extends readonly Param[]>(definition: TypedDefinition<P>): Unnamed {
  const { params, define } = definition
  // bindArguments checks every value against the kind of its parameter, which is what ArgumentsOf says
  return { params, define: (t, args) => define(t, args as ArgumentsOf<P>) }
}

/** The meanings of one family: one for every name of its interface. */
export type Family<I> = { readonly [K in keyof I]: Unnamed }

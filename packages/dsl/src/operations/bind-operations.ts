// bind-operations: a builder -> all operations as functions

import type { Builder } from '../primitives/builder.ts'
import type { Draw } from '../primitives/streams.ts'
import type { Dim } from '../types/dim.ts'
import { refuse } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { bindArguments } from './bind.ts'
import type { Bound, Result } from './definition.ts'
import { OPERATION_NAMES, type Operations, definitions, type OperationName } from './operations.ts'
import type { Tensor } from './tensor.ts'

/** Returns every operation as a function of a backend's tensors; their results are the builder's. */
export function bindOperations<T extends TensorBase = Tensor, D extends Dim = number>(
  builder: Builder,
): Operations<T, D> {
  const { apply } = createApply(builder)
  const functions = OPERATION_NAMES.map((name) => [name, (...args: readonly unknown[]) => apply(name, args)])
  // the table is total over the names, and each function binds its arguments by the definition's own signature
  return Object.fromEntries(functions) as unknown as Operations<T, D>
}

/** Returns a function that applies an operation by name to arguments as written, and what definitions are written with. */
export function createApply(builder: Builder): {
  readonly apply: (name: OperationName, args: readonly unknown[]) => Result
  readonly bound: Bound
} {
  const bound = bindDefinitions(builder)
  return { bound, apply: (name, args) => definitions[name].define(bound, bindArguments(definitions[name], args)) }
}

/** Returns what definitions are written with, over a builder. */
export function bindDefinitions(builder: Builder): Bound {
  const draw = (): Draw => (builder.streams ?? refuse('model_not_running', { callee: 'random' })).draw()
  const extra = { emit: builder.emit.bind(builder), training: builder.training, draw }
  const bound: Record<string, unknown> = { ...extra }
  for (const name of OPERATION_NAMES) {
    const definition = definitions[name]
    bound[name] = (...args: readonly unknown[]) =>
      // the complete table, read only after this loop has filled it
      definition.define(bound as unknown as Bound, bindArguments(definition, args))
  }
  return bound as unknown as Bound
}

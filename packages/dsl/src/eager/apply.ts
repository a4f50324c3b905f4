// apply: operations on eager tensors
//
// In the mode of the forward function that is running.

import { createApply } from '../operations/bind-operations.ts'
import type { Bound, Result } from '../operations/definition.ts'
import {
  OPERATION_NAMES,
  type OperationName,
  type Operations,
  definitions,
  isMethod,
} from '../operations/operations.ts'
import { createBuilder } from './builder.ts'
import { EagerTensor } from './eager-tensor.ts'
import { currentScope } from './scope.ts'

/** Applies an operation in the mode of the running forward function. Throws OperationError. */
export function applyOperation(name: OperationName, args: readonly unknown[]): Result {
  return (currentScope()?.training === true ? training : evaluation).apply(name, args)
}

/** Every operation by name, as users call them. */
export const eagerOperations: Operations = bindByName()

function bindByName(): Operations {
  const functions = OPERATION_NAMES.map((name) => [name, (...args: readonly unknown[]) => applyOperation(name, args)])
  // total over the names; each call binds its arguments by the definition's own signature
  return Object.fromEntries(functions) as Operations
}

/** Returns what definitions are written with, in the mode of the running forward function. */
export function boundOperations(): Bound {
  return (currentScope()?.training === true ? training : evaluation).bound
}

const evaluation = createApply(createBuilder({ training: false }))
const training = createApply(createBuilder({ training: true }))

/** Every operation that takes a tensor first is a method; `T`, `mT` and iteration go through operations too. */
function installMethods(): void {
  for (const name of OPERATION_NAMES) {
    if (!isMethod(definitions[name])) continue
    const value = function (this: EagerTensor, ...args: readonly unknown[]): Result {
      return applyOperation(name, [this, ...args])
    }
    Object.defineProperty(EagerTensor.prototype, name, { value, configurable: true, writable: true })
  }
  const transposed = function (this: EagerTensor): Result {
    return applyOperation('transpose', [this])
  }
  Object.defineProperty(EagerTensor.prototype, 'T', { get: transposed, configurable: true })
  Object.defineProperty(EagerTensor.prototype, 'mT', { get: transposed, configurable: true })
  const iterate = function* (this: EagerTensor): Generator<Result> {
    for (let i = 0; i < (this.shape[0] ?? 0); i++) yield applyOperation('index', [this, [i]])
  }
  Object.defineProperty(EagerTensor.prototype, Symbol.iterator, { value: iterate, configurable: true, writable: true })
}

installMethods()

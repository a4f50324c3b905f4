// model: the signature of a model, flat
//
// Inputs and outputs nest objects and arrays; programs see them as lists with dotted paths (`state.h`, `xs.0`).

import { type Dim, isSame, symbolsOf } from '../types/dim.ts'
import type { SymbolAtom } from '../types/polynomial.ts'
import { TensorBase } from '../types/tensor-type.ts'
import { DeclarationError } from './declaration-error.ts'
import { describeValue } from './describe-value.ts'
import { isPlainTree, joinPath } from './layer.ts'
import { OptionalDeclaration, TensorDeclaration } from './tensor.ts'

/** What `model({ … })` is given. `forward` is whatever the host of the declaration calls a function. */
export class ModelDeclaration {
  readonly inputs: unknown
  readonly layers: unknown
  readonly forward: unknown

  constructor(inputs: unknown, layers: unknown, forward: unknown) {
    this.inputs = inputs
    this.layers = layers
    this.forward = forward
  }
}

/** An input with its dotted path. */
export interface NamedInput {
  readonly path: string
  readonly declaration: TensorDeclaration
  readonly optional: boolean
}

/** An output with its dotted path. */
export interface NamedOutput<Value = TensorBase> {
  readonly path: string
  readonly value: Value
}

/**
 * Returns the inputs of a model, flat, in order. Throws DeclarationError (model_bad_input) for a leaf that declares no
 * tensor, and where two inputs have one path.
 */
export function flattenInputs(inputs: unknown): readonly NamedInput[] {
  const found: NamedInput[] = []
  const visit = (tree: unknown, path: string, optional: boolean): void => {
    if (tree instanceof OptionalDeclaration) return visit(tree.inner, path, true)
    if (tree instanceof TensorDeclaration) {
      if (path === '' || found.some((input) => input.path === path))
        throw new DeclarationError('model_bad_input', { path, got: path === '' ? 'without a name' : 'declared twice' })
      found.push({ path, declaration: tree, optional })
      return
    }
    if (Array.isArray(tree)) return tree.forEach((item, i) => visit(item, joinPath(path, String(i)), optional))
    if (!isPlainTree(tree)) throw new DeclarationError('model_bad_input', { path, got: describeValue(tree) })
    for (const [key, item] of Object.entries(tree)) visit(item, joinPath(path, key), optional)
  }
  visit(inputs, '', false)
  return found
}

/** Returns the structure that `forward` receives: each declaration replaced by what `valueOf` gives for its path. */
export function mapInputs(
  inputs: unknown,
  valueOf: (path: string, declaration: TensorDeclaration) => unknown,
): unknown {
  const visit = (tree: unknown, path: string): unknown => {
    if (tree instanceof OptionalDeclaration) return visitOptional(tree, path)
    if (tree instanceof TensorDeclaration) return valueOf(path, tree)
    if (Array.isArray(tree)) return tree.map((item, i) => visit(item, joinPath(path, String(i))))
    if (!isPlainTree(tree)) return tree
    return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, visit(item, joinPath(path, key))]))
  }
  /** A structure without any of its tensors is itself absent. */
  const visitOptional = (tree: OptionalDeclaration, path: string): unknown => {
    const value = visit(tree.inner, path)
    return hasValue(value) ? value : undefined
  }
  return visit(inputs, '')
}

/**
 * Returns the outputs of a model, flat, in order: a tensor by itself is named `output`, `scalar` makes one of a number
 * or truth value. Throws DeclarationError (model_bad_output) for any other leaf. A part that is undefined is left out.
 */
export function flattenOutputs(
  value: unknown,
  scalar: (value: number | boolean) => TensorBase,
): readonly NamedOutput[] {
  const found: NamedOutput[] = []
  const add = (path: string, leaf: TensorBase): void => {
    if (found.some((output) => output.path === path))
      throw new DeclarationError('model_bad_output', { path, got: 'returned twice under one name' })
    found.push({ path: path === '' ? 'output' : path, value: leaf })
  }
  const visit = (tree: unknown, path: string): void => {
    if (tree === undefined && path !== '') return
    if (tree instanceof TensorBase) add(path, tree)
    else if (typeof tree === 'number' || typeof tree === 'boolean') add(path, scalar(tree))
    else if (Array.isArray(tree)) tree.forEach((item, i) => visit(item, joinPath(path, String(i))))
    else if (isPlainTree(tree)) for (const [key, item] of Object.entries(tree)) visit(item, joinPath(path, key))
    else
      throw new DeclarationError('model_bad_output', { path: path === '' ? 'output' : path, got: describeValue(tree) })
  }
  visit(value, '')
  return found
}

/**
 * Returns the dimensions of the inputs, each once, in order of first appearance. Throws DeclarationError (dim_conflict)
 * for one name with two bounds.
 */
export function dimsOfInputs(inputs: readonly NamedInput[]): readonly SymbolAtom[] {
  const found = new Map<string, SymbolAtom>()
  for (const { declaration } of inputs)
    for (const size of declaration.shape)
      for (const symbol of symbolsOf(size)) {
        const known = found.get(symbol.name)
        if (known === undefined) found.set(symbol.name, symbol)
        else if (known.min !== symbol.min || known.max !== symbol.max || known.scale !== symbol.scale)
          throw new DeclarationError('dim_conflict', { name: symbol.name })
      }
  return [...found.values()]
}

/** Returns whether two shapes are the same expressions, axis by axis. */
export function isSameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((size, i) => isSame(size, b[i] ?? Number.NaN))
}

function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some(hasValue)
  if (isPlainTree(value)) return Object.keys(value).length === 0 || Object.values(value).some(hasValue)
  return value !== undefined
}

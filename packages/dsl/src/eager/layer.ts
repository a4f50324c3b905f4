// layer: `layer({ … }, forward)` -> a callable layer with its parts as properties
//
// At the top of a module the parts are declarations; inside a running forward function they are tensors and layers.

import { DeclarationError } from '../declare/declaration-error.ts'
import { LayerDeclaration, flattenWeights, layerKey, layerOf, mapTree } from '../declare/layer.ts'
import { WeightDeclaration } from '../declare/weight.ts'
import { type RunScope, currentScope } from './scope.ts'

/** A layer: a function of its inputs, with its parts as properties (`wte.weight`, `net[0]`). */
export type Layer<Parts, Inputs extends readonly unknown[], Output> = ((...inputs: Inputs) => Output) &
  (Parts extends readonly unknown[] ? { readonly [index: number]: Parts[number] } : Readonly<Parts>)

/**
 * Returns a layer. `parts` holds parameters, buffers, layers, functions, and arrays and objects of them; `forward`
 * receives them (tensors, and layers as functions), then the inputs. Throws model_bad_layer, model_duplicate_parameter.
 */
export function layer<const Parts, Inputs extends readonly unknown[], Output>(
  parts: Parts,
  forward: (parts: Parts, ...inputs: Inputs) => Output,
): Layer<Parts, Inputs, Output> {
  flattenWeights(parts)
  const declaration = new LayerDeclaration(parts, forward)
  const run = (...inputs: Inputs): Output => {
    const scope = currentScope()
    if (scope === undefined) throw new DeclarationError('model_undeclared_layer', { callee: 'layer' })
    return forward(resolveParts(parts, scope), ...inputs)
  }
  return callable(run, declaration, parts)
}

/** Returns a tree of declarations as forward functions receive it. Throws model_undeclared_layer. */
export function resolveParts<Parts>(parts: Parts, scope: RunScope): Parts {
  // mapTree keeps the structure; a declaration and what stands for it have one public type (declarations.ts)
  return mapTree(parts, (leaf) => resolveLeaf(leaf, scope)) as Parts
}

function resolveLeaf(leaf: unknown, scope: RunScope): unknown {
  if (leaf instanceof WeightDeclaration) {
    const value = scope.weights.get(leaf)
    if (value === undefined) throw new DeclarationError('model_undeclared_layer', { callee: 'layer' })
    return value
  }
  const declaration = layerOf(leaf)
  if (declaration === undefined || typeof leaf !== 'function') return leaf
  const known = scope.layers.get(leaf)
  if (known !== undefined) return known
  const parts = resolveParts(declaration.parts, scope)
  const { forward } = declaration
  if (typeof forward !== 'function') throw new Error('internal: an eager layer has no forward function')
  const resolved = callable(
    (...inputs: readonly unknown[]): unknown => Reflect.apply(forward, undefined, [parts, ...inputs]),
    declaration,
    parts,
  )
  scope.layers.set(leaf, resolved)
  return resolved
}

/** Adds the declaration and the parts to a function. Parts may have any name, even those that functions have. */
function callable<Parts, Inputs extends readonly unknown[], Output>(
  run: (...inputs: Inputs) => Output,
  declaration: LayerDeclaration,
  parts: Parts,
): Layer<Parts, Inputs, Output> {
  Object.defineProperty(run, layerKey, { value: declaration })
  for (const [name, value] of Object.entries(parts ?? {}))
    Object.defineProperty(run, name, { value, enumerable: true, configurable: true })
  if (Array.isArray(parts)) Object.defineProperty(run, 'length', { value: parts.length, configurable: true })
  // the properties are those of Parts
  return run as Layer<Parts, Inputs, Output>
}

// layer: trees of layers, and the names of their weights
//
// A tree is what `layers` of a model and the first argument of `layer` hold: layers, weights, arrays and plain objects
// of them, functions (which declare nothing) and undefined. Paths are those of a PyTorch state_dict.

import { DeclarationError } from './declaration-error.ts'
import { describeValue } from './describe-value.ts'
import { WeightDeclaration } from './weight.ts'

/** A layer: its parts and its forward function, which is whatever the host of the declaration calls a function. */
export class LayerDeclaration {
  readonly parts: unknown
  readonly forward: unknown

  constructor(parts: unknown, forward: unknown) {
    this.parts = parts
    this.forward = forward
  }
}

/** The key under which a callable layer carries its declaration. */
export const layerKey: unique symbol = Symbol.for('tsjit.layer')

/** Returns the declaration of a layer, or of a function that carries one; undefined for everything else. */
export function layerOf(value: unknown): LayerDeclaration | undefined {
  if (value instanceof LayerDeclaration) return value
  if (typeof value !== 'function') return undefined
  const carried: unknown = Reflect.get(value, layerKey)
  return carried instanceof LayerDeclaration ? carried : undefined
}

/** A weight with its name in the weights file, and the other names it would have. */
export interface NamedWeight {
  readonly path: string
  /** Later paths of the same declaration: PyTorch lists a tied weight under each. */
  readonly aliases: readonly string[]
  readonly declaration: WeightDeclaration
}

/** How to look into a tree whose values are wrapped by their host; every function may be left out. */
export interface TreeReader {
  /** Whether a leaf declares nothing and is allowed (a function). */
  isFunction?(value: unknown): boolean
}

/**
 * Returns the weights of a tree in order of declaration. A declaration that occurs twice keeps its first path. Throws
 * DeclarationError: model_bad_layer for a leaf of another kind, model_duplicate_parameter for two weights of one path.
 */
export function flattenWeights(tree: unknown, reader: TreeReader = {}): readonly NamedWeight[] {
  const found = new Map<WeightDeclaration, { path: string; aliases: string[] }>()
  const taken = new Map<string, WeightDeclaration>()
  visitTree(tree, '', reader, (path, declaration) => {
    const holder = taken.get(path)
    if (holder !== undefined && holder !== declaration)
      throw new DeclarationError('model_duplicate_parameter', { path })
    taken.set(path, declaration)
    const known = found.get(declaration)
    if (known === undefined) found.set(declaration, { path, aliases: [] })
    else if (known.path !== path) known.aliases.push(path)
  })
  return [...found].map(([declaration, { path, aliases }]) => ({ path, aliases, declaration }))
}

/** Returns a tree with `map` applied to its weights, layers and functions; arrays and objects are rebuilt. */
export function mapTree(tree: unknown, map: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map((item) => mapTree(item, map))
  if (!isPlainTree(tree)) return map(tree)
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, mapTree(item, map)]))
}

function visitTree(
  tree: unknown,
  path: string,
  reader: TreeReader,
  visit: (path: string, declaration: WeightDeclaration) => void,
): void {
  if (tree === undefined) return
  if (tree instanceof WeightDeclaration) return visit(path, tree)
  const layer = layerOf(tree)
  if (layer !== undefined) return visitTree(layer.parts, path, reader, visit)
  if (typeof tree === 'function' || reader.isFunction?.(tree) === true) return
  if (Array.isArray(tree)) return tree.forEach((item, i) => visitTree(item, joinPath(path, String(i)), reader, visit))
  if (!isPlainTree(tree)) throw new DeclarationError('model_bad_layer', { path, got: describeValue(tree) })
  for (const [key, item] of Object.entries(tree)) visitTree(item, joinPath(path, key), reader, visit)
}

/** Returns `head.weight` of `head` and `weight`. */
export function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

/** Returns whether a value is an object of parts, rather than a leaf. */
export function isPlainTree(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

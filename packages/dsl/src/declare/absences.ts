// absences: declared inputs -> which of the optional ones a call may leave out together
//
// Each combination is a program of its own, so their number is bounded.

import { DeclarationError } from './declaration-error.ts'
import { isPlainTree, joinPath } from './layer.ts'
import { OptionalDeclaration } from './tensor.ts'

/** Each more doubles the programs of a model. */
const MOST = 4

/**
 * Returns for each combination the paths of the optional inputs that are absent: at first none, and none before one that
 * has fewer. What lies within an absent structure is not listed. Throws DeclarationError (model_many_optional).
 */
export function absencesOf(inputs: unknown): readonly ReadonlySet<string>[] {
  const paths = [...optionalPaths(inputs, '')]
  if (paths.length > MOST) throw new DeclarationError('model_many_optional', { count: paths.length, most: MOST })
  const choices = Array.from({ length: 2 ** paths.length }, (_, bits) => paths.filter((_path, i) => (bits >> i) & 1))
  return choices
    .filter((absent) => !absent.some((path) => absent.some((outer) => path.startsWith(`${outer}.`))))
    .map((absent) => new Set(absent))
    .sort((a, b) => a.size - b.size)
}

/** Returns whether an input is absent where the given ones are. */
export function isAbsent(path: string, absent: ReadonlySet<string>): boolean {
  return [...absent].some((outer) => path === outer || path.startsWith(`${outer}.`))
}

function optionalPaths(tree: unknown, path: string): ReadonlySet<string> {
  if (tree instanceof OptionalDeclaration) return new Set([path, ...optionalPaths(tree.inner, path)])
  if (!Array.isArray(tree) && !isPlainTree(tree)) return new Set()
  return new Set(Object.entries(tree).flatMap(([key, part]) => [...optionalPaths(part, joinPath(path, key))]))
}

// host-signature: what a host function returns, as `host(fn, signature)` declares it
//
// A declared tensor, or a structure of them.

import { refuse } from '../types/errors.ts'
import { describeValue } from './describe-value.ts'
import { isPlainTree, joinPath } from './layer.ts'
import { TensorDeclaration } from './tensor.ts'

/** One tensor that a host function returns. */
export interface HostResult {
  /** Where it is in what the function returns; '' where it is all of it. */
  readonly path: string
  readonly declaration: TensorDeclaration
}

/** Returns the tensors of a signature. Throws OperationError (source_bad_argument) for what is none. */
export function hostResultsOf(signature: unknown): readonly HostResult[] {
  const found: HostResult[] = []
  const visit = (tree: unknown, path: string): void => {
    if (tree instanceof TensorDeclaration) found.push({ path, declaration: tree })
    else if (Array.isArray(tree)) tree.forEach((item, i) => visit(item, joinPath(path, String(i))))
    else if (isPlainTree(tree)) for (const [key, item] of Object.entries(tree)) visit(item, joinPath(path, key))
    else {
      const expected = 'a type such as `f32(4)`, or a structure of them'
      const params = { argument: 'signature', callee: 'host', expected, got: describeValue(tree) }
      refuse('source_bad_argument', params, { argument: 'signature' })
    }
  }
  visit(signature, '')
  return found
}

/** Returns the structure of a signature with other things in the place of its tensors, which come in order. */
export function nestHostResults(signature: unknown, leaves: readonly unknown[]): unknown {
  const left = [...leaves]
  const build = (tree: unknown): unknown => {
    if (tree instanceof TensorDeclaration) return left.shift()
    if (Array.isArray(tree)) return tree.map(build)
    if (!isPlainTree(tree)) return tree
    return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, build(item)]))
  }
  return build(signature)
}

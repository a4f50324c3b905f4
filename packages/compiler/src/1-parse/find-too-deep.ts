// find-too-deep: syntax tree -> the first node that is nested deeper than the steps behind the parser can follow
//
// They walk trees recursively, one call and more for each level.

import type { Node } from '@babel/types'

/** Levels that fit the stack that Node has by default, with room for who calls the compiler. */
const MOST_LEVELS = 1500

/** Returns the first node below the deepest level that is allowed. Itself not recursive. */
export function findTooDeep(root: Node): Node | undefined {
  let level: readonly Node[] = [root]
  for (let depth = 0; depth < MOST_LEVELS; depth++) {
    level = level.flatMap(childrenOf)
    if (level.length === 0) return undefined
  }
  return level[0]
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

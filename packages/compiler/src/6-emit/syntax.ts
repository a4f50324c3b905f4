// syntax: walking Babel's tree

import type { Node } from '@babel/types'

const skipped = new Set(['loc', 'extra', 'leadingComments', 'trailingComments', 'innerComments', 'errors', 'tokens'])

/** Returns the nodes directly inside a node, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const found: Node[] = []
  for (const [key, value] of Object.entries(node)) {
    if (skipped.has(key)) continue
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) found.push(item)
  }
  return found.sort((a, b) => (a.start ?? 0) - (b.start ?? 0))
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

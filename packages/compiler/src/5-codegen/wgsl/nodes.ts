// nodes: values of a printed kernel, numbered
//
// Equal pure expressions in reach of each other are one node; a node with several uses gets a `let` where it is first
// used. Reads of memory carry the number of writes before them, so a node never moves across a store or a barrier.

import type { Text } from './text.ts'

/** A value to be printed: inline where it is used once or cheap, otherwise as a `let`. */
export interface Node {
  readonly id: number
  readonly operands: readonly Node[]
  readonly print: (operands: readonly Text[]) => Text
  /** Repeating it costs less than a name. */
  readonly cheap: boolean
  /** Reads something that can change, itself or through an operand. */
  readonly volatile: boolean
  /** How often it is used; final once numbering is over. */
  uses: number
  /** What a `let` for it is called where names are readable. */
  wish: string
  /** Its text, once it has a `let`. */
  name: Text | undefined
}

/** What a new node is made from. */
export interface NodeParts {
  readonly key: string
  readonly operands: readonly Node[]
  readonly print: (operands: readonly Text[]) => Text
  readonly cheap?: boolean
  readonly volatile?: boolean
}

/** The nodes that may be used at one place of a kernel. */
export interface Scope {
  readonly nodes: Map<string, Node>
  readonly outer: Scope | undefined
}

/** Gives nodes their identity. */
export interface Numbering {
  scope: Scope
  /** Returns the node with this key that is in reach, or a new one. Counts the use of its operands when new. */
  number(parts: NodeParts): Node
  /** Runs `body` in a scope inside the current one. */
  inner<T>(body: () => T): T
}

/** Returns a numbering with one empty scope. */
export function createNumbering(): Numbering {
  let count = 0
  const numbering: Numbering = {
    scope: { nodes: new Map(), outer: undefined },
    number({ key, operands, print, cheap = false, volatile = false }) {
      const full = `${key}(${operands.map((o) => o.id).join()})`
      const known = find(numbering.scope, full)
      if (known !== undefined) return known
      for (const operand of operands) useNode(operand)
      const changes = volatile || operands.some((o) => o.volatile)
      const node: Node = { id: count++, operands, print, cheap, volatile: changes, uses: 0, wish: 'v', name: undefined }
      numbering.scope.nodes.set(full, node)
      return node
    },
    inner(body) {
      const { scope } = numbering
      numbering.scope = { nodes: new Map(), outer: scope }
      try {
        return body()
      } finally {
        numbering.scope = scope
      }
    },
  }
  return numbering
}

/** Counts one more use of a node; what is printed again with it is used again too. */
export function useNode(node: Node): void {
  node.uses++
  if (node.cheap && node.uses > 1) for (const operand of node.operands) useNode(operand)
}

function find(scope: Scope | undefined, key: string): Node | undefined {
  for (let s = scope; s !== undefined; s = s.outer) {
    const node = s.nodes.get(key)
    if (node !== undefined) return node
  }
  return undefined
}

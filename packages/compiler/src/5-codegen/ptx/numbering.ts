// numbering: which operands hold equal values
//
// Values are known within the scope that computed them and the scopes inside it. A register that is written more than
// once counts how often, so that what was computed from it before is not taken for what it is now.

import type { Operand } from './assembler.ts'

/** The values of one body. */
export interface Numbering {
  /** Returns what `make` has made for this key, as far as that is in reach. */
  once(key: string, make: () => readonly Operand[]): readonly Operand[]
  /** Returns the key of an instruction without effects. */
  keyOf(op: string, args: readonly Operand[]): string
  /** Notes that a register is defined by a line, under a key of the current scope. */
  define(register: Operand, key: string, line: number): void
  /** Returns the line that defines a register; undefined where it is not known or has been forgotten. */
  definitionOf(register: Operand): number | undefined
  /** Takes a register for a value no more. */
  forget(register: Operand): void
  /** Counts a write; from the first on the register is one that changes. */
  touch(register: Operand): void
  isMutable(operand: Operand): boolean
  /** Runs `body`, whose values are out of reach afterwards. */
  scope(body: () => void): void
}

interface Scope {
  readonly known: Map<string, readonly Operand[]>
  readonly outer: Scope | undefined
}

interface Definition {
  readonly line: number
  readonly key: string
  readonly scope: Scope
}

/** Returns a numbering that knows nothing. */
export function createNumbering(): Numbering {
  const writes = new Map<Operand, number>()
  const definitions = new Map<Operand, Definition>()
  let scope: Scope = { known: new Map(), outer: undefined }
  return {
    once(key, make) {
      const known = find(scope, key)
      if (known !== undefined) return known
      const { known: own } = scope
      const made = make()
      own.set(key, made)
      return made
    },
    keyOf: (op, args) => `${op} ${args.map((arg) => `${arg}#${writes.get(arg) ?? ''}`).join(',')}`,
    define: (register, key, line) => void definitions.set(register, { line, key, scope }),
    definitionOf: (register) => definitions.get(register)?.line,
    forget(register) {
      const definition = definitions.get(register)
      definition?.scope.known.delete(definition.key)
      definitions.delete(register)
    },
    touch: (register) => void writes.set(register, (writes.get(register) ?? 0) + 1),
    isMutable: (operand) => writes.has(operand),
    scope(body) {
      const outer = scope
      scope = { known: new Map(), outer }
      try {
        body()
      } finally {
        scope = outer
      }
    },
  }
}

function find(scope: Scope, key: string): readonly Operand[] | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.outer) {
    const value = s.known.get(key)
    if (value !== undefined) return value
  }
  return undefined
}

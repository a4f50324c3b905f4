// assembler: instructions of one entry, with registers and value numbering
//
// An instruction without effects is emitted once for equal operands, as far as its first place is in reach. A register
// that is written more than once (`mutable`) carries how often it has been, so that what was computed from it before is
// not taken for what it is now.

import { createNumbering } from './numbering.ts'
import { type RegisterNames, type RegisterType, createRegisterNames } from './register-names.ts'

/** A register, or an immediate. */
export type Operand = string

/** A line of a function body. */
type Line =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'label'; readonly name: string }
  | {
      readonly kind: 'op'
      readonly op: string
      dest: Operand | undefined
      readonly args: readonly string[]
      readonly guard: string
    }

/** Collects the body of an entry. */
export interface Assembler {
  /** Returns a new register; `wish` is what it is called where names are readable. */
  register(type: RegisterType, wish?: string): Operand
  /** Returns a new register that may be written again. */
  mutable(type: RegisterType, wish?: string): Operand
  isMutable(operand: Operand): boolean
  /** Returns the result of an instruction without effects. */
  pure(type: RegisterType, op: string, ...args: readonly Operand[]): Operand
  /** Returns what `make` has made for this key, as far as that is in reach. */
  once(key: string, make: () => readonly Operand[]): readonly Operand[]
  /** Adds an instruction; `dest` is what it writes besides memory. */
  emit(op: string, dest: Operand | undefined, args: readonly string[], guard?: string): void
  /** Gives a mutable register a value, computed since `mark` perhaps: then by the instruction that computes it. */
  assign(type: RegisterType, register: Operand, value: Operand, mark?: number): void
  /** Notes that a register will have been written when execution gets here again. */
  touch(register: Operand): void
  /** Where the next line goes. */
  mark(): number
  /** Runs `body`, whose values are out of reach afterwards. */
  scope(body: () => void): void
  /** Returns a new label. */
  newLabel(wish: string): string
  place(label: string): void
  /** Adds a line as it is: a comment or a directive. */
  text(line: string): void
  print(): { readonly declarations: readonly string[]; readonly lines: readonly string[] }
}

/** How to lay out. */
export type AssemblerStyle = 'readable' | 'minified'

/** Returns an empty body. */
export function createAssembler(style: AssemblerStyle, names: RegisterNames = createRegisterNames(style)): Assembler {
  const lines: Line[] = []
  const numbering = createNumbering()
  const emit: Assembler['emit'] = (op, dest, args, guard = '') => void lines.push({ kind: 'op', op, dest, args, guard })
  return {
    register: (type, wish) => names.fresh(type, wish),
    mutable(type, wish) {
      const register = names.fresh(type, wish)
      numbering.touch(register)
      return register
    },
    isMutable: numbering.isMutable,
    touch: numbering.touch,
    scope: numbering.scope,
    once: numbering.once,
    emit,
    pure(type, op, ...args) {
      const key = numbering.keyOf(op, args)
      const [found = ''] = numbering.once(key, () => {
        const dest = names.fresh(type)
        numbering.define(dest, key, lines.length)
        emit(op, dest, args)
        return [dest]
      })
      return found
    },
    assign(type, register, value, mark = lines.length) {
      numbering.touch(register)
      const at = numbering.definitionOf(value)
      const line = at === undefined || at < mark ? undefined : lines[at]
      if (at === undefined || line?.kind !== 'op' || isNamed(lines.slice(at + 1), [register, value]))
        return emit(moves[type], register, [value])
      line.dest = register
      numbering.forget(value)
    },
    mark: () => lines.length,
    newLabel: (wish) => names.label(wish),
    place: (name) => void lines.push({ kind: 'label', name }),
    text: (text) => void lines.push({ kind: 'text', text }),
    print: () => ({ declarations: names.declarations(), lines: lines.map(printLine) }),
  }
}

const moves: { readonly [T in RegisterType]: string } = {
  pred: 'mov.pred',
  b16: 'mov.b16',
  b32: 'mov.b32',
  f32: 'mov.f32',
  b64: 'mov.b64',
}

/** Whether lines mention an operand, or are a place that execution may come to from elsewhere. */
function isNamed(lines: readonly Line[], operands: readonly Operand[]): boolean {
  return lines.some((line) => {
    if (line.kind === 'text') return false
    if (line.kind === 'label') return true
    const named = new Set<string>([line.guard, line.dest ?? '', ...line.args].join(' ').match(/%\w+/g))
    return operands.some((operand) => named.has(operand))
  })
}

function printLine(line: Line): string {
  if (line.kind === 'text') return line.text
  if (line.kind === 'label') return `${line.name}:`
  const { op, dest, args, guard } = line
  const operands = [...(dest === undefined ? [] : [dest]), ...args].join(', ')
  return `\t${guard === '' ? '' : `@${guard} `}${op}${operands === '' ? '' : ` ${operands}`};`
}

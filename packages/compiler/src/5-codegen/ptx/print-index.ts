// print-index: index expressions -> 32-bit integer arithmetic
//
// A constant that is added last stays outside, so that neighbouring elements share a register and differ in the offset
// of their instruction. Division by a power of two is a shift, which is floored for every sign.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'
import type { Assembler, Operand } from './assembler.ts'
import type { PtxContext } from './context.ts'
import { floorDivide } from './integer-division.ts'

type Expression = Exclude<Dim, number>
type Atom = Expression['terms'][number]['atoms'][number]
type FunctionAtom = Extract<Atom, { readonly left: unknown }>

/** An index as a register (none where it is 0) and a constant. */
export interface SplitIndex {
  readonly register: Operand | undefined
  readonly offset: number
}

/** Returns an index expression, with written-out loop variables replaced by their values. */
export function printIndex(index: Dim, context: PtxContext): Operand {
  const { register, offset } = splitIndex(index, context)
  if (register === undefined) return String(offset)
  return offset === 0 ? register : context.asm.pure('b32', 'add.s32', register, String(offset))
}

/** Returns an index expression in two parts. */
export function splitIndex(index: Dim, context: PtxContext): SplitIndex {
  const known = context.unrolled.size === 0 ? index : dims.substitute(index, context.unrolled)
  if (typeof known === 'number') return { register: undefined, offset: known }
  const offset = known.terms.find((t) => t.atoms.length === 0)?.coefficient ?? 0
  // positive terms first: a sum then rarely starts with a negation
  const terms = known.terms
    .filter((t) => t.atoms.length > 0)
    .sort((a, b) => Math.sign(b.coefficient) - Math.sign(a.coefficient))
  let sum: Operand | undefined
  for (const { coefficient, atoms } of terms) {
    const [product, factor] = productOf(atoms, coefficient, context)
    sum = addTerm(sum, product, factor, context.asm)
  }
  return { register: sum, offset }
}

function addTerm(sum: Operand | undefined, product: Operand, factor: number, asm: Assembler): Operand {
  if (sum === undefined) return times(product, factor, asm)
  if (factor === 1) return asm.pure('b32', 'add.s32', sum, product)
  if (factor === -1) return asm.pure('b32', 'sub.s32', sum, product)
  return asm.pure('b32', 'mad.lo.s32', product, String(factor), sum)
}

function times(operand: Operand, factor: number, asm: Assembler): Operand {
  if (factor === 1) return operand
  if (factor === -1) return asm.pure('b32', 'neg.s32', operand)
  const power = Math.log2(factor)
  if (Number.isInteger(power)) return asm.pure('b32', 'shl.b32', operand, String(power))
  return asm.pure('b32', 'mul.lo.s32', operand, String(factor))
}

/** A symbol's atom is its value divided by its scale: the scale goes into the coefficient, or stays as a division. */
function productOf(atoms: readonly Atom[], coefficient: number, context: PtxContext): readonly [Operand, number] {
  const { asm } = context
  let factor = coefficient
  let product: Operand | undefined
  for (const atom of atoms) {
    let own = atom.kind === 'symbol' ? symbolOf(atom.name, context) : functionOf(atom, context)
    if (atom.kind === 'symbol' && atom.scale !== 1) {
      if (factor % atom.scale === 0) factor /= atom.scale
      else own = asm.pure('b32', 'div.s32', own, String(atom.scale))
    }
    product = product === undefined ? own : asm.pure('b32', 'mul.lo.s32', product, own)
  }
  invariant(product !== undefined, 'a term has atoms')
  return [product, factor]
}

/** Returns the register of a symbol. */
export function symbolOf(name: string, context: PtxContext): Operand {
  return context.lets.get(name)?.[0] ?? context.symbol(name)
}

function functionOf(atom: FunctionAtom, context: PtxContext): Operand {
  const { asm } = context
  const [left, right] = [toDim(atom.left), toDim(atom.right)]
  const [a, b] = [printIndex(left, context), printIndex(right, context)]
  if (atom.kind === 'min' || atom.kind === 'max') return asm.pure('b32', `${atom.kind}.s32`, a, b)
  const power = typeof right === 'number' && right > 0 ? Math.log2(right) : 0.5
  if (Number.isInteger(power)) {
    return atom.kind === 'floorDiv'
      ? asm.pure('b32', 'shr.s32', a, String(power))
      : asm.pure('b32', 'and.b32', a, String(2 ** power - 1))
  }
  const isPlain = dims.bounds(left).low >= 0 && dims.bounds(right).low > 0
  const quotient = isPlain ? asm.pure('b32', 'div.u32', a, b) : floorDivide('s32', a, b, asm)
  if (atom.kind === 'floorDiv') return quotient
  return asm.pure('b32', 'sub.s32', a, asm.pure('b32', 'mul.lo.s32', quotient, b))
}

function toDim(expression: Expression): Dim {
  const [first, ...rest] = expression.terms
  if (first === undefined) return 0
  return rest.length === 0 && first.atoms.length === 0 ? first.coefficient : expression
}

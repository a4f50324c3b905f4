// shared-address: elements of group memory -> bytes
//
// Shared memory has 32 banks of four bytes: a warp reads 128 bytes at a time, if they lie in different banks. Where lanes read
// the same place of neighbouring rows, the runs of 16 bytes of each row are exchanged by an exclusive or with the number of
// the row: eight rows have eight different places for a run, or four rows four for two of them, of which lanes read words.
// That concerns a few bits of the address; what is a multiple of all of them is added afterwards.

import { type Dim, Polynomial, dims } from '@tsjit/dsl/compiler'
import type { GroupArray } from '../../ir/kernel/kernel.ts'
import { elementBytes } from '../../ir/kernel/scalar-type.ts'
import type { Operand } from './assembler.ts'
import type { PtxArray, PtxContext } from './context.ts'
import { printIndex, splitIndex } from './print-index.ts'

/** An address, and bytes to add to it. */
interface SharedAddress {
  readonly address: Operand
  readonly offset: number
}

/** Returns where an element of an array is. */
export function sharedAddress({ name, array }: PtxArray, index: Dim, context: PtxContext): SharedAddress {
  const { asm } = context
  const bytes = elementBytes(array) * array.width
  const base = asm.pure('b32', 'mov.u32', name)
  const exchange = exchangeOf(array)
  const { whole, rest } = exchange === undefined ? { whole: index, rest: 0 } : splitAt(index, exchange.period / bytes)
  const { register, offset } = splitIndex(whole, context)
  const from =
    exchange === undefined ? base : asm.pure('b32', 'add.s32', base, exchanged(rest, { bytes, ...exchange }, context))
  const address = register === undefined ? from : asm.pure('b32', 'mad.lo.s32', register, String(bytes), from)
  return { address, offset: (array.place ?? 0) + offset * bytes }
}

/** Returns where an element would be if nothing were exchanged: all that begins at a whole pattern is there. */
export function plainAddress({ name, array }: PtxArray, index: Dim, context: PtxContext): SharedAddress {
  const { asm } = context
  const bytes = elementBytes(array) * array.width
  const { register, offset } = splitIndex(index, context)
  const base = asm.pure('b32', 'mov.u32', name)
  const address = register === undefined ? base : asm.pure('b32', 'mad.lo.s32', register, String(bytes), base)
  return { address, offset: (array.place ?? 0) + offset * bytes }
}

/** Which bits of an address are exchanged: those of `mask`, with those that are `shift` higher. */
interface Exchange {
  readonly mask: number
  readonly shift: number
  /** The bytes after which everything is as before. */
  readonly period: number
}

function exchangeOf(array: GroupArray): Exchange | undefined {
  if (array.rows === undefined) return undefined
  const { length, read } = array.rows
  const rowBytes = length * elementBytes(array)
  // rows shorter than all banks lie side by side
  const line = Math.max(rowBytes, 128)
  const orders = read === 'runs' ? Math.min(rowBytes, 128) / 16 : Math.min(rowBytes, 128) / 32
  const unit = read === 'runs' ? 16 : 32
  return { mask: unit * (orders - 1), shift: Math.log2(line / unit), period: line * orders }
}

/** Splits an index into what is a multiple of a number of elements term by term, and the rest. */
function splitAt(index: Dim, period: number): { readonly whole: Dim; readonly rest: Dim } {
  if (typeof index === 'number') return { whole: index - (index % period), rest: index % period }
  const isWhole = ({ coefficient, atoms }: Term): boolean => atoms.length > 0 && coefficient % period === 0
  const inside = dims.constantTerm(index) % period
  const whole = dims.sub(sumOf(index.terms.filter((term) => isWhole(term) || term.atoms.length === 0)), inside)
  return { whole, rest: dims.add(sumOf(index.terms.filter((term) => !isWhole(term) && term.atoms.length > 0)), inside) }
}

type Term = Polynomial['terms'][number]

function sumOf(terms: readonly Term[]): Dim {
  // adding something gives it its key
  return dims.sub(dims.add(new Polynomial(terms, ''), 1), 1)
}

/** The byte of an element within a period. */
function exchanged(
  index: Dim,
  { bytes, mask, shift }: Exchange & { readonly bytes: number },
  context: PtxContext,
): Operand {
  const { asm } = context
  const byte = asm.pure('b32', 'shl.b32', printIndex(index, context), String(Math.log2(bytes)))
  const bits = asm.pure('b32', 'and.b32', asm.pure('b32', 'shr.u32', byte, String(shift)), String(mask))
  return asm.pure('b32', 'xor.b32', byte, bits)
}

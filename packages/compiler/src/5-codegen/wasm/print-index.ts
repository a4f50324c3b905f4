// print-index: index expressions -> i32 arithmetic

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { get, i32, op } from './wat.ts'

type Expression = Exclude<Dim, number>
type Atom = Expression['terms'][number]['atoms'][number]

/** Returns an index expression as i32; symbols are locals of their names, dimensions start with `dim_`. */
export function printIndex(index: Dim, nameOf: (symbol: string) => string): string {
  if (typeof index === 'number') return i32(index)
  const terms = [...index.terms].sort((a, b) => Math.sign(b.coefficient) - Math.sign(a.coefficient))
  let result: string | undefined
  for (const { coefficient, atoms } of terms) {
    const [text, factor] = product(atoms, coefficient, nameOf)
    const size = Math.abs(factor)
    const term = text === undefined ? i32(size) : times(text, size)
    if (result === undefined) result = factor < 0 ? op('i32.sub', i32(0), term) : term
    else result = op(factor < 0 ? 'i32.sub' : 'i32.add', result, term)
  }
  return result ?? i32(0)
}

/** Returns a text times a constant. */
export function times(text: string, factor: number): string {
  if (factor === 1) return text
  const power = Math.log2(factor)
  return Number.isInteger(power) ? op('i32.shl', text, i32(power)) : op('i32.mul', text, i32(factor))
}

function product(
  atoms: readonly Atom[],
  coefficient: number,
  nameOf: (symbol: string) => string,
): readonly [string | undefined, number] {
  let factor = coefficient
  let text: string | undefined
  for (const atom of atoms) {
    let own = printAtom(atom, nameOf)
    // a symbol's atom is its value divided by its scale
    if (atom.kind === 'symbol' && atom.scale !== 1) {
      if (factor % atom.scale === 0) factor /= atom.scale
      else own = op('i32.div_s', own, i32(atom.scale))
    }
    text = text === undefined ? own : op('i32.mul', text, own)
  }
  return [text, factor]
}

function printAtom(atom: Atom, nameOf: (symbol: string) => string): string {
  if (atom.kind === 'symbol') return get(nameOf(atom.name))
  const left = toDim(atom.left)
  const right = toDim(atom.right)
  const [a, b] = [printIndex(left, nameOf), printIndex(right, nameOf)]
  if (atom.kind === 'min' || atom.kind === 'max') {
    return op('select', a, b, op(atom.kind === 'min' ? 'i32.lt_s' : 'i32.gt_s', a, b))
  }
  const power = typeof right === 'number' && right > 0 ? Math.log2(right) : 0.5
  if (Number.isInteger(power)) {
    return atom.kind === 'floorDiv' ? op('i32.shr_s', a, i32(power)) : op('i32.and', a, i32(2 ** power - 1))
  }
  const isPlain = dims.bounds(left).low >= 0 && dims.bounds(right).low > 0
  if (isPlain) return op(atom.kind === 'floorDiv' ? 'i32.div_u' : 'i32.rem_u', a, b)
  return op(atom.kind === 'floorDiv' ? 'call $floor_div_i32' : 'call $mod_i32', a, b)
}

function toDim(expression: Expression): Dim {
  const [first, ...rest] = expression.terms
  if (first === undefined) return 0
  return rest.length === 0 && first.atoms.length === 0 ? first.coefficient : expression
}

// print-index: index expressions -> arithmetic on ptrdiff_t
//
// A size of memory fits it, so nothing wraps.

import { type Dim, dims } from '@tsjit/dsl/compiler'

type Expression = Exclude<Dim, number>
type Atom = Expression['terms'][number]['atoms'][number]

/** Returns an index expression; `nameOf` gives a text of type ptrdiff_t for each symbol. */
export function printIndex(index: Dim, nameOf: (symbol: string) => string): string {
  if (typeof index === 'number') return String(index)
  const terms = [...index.terms].sort((a, b) => Math.sign(b.coefficient) - Math.sign(a.coefficient))
  return terms
    .map(({ coefficient, atoms }, i) => {
      const text = product(atoms, Math.abs(coefficient), nameOf)
      if (coefficient < 0) return i === 0 ? `-${text}` : ` - ${text}`
      return i === 0 ? text : ` + ${text}`
    })
    .join('')
}

/** Returns an index expression as an operand of any operator. */
export function printOperand(index: Dim, nameOf: (symbol: string) => string): string {
  const text = printIndex(index, nameOf)
  return /^\w+$/.test(text) ? text : `(${text})`
}

function product(atoms: readonly Atom[], coefficient: number, nameOf: (symbol: string) => string): string {
  let factor = coefficient
  const texts = atoms.map((atom) => {
    const text = printAtom(atom, nameOf)
    // a symbol's atom is its value divided by its scale
    if (atom.kind !== 'symbol' || atom.scale === 1) return text
    if (factor % atom.scale !== 0) return `(${text} / ${atom.scale})`
    factor /= atom.scale
    return text
  })
  return (factor === 1 && texts.length > 0 ? texts : [...texts, String(factor)]).join(' * ')
}

const helpers = { min: 'idx_min', max: 'idx_max', floorDiv: 'idx_div', mod: 'idx_mod' } as const

function printAtom(atom: Atom, nameOf: (symbol: string) => string): string {
  if (atom.kind === 'symbol') return nameOf(atom.name)
  const [left, right] = [toDim(atom.left), toDim(atom.right)]
  const isDivision = atom.kind === 'floorDiv' || atom.kind === 'mod'
  // without a sign, C divides as the algebra does
  if (isDivision && dims.bounds(left).low >= 0 && dims.bounds(right).low > 0) {
    const operator = atom.kind === 'floorDiv' ? '/' : '%'
    return `(${printOperand(left, nameOf)} ${operator} ${printOperand(right, nameOf)})`
  }
  return `${helpers[atom.kind]}(${printIndex(left, nameOf)}, ${printIndex(right, nameOf)})`
}

function toDim(expression: Expression): Dim {
  const [first, ...rest] = expression.terms
  if (first === undefined) return 0
  return rest.length === 0 && first.atoms.length === 0 ? first.coefficient : expression
}

// index-nodes: index expressions -> nodes of i32 arithmetic
//
// Divisions and remainders are nodes of their own, and a constant added last stays outside, so that neighbouring
// indices share everything else. Division by a power of two is a shift, which is floored for every sign; any other is
// the operator where the bounds prove it non-negative, and a floored routine where they do not.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Node, Numbering } from './nodes.ts'
import { type Text, call, operation, prefix, primary, product, sum } from './text.ts'
import { type CallRoutine, literal } from './types.ts'

type Expression = Exclude<Dim, number>
type Term = Expression['terms'][number]
type Atom = Term['atoms'][number]
type FunctionAtom = Extract<Atom, { readonly left: unknown }>

/** What index expressions are printed with. */
export interface IndexContext {
  readonly numbering: Numbering
  readonly routine: CallRoutine
  /** Returns the node of a symbol. */
  symbol(name: string): Node
}

/** Returns the node of an index expression. */
export function indexNode(index: Dim, context: IndexContext): Node {
  if (typeof index === 'number') return constantNode(index, context)
  const offset = index.terms.find((t) => t.atoms.length === 0)?.coefficient ?? 0
  const terms = index.terms.filter((t) => t.atoms.length > 0)
  const base = sumNode(terms, context)
  if (offset === 0) return base
  return context.numbering.number({
    key: `offset ${offset}`,
    operands: [base],
    print: ([text = missing]) => sum(text, offset < 0 ? '-' : '+', primary(String(Math.abs(offset)))),
    cheap: true,
  })
}

const missing = primary('0')

function constantNode(value: number, { numbering }: IndexContext): Node {
  return numbering.number({ key: `i32 ${value}`, operands: [], print: () => literal('i32', value), cheap: true })
}

function sumNode(terms: readonly Term[], context: IndexContext): Node {
  // positive terms first, so that a sum rarely starts with a sign
  const ordered = [...terms].sort((a, b) => Math.sign(b.coefficient) - Math.sign(a.coefficient))
  const factors = ordered.map((term) => printedTerm(term, context))
  const [only, ...others] = factors
  if (only !== undefined && others.length === 0 && only.coefficient === 1 && only.operands.length === 1) {
    const [node] = only.operands
    if (node !== undefined) return node
  }
  const operands = factors.flatMap((f) => f.operands)
  return context.numbering.number({
    key: `sum ${factors.map((f) => `${f.coefficient}:${f.operands.length}`).join()}`,
    operands,
    print: (texts) => printSum(factors, texts),
    cheap: operands.length === 1,
  })
}

interface PrintedTerm {
  readonly coefficient: number
  readonly operands: readonly Node[]
}

/** A symbol's atom is its value divided by its scale: the scale goes into the coefficient, or stays as a division. */
function printedTerm(term: Term, context: IndexContext): PrintedTerm {
  let { coefficient } = term
  const operands = term.atoms.map((atom) => {
    if (atom.kind !== 'symbol') return functionNode(atom, context)
    const node = context.symbol(atom.name)
    if (atom.scale === 1) return node
    if (coefficient % atom.scale === 0) {
      coefficient /= atom.scale
      return node
    }
    return context.numbering.number({
      key: `unscale ${atom.scale}`,
      operands: [node],
      print: ([text = missing]) => product(text, '/', primary(String(atom.scale))),
    })
  })
  return { coefficient, operands }
}

function printSum(terms: readonly PrintedTerm[], texts: readonly Text[]): Text {
  let at = 0
  let result: Text | undefined
  for (const { coefficient, operands } of terms) {
    const size = Math.abs(coefficient)
    const factors = [...(size === 1 ? [] : [primary(String(size))]), ...texts.slice(at, at + operands.length)]
    at += operands.length
    const term = factors.slice(1).reduce((a, b) => product(a, '*', b), factors[0] ?? missing)
    if (result === undefined) result = coefficient < 0 ? prefix('-', term) : term
    else result = sum(result, coefficient < 0 ? '-' : '+', term)
  }
  return result ?? missing
}

function functionNode(atom: FunctionAtom, context: IndexContext): Node {
  const left = toDim(atom.left)
  const right = toDim(atom.right)
  const operands = [indexNode(left, context), indexNode(right, context)]
  return context.numbering.number({
    key: atom.kind,
    operands,
    print: ([a = missing, b = missing]) => printFunction(atom.kind, { left, right, a, b }, context),
  })
}

interface FunctionParts {
  readonly left: Dim
  readonly right: Dim
  readonly a: Text
  readonly b: Text
}

function printFunction(kind: FunctionAtom['kind'], parts: FunctionParts, { routine }: IndexContext): Text {
  const { left, right, a, b } = parts
  if (kind === 'min' || kind === 'max') return call(kind, a, b)
  const power = typeof right === 'number' && right > 0 ? Math.log2(right) : 0.5
  if (Number.isInteger(power)) {
    return kind === 'floorDiv'
      ? operation(a, '>>', primary(`${power}u`))
      : operation(a, '&', primary(String(2 ** power - 1)))
  }
  const isPlain = dims.bounds(left).low >= 0 && dims.bounds(right).low > 0
  if (isPlain) return product(a, kind === 'floorDiv' ? '/' : '%', b)
  return routine(kind === 'floorDiv' ? 'tj_floor_div_i32' : 'tj_mod_i32', 1, a, b)
}

function toDim(expression: Expression): Dim {
  const [first, ...rest] = expression.terms
  if (first === undefined) return 0
  return rest.length === 0 && first.atoms.length === 0 ? first.coefficient : expression
}

// parse-formula: the tokens of one line -> a formula
//
// Recursive descent, as Python binds: or, and, not, comparisons (which do not chain), |, &, sums, products, signs,
// power (to the right), then calls, members and indices. Throws SyntaxFailure at the first error of the line.

import {
  type BinaryOperator,
  type Formula,
  type IndexEntry,
  type Keyword,
  type UnaryOperator,
  spanFrom,
} from './ast.ts'
import { type Cursor, SyntaxFailure, adviceOn, shown } from './cursor.ts'
import type { Token } from './lex.ts'

const levels: readonly (readonly BinaryOperator[])[] = [['|'], ['&'], ['+', '-'], ['*', '@', '/', '//', '%']]
const comparisons: readonly BinaryOperator[] = ['==', '!=', '<', '<=', '>', '>=']
const signs: readonly UnaryOperator[] = ['+', '-', '~']

const words: ReadonlyMap<string, true | false | null> = new Map([
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
  ['None', null],
  ['null', null],
])

const longest = 1000

/** Reads a formula, or several separated by commas, which are a list. */
export function readTuple(cursor: Cursor): Formula {
  const first = readFormula(cursor)
  if (!cursor.sees(',')) return first
  const items = [first]
  while (cursor.take(',') !== undefined) {
    if (cursor.peek() === undefined || cursor.sees('=') || cursor.sees(')')) break
    items.push(readFormula(cursor))
  }
  return { kind: 'list', items, span: spanFrom(first.span, cursor.last()) }
}

/** Reads one formula. */
export function readFormula(cursor: Cursor): Formula {
  return cursor.nested(() => readOr(cursor))
}

function readOr(cursor: Cursor): Formula {
  return readLeft(cursor, ['or'], () => readLeft(cursor, ['and'], () => readNot(cursor)))
}

function readNot(cursor: Cursor): Formula {
  const not = cursor.take('not')
  if (not === undefined) return readComparison(cursor)
  const operand = cursor.nested(() => readNot(cursor))
  return { kind: 'unary', operator: 'not', operand, span: spanFrom(not.span, operand.span) }
}

function readComparison(cursor: Cursor): Formula {
  const left = readLevel(cursor, 0)
  const operator = cursor.takeOneOf(comparisons)
  if (operator === undefined) return left
  const right = readLevel(cursor, 0)
  if (comparisons.some((other) => cursor.sees(other)))
    throw new SyntaxFailure(
      'comparisons do not chain; write `a < b and b < c`, or `(a < b) & (b < c)` for tensors',
      cursor.peek()?.span ?? cursor.last(),
    )
  return { kind: 'binary', operator, left, right, span: spanFrom(left.span, right.span) }
}

function readLevel(cursor: Cursor, level: number): Formula {
  const operators = levels[level]
  if (operators === undefined) return readSigned(cursor)
  return readLeft(cursor, operators, () => readLevel(cursor, level + 1))
}

function readLeft(cursor: Cursor, operators: readonly BinaryOperator[], readOperand: () => Formula): Formula {
  let left = readOperand()
  for (let length = 0; ; length++) {
    const operator = cursor.takeOneOf(operators)
    if (operator === undefined) return left
    const right = readOperand()
    left = { kind: 'binary', operator, left, right, span: spanFrom(left.span, right.span) }
    if (length > longest) throw new SyntaxFailure('it is too long; bind parts of it to names', left.span)
  }
}

function readSigned(cursor: Cursor): Formula {
  const start = cursor.peek()?.span ?? cursor.last()
  const operator = cursor.takeOneOf(signs)
  if (operator === undefined) return readPower(cursor)
  const operand = cursor.nested(() => readSigned(cursor))
  return { kind: 'unary', operator, operand, span: spanFrom(start, operand.span) }
}

function readPower(cursor: Cursor): Formula {
  const left = readPostfix(cursor)
  if (cursor.take('**') === undefined) return left
  const right = cursor.nested(() => readSigned(cursor))
  return { kind: 'binary', operator: '**', left, right, span: spanFrom(left.span, right.span) }
}

function readPostfix(cursor: Cursor): Formula {
  let formula = readAtom(cursor)
  for (let length = 0; ; length++) {
    if (length > longest) throw new SyntaxFailure('it is too long; bind parts of it to names', formula.span)
    if (cursor.take('.') !== undefined) formula = readMember(cursor, formula)
    else if (cursor.take('(') !== undefined) formula = readCall(cursor, formula)
    else if (cursor.take('[') !== undefined) formula = readIndex(cursor, formula)
    else return formula
  }
}

function readMember(cursor: Cursor, object: Formula): Formula {
  const name = cursor.peek()
  if (name?.kind !== 'name') throw new SyntaxFailure('a name must follow the dot', name?.span ?? cursor.last())
  cursor.skip()
  return { kind: 'member', object, name: name.text, nameSpan: name.span, span: spanFrom(object.span, name.span) }
}

function readCall(cursor: Cursor, callee: Formula): Formula {
  const positional: Formula[] = []
  const keywords: Keyword[] = []
  while (!cursor.sees(')')) {
    const keyword = readKeyword(cursor)
    if (keyword === undefined) {
      const value = readFormula(cursor)
      if (keywords.length > 0) throw new SyntaxFailure('options come after all other arguments', value.span)
      positional.push(value)
    } else {
      if (keywords.some((other) => other.name === keyword.name))
        throw new SyntaxFailure(`\`${keyword.name}\` is given twice`, keyword.span)
      keywords.push(keyword)
    }
    if (cursor.take(',') === undefined) break
  }
  const end = cursor.expect(')', 'the call')
  return { kind: 'call', callee, positional, keywords, span: spanFrom(callee.span, end.span) }
}

function readKeyword(cursor: Cursor): Keyword | undefined {
  const name = cursor.peek()
  const equals = cursor.peek(1)
  if (name?.kind !== 'name' || equals?.kind !== 'sign' || equals.text !== '=') return undefined
  cursor.skip(2)
  const value = readFormula(cursor)
  return { name: name.text, value, span: spanFrom(name.span, value.span) }
}

function readIndex(cursor: Cursor, object: Formula): Formula {
  const entries: IndexEntry[] = []
  while (!cursor.sees(']')) {
    entries.push(readEntry(cursor))
    if (cursor.take(',') === undefined) break
  }
  const end = cursor.expect(']', 'the index')
  if (entries.length === 0) throw new SyntaxFailure('an index is missing between the brackets', end.span)
  return { kind: 'index', object, entries, span: spanFrom(object.span, end.span) }
}

function readEntry(cursor: Cursor): IndexEntry {
  const rest = cursor.take('...')
  if (rest !== undefined) return { kind: 'rest', span: rest.span }
  const first = cursor.peek()
  const start = readBound(cursor)
  if (cursor.take(':') === undefined) {
    if (start !== undefined) return { kind: 'at', value: start, span: start.span }
    throw new SyntaxFailure(`an index is missing before ${shown(first)}`, first?.span ?? cursor.last())
  }
  const stop = readBound(cursor)
  const step = cursor.take(':') === undefined ? undefined : readBound(cursor)
  return {
    kind: 'slice',
    ...(start === undefined ? {} : { start }),
    ...(stop === undefined ? {} : { stop }),
    ...(step === undefined ? {} : { step }),
    span: spanFrom(first?.span ?? cursor.last(), cursor.last()),
  }
}

function readBound(cursor: Cursor): Formula | undefined {
  return cursor.sees(':') || cursor.sees(',') || cursor.sees(']') ? undefined : readFormula(cursor)
}

function readAtom(cursor: Cursor): Formula {
  const token = cursor.peek()
  if (token === undefined) throw cursor.missing()
  cursor.skip()
  switch (token.kind) {
    case 'value':
      return { kind: 'value', index: Number(token.text), span: token.span }
    case 'number':
      return { kind: 'number', value: Number(token.text.replaceAll('_', '')), span: token.span }
    case 'text':
      return { kind: 'text', value: token.text, span: token.span }
    case 'name':
      return readWord(token)
    default:
      if (token.text === '(') return readBrackets(cursor, token)
      if (token.text === '[') return readList(cursor, token)
      throw new SyntaxFailure(`a value is missing before ${shown(token)}`, token.span)
  }
}

function readWord(token: Token): Formula {
  const value = words.get(token.text)
  if (value !== undefined) return { kind: 'word', value, span: token.span }
  const advice = adviceOn(token)
  if (advice !== undefined) throw new SyntaxFailure(advice, token.span)
  if (token.text === 'and' || token.text === 'or' || token.text === 'not')
    throw new SyntaxFailure(`a value is missing before \`${token.text}\``, token.span)
  return { kind: 'name', name: token.text, span: token.span }
}

function readBrackets(cursor: Cursor, open: Token): Formula {
  const empty = cursor.take(')')
  if (empty !== undefined) return { kind: 'list', items: [], span: spanFrom(open.span, empty.span) }
  const formula = readTuple(cursor)
  cursor.expect(')', 'the brackets')
  return formula
}

function readList(cursor: Cursor, open: Token): Formula {
  const items: Formula[] = []
  while (!cursor.sees(']')) {
    items.push(readFormula(cursor))
    if (cursor.take(',') === undefined) break
  }
  return { kind: 'list', items, span: spanFrom(open.span, cursor.expect(']', 'the list').span) }
}

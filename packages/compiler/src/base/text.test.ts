// base: positions, lines and words

import { expect, test } from 'vitest'
import { internalError, invariant } from './invariant.ts'
import { positionAt } from './span.ts'
import { countOf, createTextWriter, joinWords, splitLines } from './text.ts'

test('positions count lines from 1 and columns from 0, over every kind of line end', () => {
  const text = 'ab\ncd\r\ne\rf\u2028g'
  const places = ['a', 'd', 'e', 'f', 'g'].map((letter) => positionAt(text, text.indexOf(letter)))
  expect(places.map(({ line, column }) => [line, column])).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
    [4, 0],
    [5, 0],
  ])
  expect(splitLines(text)).toEqual(['ab', 'cd', 'e', 'f', 'g'])
})

test('an offset outside the text is moved into it', () => {
  expect(positionAt('ab', 9)).toEqual({ line: 1, column: 2, offset: 2 })
  expect(positionAt('ab', -1)).toEqual({ line: 1, column: 0, offset: 0 })
})

test('words and counts', () => {
  expect([joinWords([]), joinWords(['a']), joinWords(['a', 'b', 'c']), joinWords(['a', 'b'], 'and')]).toEqual([
    '',
    'a',
    'a, b or c',
    'a and b',
  ])
  expect([countOf(1, 'axis', 'axes'), countOf(0, 'axis', 'axes'), countOf(2, 'error')]).toEqual([
    '1 axis',
    '0 axes',
    '2 errors',
  ])
})

test('a writer indents what is written inside', () => {
  const writer = createTextWriter()
  writer.line('a {')
  writer.indented(() => writer.line('b\n\nc'))
  writer.line('}')
  expect(writer.toString()).toBe('a {\n  b\n\n  c\n}')
})

test('internal errors say so', () => {
  expect(() => invariant(false, 'x')).toThrow('internal: x')
  expect(() => internalError('y')).toThrow('internal: y')
  expect(() => invariant(1, 'z')).not.toThrow()
})

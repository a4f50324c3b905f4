// parse-equation: the text of an einsum -> labels
//
// Labels are single letters, unless an operand holds spaces: then they are words between spaces, in the whole equation.

import { refuse } from '../types/errors.ts'

/** Labels of the operands and of the result; '...' stands for axes that broadcast. */
export interface Equation {
  readonly operands: readonly (readonly string[])[]
  /** Undefined where the equation has no arrow. */
  readonly out: readonly string[] | undefined
}

/** Returns the labels of an equation. Throws shape_equation. */
export function parseEquation(text: string): Equation {
  const [left = '', right, ...more] = text.split('->')
  if (more.length > 0) fail(text, 'it has more than one arrow')
  const terms = left.split(',').map((term) => term.trim())
  const result = right?.trim()
  const spaced = [...terms, result ?? ''].some((term) => /[^.\s]\s+[^.\s]/.test(term))
  const read = (term: string): readonly string[] => labelsOf(text, term, spaced)
  return { operands: terms.map(read), out: result === undefined ? undefined : read(result) }
}

function labelsOf(text: string, term: string, spaced: boolean): readonly string[] {
  const parts = term
    .replace('...', ' ... ')
    .split(/\s+/)
    .filter((part) => part !== '')
  const labels = parts.flatMap((part) => (part === '...' || spaced ? [part] : [...part]))
  for (const label of labels)
    if (label !== '...' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(label)) fail(text, `'${label}' is no name of an axis`)
  if (labels.filter((label) => label === '...').length > 1) fail(text, 'an operand has more than one ...')
  return labels
}

function fail(equation: string, message: string): never {
  return refuse('shape_equation', { equation, message }, { argument: 'equation' })
}

// ranges: Python's start:stop:step -> a first index, a step and a size

import { type Dim, add, ceilDiv, compare, max, min, sub } from '../types/dim.ts'
import { refuse, shownSize } from '../types/errors.ts'

/** Which elements of an axis a slice reads: first, first + step, … */
export interface ReadRange {
  readonly start: Dim
  readonly step: number
  readonly size: Dim
}

/** Returns the range as NumPy reads it: negative ends count from the end, ends beyond the axis are cut off. */
export function readRange(n: Dim, start: Dim | undefined, stop: Dim | undefined, step: number): ReadRange {
  if (step === 0)
    refuse('source_bad_argument', { argument: 'step', callee: 'slice', expected: 'a number other than 0', got: '0' })
  // an end that is left out is one of the axis, which the other never passes
  const counted = (size: Dim): Dim => (start === undefined || stop === undefined ? size : max(size, 0))
  if (step > 0) {
    const first = start === undefined ? 0 : limited(n, start, 0, n)
    const last = stop === undefined ? n : limited(n, stop, 0, n)
    return { start: first, step, size: counted(ceilDiv(sub(last, first), step)) }
  }
  const top = sub(n, 1)
  const first = start === undefined ? top : limited(n, start, -1, top)
  const last = stop === undefined ? -1 : limited(n, stop, -1, top)
  return { start: first, step, size: counted(ceilDiv(sub(first, last), -step)) }
}

/** Returns an index counted from 0. Throws shape_index_out_of_range; a dimension in range by its bounds is as good. */
export function readIndex(n: Dim, index: Dim): Dim {
  const at = fromEnd(n, index)
  if (compare(at, '<', 0) === 'yes' || compare(at, '<', n) === 'no')
    refuse('shape_index_out_of_range', { index: shownSize(index), size: shownSize(n) })
  return at
}

function limited(n: Dim, index: Dim, low: Dim, high: Dim): Dim {
  return min(max(fromEnd(n, index), low), high)
}

function fromEnd(n: Dim, index: Dim): Dim {
  const negative = compare(index, '<', 0)
  if (negative === 'unknown')
    refuse('shape_undecided', {
      op: 'an index',
      left: String(shownSize(index)),
      right: '0',
      bound: `${shownSize(index)} >= 0`,
    })
  return negative === 'yes' ? add(n, index) : index
}

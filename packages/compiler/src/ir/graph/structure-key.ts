// structure-key: plain data -> text that is equal for equal data
//
// Sizes are in normal form, so that equal keys are equal structures; numbers that JSON has no words for keep theirs.

import { dims } from '@tsjit/dsl/compiler'

/** Returns the key of plain data, with sizes and index expressions anywhere in it. */
export function structureKey(data: object): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (dims.isDimExpression(value)) return `dim ${dims.keyOf(value)}`
    if (typeof value !== 'number') return value
    return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${Object.is(value, -0) ? '-0' : value}`
  })
}

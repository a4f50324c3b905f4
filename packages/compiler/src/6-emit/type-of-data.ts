// type-of-data: a plain value -> its TypeScript type
//
// Literal where that helps an editor; long arrays by their elements.

import { isIdentifier, quote } from './js-text.ts'

const longestTuple = 64

/** Returns the type of plain data. */
export function typeOfData(value: unknown): string {
  if (Array.isArray(value)) return typeOfArray(value)
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, part]) => {
      return `readonly ${isIdentifier(name) ? name : quote(name)}: ${typeOfData(part)}`
    })
    return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`
  }
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'number'
  return String(value)
}

function typeOfArray(items: readonly unknown[]): string {
  if (items.length <= longestTuple) return `readonly [${items.map(typeOfData).join(', ')}]`
  const kinds = [...new Set(items.map(kindOf))]
  return kinds.length === 1 ? `readonly ${kinds[0] ?? 'unknown'}[]` : `readonly (${kinds.join(' | ')})[]`
}

/** The type of an element among many: without literals. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    const kinds = [...new Set(value.map(kindOf))]
    return kinds.length === 1 ? `readonly ${kinds[0] ?? 'unknown'}[]` : `readonly (${kinds.join(' | ') || 'never'})[]`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, part]) => {
      return `readonly ${isIdentifier(name) ? name : quote(name)}: ${kindOf(part)}`
    })
    return `{ ${members.join('; ')} }`
  }
  return value === null || value === undefined ? String(value) : typeof value
}

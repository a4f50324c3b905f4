// c-tables: numbers and structures -> initialisers of C

import type { DType } from '@tsjit/dsl/compiler'
import { encoderOf } from '@tsjit/host'
import { elementTypes, floatLiteral } from '../../base/c-text.ts'

/** Returns a constant array of elements, given as numbers; one of them where there are none. */
export function dataArray(name: string, dtype: DType, data: ArrayLike<number>, areBits: boolean = false): string {
  const encode = areBits ? undefined : encoderOf(dtype)
  const text =
    dtype === 'f32'
      ? floatText
      : dtype === 'i32'
        ? wordText
        : (n: number): string => String(n) + (dtype === 'u32' ? 'u' : '')
  const items = Array.from(data, (n) => text(encode === undefined ? n : encode(n)))
  return `static const ${elementTypes[dtype]} ${name}[] = ${braces(items.length === 0 ? ['0'] : items)};`
}

/** Returns a list in braces, in lines of a readable width. */
export function braces(items: readonly string[]): string {
  const lines: string[] = []
  let line = ''
  for (const item of items) {
    if (line.length + item.length > 110) {
      lines.push(line)
      line = ''
    }
    line += `${line === '' ? '' : ' '}${item},`
  }
  lines.push(line)
  const [only = ''] = lines
  return lines.length === 1 ? `{ ${only.slice(0, -1)} }` : `{\n  ${lines.join('\n  ')}\n}`
}

function wordText(value: number): string {
  return value === -2147483648 ? '-2147483647 - 1' : String(value)
}

/** Infinities and NaN as math.h calls them. */
function floatText(value: number): string {
  const single = Math.fround(value)
  if (Number.isNaN(single)) return 'NAN'
  if (!Number.isFinite(single)) return single > 0 ? 'INFINITY' : '-INFINITY'
  return floatLiteral(single)
}

// c-tables: numbers and structures -> initialisers of C

import type { DType } from '@tsjit/dsl/compiler'
import { encoderOf } from '@tsjit/host'

const elementTypes: { readonly [D in DType]: string } = {
  f32: 'float',
  f16: 'uint16_t',
  bf16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i8: 'int8_t',
  u8: 'uint8_t',
  bool: 'uint8_t',
}

/** Returns the type of an element in memory. */
export function elementType(dtype: DType): string {
  return elementTypes[dtype]
}

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

/** The shortest decimal that is read as the same f32; infinities and NaN as math.h calls them. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NAN'
  if (!Number.isFinite(value)) return value > 0 ? 'INFINITY' : '-INFINITY'
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return single > 0 ? 'INFINITY' : '-INFINITY'
  let text = Object.is(single, -0) ? '-0' : String(single)
  for (let digits = 1; digits <= 9 && !Number.isInteger(single); digits++) {
    const near = Number(single.toPrecision(digits))
    if (Math.fround(near) !== single) continue
    text = String(near)
    break
  }
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`
}

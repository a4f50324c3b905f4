// value-range: a value -> the least and the largest number that its elements can be
//
// From the dtypes of what it is made of: bytes that were widened, and the zero points that were taken from them. What is not
// known to be smaller is as large as its dtype.

import { type DType, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Value } from '../ir/graph/graph.ts'

/** Inclusive bounds. */
export type Range = readonly [low: number, high: number]

const dtypes: { readonly [D in DType]: Range } = {
  f32: [-Infinity, Infinity],
  f16: [-Infinity, Infinity],
  bf16: [-Infinity, Infinity],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  i8: [-128, 127],
  u8: [0, 255],
  bool: [0, 1],
}

/** Ops behind a value that are looked at. */
const DEPTH = 32

/** Returns the range of the elements of an integer value. */
export function valueRange(producers: ReadonlyMap<Value, AnyOp>, value: Value, depth: number = DEPTH): Range {
  const most = dtypes[value.type.dtype]
  const op = producers.get(value)
  if (op === undefined || depth === 0) return most
  const found = rangeOf(op, (input) => valueRange(producers, input, depth - 1))
  // what leaves the dtype wraps, and may be anything
  return found !== undefined && found[0] >= most[0] && found[1] <= most[1] ? found : most
}

function rangeOf(op: AnyOp, of: (input: Value) => Range): Range | undefined {
  const [a = [0, 0], b = [0, 0], c = [0, 0]] = op.inputs.length > 3 ? [] : op.inputs.map(of)
  switch (op.kind) {
    case 'constant':
      return [op.params.value, op.params.value]
    case 'iota':
      return [0, Math.max(0, dims.bounds(op.params.length).high - 1)]
    case 'literal':
      return op.params.data.reduce<Range>(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [0, 0])
    case 'cast': {
      const { dtype } = op.inputs[0]?.type ?? op.result.type
      // floats saturate
      return dtype.includes('f') ? undefined : a
    }
    case 'reshape':
    case 'permute':
    case 'expand':
    case 'slice':
    case 'window':
    case 'gather':
    case 'gatherElements':
      return a
    case 'pad':
      return union(a, [op.params.value, op.params.value])
    case 'concat':
      return op.inputs.map(of).reduce(union)
    case 'neg':
      return [-a[1], -a[0]]
    case 'abs':
      return [a[0] <= 0 && a[1] >= 0 ? 0 : Math.min(...a.map(Math.abs)), Math.max(...a.map(Math.abs))]
    case 'add':
      return [a[0] + b[0], a[1] + b[1]]
    case 'sub':
      return [a[0] - b[1], a[1] - b[0]]
    case 'mul': {
      const products = a.flatMap((x) => b.map((y) => x * y))
      return [Math.min(...products), Math.max(...products)]
    }
    case 'maximum':
      return [Math.max(a[0], b[0]), Math.max(a[1], b[1])]
    case 'minimum':
      return [Math.min(a[0], b[0]), Math.min(a[1], b[1])]
    case 'where':
      return union(b, c)
    default:
      return undefined
  }
}

function union(a: Range, b: Range): Range {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
}

// reference: the plainest meaning of a graph, in float64, one element at a time
//
// Shares nothing with the compiler's index maps or the eager kernels, so that it can judge both.

import { type DType, type Dim, dims, numbers } from '@tsjit/dsl/compiler'
import type { AnyOp, BranchOp, Graph, GraphOp, LoopOp, Value } from '../../src/ir/graph/graph.ts'

/** A tensor of the reference: shape and row-major elements. */
export interface RefTensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** Runs a graph. Inputs and weights by path, dimensions by name. */
export function runReference(
  graph: Graph,
  given: ReadonlyMap<string, RefTensor>,
  sizes: ReadonlyMap<string, number>,
): ReadonlyMap<string, RefTensor> {
  const values = new Map<Value, RefTensor>()
  for (const g of [...graph.inputs, ...graph.weights]) {
    const tensor = given.get(g.path)
    if (tensor === undefined) throw new Error(`no value for ${g.path}`)
    values.set(g.value, tensor)
  }
  runOps(graph.ops, values, sizes)
  return new Map(graph.outputs.map((o) => [o.path, values.get(o.value) ?? { shape: [], data: [] }]))
}

function runOps(ops: readonly GraphOp[], values: Map<Value, RefTensor>, sizes: ReadonlyMap<string, number>): void {
  const at = (d: Dim): number => dims.valueOf(d, sizes)
  for (const op of ops) {
    if (op.kind === 'branch') runBranch(op, values, sizes)
    else if (op.kind === 'loop') runLoop(op, values, sizes)
    else {
      const inputs = op.inputs.map((v) => valueIn(values, v))
      const shape = op.result.type.shape.map(at)
      const { dtype } = op.result.type
      const data = elements(shape).map((index) => wrapped(dtype, element(op, inputs, index, at)))
      values.set(op.result, { shape, data })
    }
  }
}

function valueIn(values: ReadonlyMap<Value, RefTensor>, value: Value): RefTensor {
  const found = values.get(value)
  if (found === undefined) throw new Error(`no value %${value.id}`)
  return found
}

function runBranch(op: BranchOp, values: Map<Value, RefTensor>, sizes: ReadonlyMap<string, number>): void {
  const [index] = op.inputs
  const given = valueIn(values, index).data[0] ?? 0
  const chosen = index.type.dtype === 'bool' ? (given === 0 ? 1 : 0) : Math.max(0, Math.min(op.arms.length - 1, given))
  const arm = op.arms[chosen]
  runOps(arm?.ops ?? [], values, sizes)
  const found = (arm?.results ?? []).map((v) => valueIn(values, v))
  op.results.forEach((result, i) => values.set(result, found[i] ?? { shape: [], data: [] }))
}

function runLoop(op: LoopOp, values: Map<Value, RefTensor>, sizes: ReadonlyMap<string, number>): void {
  const { body, test, counter, count, inputs, results, maximum = Infinity } = op
  const carried = body.params.length
  let carry = inputs.slice(0, carried).map((v) => valueIn(values, v))
  const last = inputs.at(-1)
  const turns =
    count === 'test'
      ? Infinity
      : count === 'tensor' && last !== undefined
        ? (valueIn(values, last).data[0] ?? 0)
        : dims.valueOf(count as Dim, sizes)
  const rows = results.slice(carried).map(({ type }) => {
    const shape = type.shape.map((d) => dims.valueOf(d, sizes))
    return { shape, data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Number.NaN) }
  })
  for (let turn = 0; turn < Math.min(turns, maximum); turn++) {
    const inner = new Map([...sizes, ...dims.symbolsOf(counter).map(({ name }) => [name, turn] as const)])
    body.params.forEach((param, i) => values.set(param, carry[i] ?? { shape: [], data: [] }))
    if (test !== undefined) {
      runOps(test.ops, values, inner)
      if (test.results.some((v) => valueIn(values, v).data[0] === 0)) break
    }
    runOps(body.ops, values, inner)
    const found = body.results.map((v) => valueIn(values, v))
    carry = found.slice(0, carried)
    const place = dims.valueOf(op.at, inner)
    found.slice(carried).forEach(({ data }, i) => rows[i]?.data.splice(place * data.length, data.length, ...data))
  }
  results.forEach((result, i) => values.set(result, carry[i] ?? rows[i - carried] ?? { shape: [], data: [] }))
}

/** Integers wrap, halves are rounded. */
function wrapped(dtype: DType, x: number): number {
  if (dtype === 'i32') return x | 0
  if (dtype === 'f16') return numbers.roundToF16(x)
  if (dtype === 'bf16') return numbers.roundToBf16(x)
  return dtype === 'u32' ? x >>> 0 : x
}

function elements(shape: readonly number[]): readonly (readonly number[])[] {
  return shape.reduce<number[][]>((all, n) => all.flatMap((i) => Array.from({ length: n }, (_, k) => [...i, k])), [[]])
}

function read(t: RefTensor | undefined, index: readonly number[]): number {
  if (t === undefined) return Number.NaN
  const flat = index.reduce((sum, i, axis) => sum * (t.shape[axis] ?? 1) + i, 0)
  const value = t.data[flat]
  if (value === undefined) throw new Error(`out of range: ${index.join()} of ${t.shape.join()}`)
  return value
}

function element(op: AnyOp, inputs: readonly RefTensor[], index: readonly number[], at: (d: Dim) => number): number {
  const [a, b] = inputs
  switch (op.kind) {
    case 'constant':
      return op.params.value
    case 'literal':
      return read({ shape: op.params.shape, data: op.params.data }, index)
    case 'iota':
      return index[0] ?? 0
    case 'dimension':
      return at(op.params.value)
    case 'reshape': {
      const flat = index.reduce((sum, i, axis) => sum * at(op.params.shape[axis] ?? 1) + i, 0)
      return a?.data[flat] ?? Number.NaN
    }
    case 'permute':
      return read(
        a,
        (a?.shape ?? []).map((_, axis) => index[op.params.axes.indexOf(axis)] ?? 0),
      )
    case 'expand':
      return read(
        a,
        index.map((i, axis) => (a?.shape[axis] === 1 ? 0 : i)),
      )
    case 'slice':
      return read(
        a,
        index.map((i, axis) => at(op.params.starts[axis] ?? 0) + i * (op.params.steps[axis] ?? 1)),
      )
    case 'window': {
      const { axis, stride, dilation } = op.params
      const k = index.at(-1) ?? 0
      return read(
        a,
        index.slice(0, -1).map((i, d) => (d === axis ? i * stride + k * dilation : i)),
      )
    }
    case 'pad': {
      const inner = index.map((i, axis) => i - at(op.params.before[axis] ?? 0))
      return inner.every((i, axis) => i >= 0 && i < (a?.shape[axis] ?? 0)) ? read(a, inner) : op.params.value
    }
    case 'concat': {
      let i = index[op.params.axis] ?? 0
      for (const t of inputs) {
        const n = t.shape[op.params.axis] ?? 0
        if (i < n)
          return read(
            t,
            index.map((x, axis) => (axis === op.params.axis ? i : x)),
          )
        i -= n
      }
      return Number.NaN
    }
    case 'gather': {
      const { axis } = op.params
      const rank = b?.shape.length ?? 0
      const n = a?.shape[axis] ?? 1
      const found = Math.min(n - 1, Math.max(0, read(b, index.slice(axis, axis + rank))))
      return read(a, [...index.slice(0, axis), found, ...index.slice(axis + rank)])
    }
    case 'gatherElements': {
      const { axis } = op.params
      const found = Math.min((a?.shape[axis] ?? 1) - 1, Math.max(0, read(b, index)))
      return read(
        a,
        index.map((i, d) => (d === axis ? found : i)),
      )
    }
    case 'reduce': {
      const { axes, fn } = op.params
      const sizes = axes.map((axis) => a?.shape[axis] ?? 1)
      const all = elements(sizes).map((inner) => {
        const rest = [...index]
        return read(
          a,
          (a?.shape ?? []).map((_, axis) =>
            axes.includes(axis) ? (inner[axes.indexOf(axis)] ?? 0) : (rest.shift() ?? 0),
          ),
        )
      })
      const multiply = isInteger(op) ? Math.imul : (x: number, y: number): number => x * y
      if (fn === 'sum') return all.reduce((x, y) => x + y, 0)
      if (fn === 'prod') return all.reduce(multiply, 1)
      return fn === 'max' ? Math.max(...all) : Math.min(...all)
    }
    case 'contract': {
      const size = new Map<string, number>()
      op.params.a.forEach((l, i) => size.set(l, a?.shape[i] ?? 1))
      op.params.b.forEach((l, i) => size.set(l, b?.shape[i] ?? 1))
      const summed = [...size.keys()].filter((l) => !op.params.out.includes(l))
      let sum = 0
      for (const inner of elements(summed.map((l) => size.get(l) ?? 1))) {
        const place = (l: string): number => index[op.params.out.indexOf(l)] ?? inner[summed.indexOf(l)] ?? 0
        const [x, y] = [read(a, op.params.a.map(place)), read(b, op.params.b.map(place))]
        sum += isInteger(op) ? Math.imul(x, y) : x * y
      }
      return sum
    }
    default:
      return arithmetic(
        op,
        inputs.map((t) => read(t, index)),
      )
  }
}

function isInteger({ result }: AnyOp): boolean {
  return result.type.dtype === 'i32' || result.type.dtype === 'u32'
}

function arithmetic(op: AnyOp, [x = 0, y = 0, z = 0]: readonly number[]): number {
  const kind: string = op.kind
  const one: Readonly<Record<string, () => number>> = {
    neg: () => -x,
    abs: () => Math.abs(x),
    sign: () => Math.sign(x),
    floor: () => Math.floor(x),
    ceil: () => Math.ceil(x),
    trunc: () => Math.trunc(x),
    exp: () => Math.exp(x),
    log: () => Math.log(x),
    sqrt: () => Math.sqrt(x),
    tanh: () => Math.tanh(x),
    sin: () => Math.sin(x),
    cos: () => Math.cos(x),
    add: () => x + y,
    sub: () => x - y,
    mul: () => (isInteger(op) ? Math.imul(x, y) : x * y),
    div: () => x / y,
    maximum: () => Math.max(x, y),
    minimum: () => Math.min(x, y),
    eq: () => Number(x === y),
    ne: () => Number(x !== y),
    lt: () => Number(x < y),
    le: () => Number(x <= y),
    gt: () => Number(x > y),
    ge: () => Number(x >= y),
    and: () => x & y,
    or: () => x | y,
    xor: () => x ^ y,
    bitNot: () => ~x,
    shiftLeft: () => x << y,
    shiftRight: () => (op.result.type.dtype === 'u32' ? x >>> y : x >> y),
    not: () => Number(x === 0),
    where: () => (x !== 0 ? y : z),
    floorDiv: () => (y === 0 ? 0 : Math.floor(x / y)),
    mod: () => (y === 0 ? x : x - y * Math.floor(x / y)),
    cast: () => castTo(op.result.type.dtype, x),
    pow: () => x ** y,
  }
  const meaning = one[kind]
  if (meaning === undefined) throw new Error(`the reference has no ${kind}`)
  return meaning()
}

function castTo(dtype: string, x: number): number {
  if (dtype === 'bool') return Number(x !== 0)
  return dtype.startsWith('i') || dtype.startsWith('u') ? Math.trunc(x) : x
}

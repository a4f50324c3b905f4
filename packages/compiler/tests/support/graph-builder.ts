// graph-builder: small graphs for tests, without a front end

import { type Dim, type DType, dims } from '@tsjit/dsl/compiler'
import type { Graph, GraphInput, GraphWeight, Value } from '../../src/ir/graph/graph.ts'
import { OpRecorder } from '../../src/ir/graph/record.ts'

const origin = { span: { file: 'test.tsjit', start: 0, end: 0 }, calls: [] }

/** Builds a graph by applying primitives, and the usual compositions of them. */
export class GraphBuilder extends OpRecorder {
  readonly inputs: GraphInput[] = []
  readonly weights: GraphWeight[] = []

  constructor() {
    super(origin)
  }

  input(path: string, shape: readonly Dim[], dtype: DType = 'f32'): Value {
    const value = this.value({ dtype, shape })
    this.inputs.push({ path, value, optional: false, origin })
    return value
  }

  weight(path: string, shape: readonly number[]): Value {
    const value = this.value({ dtype: 'f32', shape })
    this.weights.push({ path, value, role: 'param', init: { kind: 'constant', value: 0 }, origin })
    return value
  }

  constant(value: number, shape: readonly Dim[], dtype: DType = 'f32'): Value {
    const c = this.emit('constant', [], { value, dtype })
    return this.expand(c, shape)
  }

  /** NumPy broadcasting to a shape. */
  expand(v: Value, shape: readonly Dim[]): Value {
    const padded = [...Array.from({ length: shape.length - v.type.shape.length }, () => 1), ...v.type.shape]
    return this.emit('expand', [this.emit('reshape', [v], { shape: padded })], { shape })
  }

  binary(kind: 'add' | 'sub' | 'mul' | 'div' | 'maximum', a: Value, b: Value): Value {
    return this.emit(kind, [a, this.expand(b, a.type.shape)], {})
  }

  reduceLast(fn: 'sum' | 'max', v: Value): Value {
    const axis = v.type.shape.length - 1
    const r = this.emit('reduce', [v], { fn, axes: [axis] })
    return this.emit('reshape', [r], { shape: [...r.type.shape, 1] })
  }

  softmax(x: Value): Value {
    const e = this.emit('exp', [this.binary('sub', x, this.reduceLast('max', x))], {})
    return this.binary('div', e, this.reduceLast('sum', e))
  }

  layerNorm(x: Value, g: Value, b: Value): Value {
    const n = this.constant(Number(x.type.shape.at(-1)), [...x.type.shape.slice(0, -1), 1])
    const mean = this.binary('div', this.reduceLast('sum', x), n)
    const d = this.binary('sub', x, mean)
    const variance = this.binary('div', this.reduceLast('sum', this.binary('mul', d, d)), n)
    const s = this.emit('sqrt', [this.binary('add', variance, this.constant(1e-5, variance.type.shape))], {})
    return this.binary('add', this.binary('mul', this.binary('div', d, s), g), b)
  }

  linear(x: Value, w: Value, b?: Value): Value {
    const labels = x.type.shape.slice(0, -1).map((_, i) => `m${i}`)
    const y = this.emit('contract', [x, w], { a: [...labels, 'k'], b: ['n', 'k'], out: [...labels, 'n'] })
    return b === undefined ? y : this.binary('add', y, b)
  }

  relu(x: Value): Value {
    return this.binary('maximum', x, this.constant(0, x.type.shape))
  }

  conv(x: Value, w: Value, b: Value): Value {
    const p = this.emit('pad', [x], { before: [0, 0, 1, 1], after: [0, 0, 1, 1], value: 0 })
    const h = this.emit('window', [p], { axis: 2, size: 3, stride: 1, dilation: 1 })
    const win = this.emit('window', [h], { axis: 3, size: 3, stride: 1, dilation: 1 })
    const y = this.emit('contract', [win, w], {
      a: ['b', 'c', 'y', 'x', 'i', 'j'],
      b: ['o', 'c', 'i', 'j'],
      out: ['b', 'o', 'y', 'x'],
    })
    return this.binary('add', y, this.emit('reshape', [b], { shape: [Number(b.type.shape[0]), 1, 1] }))
  }

  maxPool(x: Value): Value {
    const h = this.emit('window', [x], { axis: 2, size: 2, stride: 2, dilation: 1 })
    const win = this.emit('window', [h], { axis: 3, size: 2, stride: 2, dilation: 1 })
    return this.emit('reduce', [win], { fn: 'max', axes: [4, 5] })
  }

  graph(outputs: Readonly<Record<string, Value>>): Graph {
    const names = new Map<string, Dim>()
    for (const { value } of this.inputs)
      for (const s of value.type.shape.flatMap(dims.symbolsOf)) {
        const [min, max] = [s.min * s.scale, s.max * s.scale]
        names.set(s.name, dims.symbol(s.name, { min, max, multipleOf: s.scale }))
      }
    return {
      name: 'test',
      mode: 'eval',
      dims: [...names].map(([name, dim]) => ({
        name,
        min: dims.bounds(dim).low,
        max: dims.bounds(dim).high,
        multipleOf: dims.symbolsOf(dim)[0]?.scale ?? 1,
        dim,
      })),
      inputs: this.inputs,
      weights: this.weights,
      ops: this.ops,
      outputs: Object.entries(outputs).map(([path, value]) => ({ path, value })),
    }
  }
}

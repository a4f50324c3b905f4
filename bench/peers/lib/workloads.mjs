// workloads: what is timed: numbers, what must come out, the names tsjit's models give to weights, and ONNX models
//
// One row a workload. `tensors` are seeded numbers in the layout that is natural to x @ w; `reference` computes the
// result in 64 bits; `state` names the weights of tsjit's model (a matrix is [outputs, inputs] there, as in PyTorch);
// `onnx` builds the graph as an exporter would; `flop` counts multiplications and additions of matrices; `slow` names the
// targets that need many seconds a run on a software GPU: only --thorough and --gpu have them.
import { blockGraph, blockReference, blockState, blockTensors, width } from './block.mjs'
import * as r from './reference.mjs'

const matrix = (inputs, outputs) => ({ shape: [inputs, outputs], scale: 1 / Math.sqrt(inputs) })
const kernel = (outputs, inputs) => ({ shape: [outputs, inputs, 3, 3], scale: 1 / Math.sqrt(inputs * 9) })
const vector = (size) => ({ shape: [size], scale: 0.1 })
const input = (shape, scale = 1) => ({ shape, scale, role: 'input' })
const transposed = r.transpose

const mlp = (batch) => ({
  title: `MLP 784-512-512-10, batch ${batch}`,
  model: 'mlp',
  flop: 2 * batch * (784 * 512 + 512 * 512 + 512 * 10),
  tensors: {
    x: input([batch, 784]),
    w0: matrix(784, 512),
    b0: vector(512),
    w1: matrix(512, 512),
    b1: vector(512),
    w2: matrix(512, 10),
    b2: vector(10),
  },
  reference(t) {
    const linear = (x, i) => r.addRow(r.matmul(x, t[`w${i}`]), t[`b${i}`])
    const relu = (x) => r.map((value) => Math.max(0, value), x)
    return linear(relu(linear(relu(linear(t.x, 0)), 1)), 2)
  },
  state: (t) =>
    Object.fromEntries(
      [0, 1, 2].flatMap((i) => [
        [`fc${i + 1}.weight`, transposed(t[`w${i}`])],
        [`fc${i + 1}.bias`, t[`b${i}`]],
      ]),
    ),
  onnx(g, t) {
    const linear = (x, i) => g.add('Gemm', [x, g.f32(`w${i}`, t[`w${i}`]), g.f32(`b${i}`, t[`b${i}`])])
    const relu = (x) => g.add('Relu', [x])
    return linear(relu(linear(relu(linear('x', 0)), 1)), 2)
  },
})

const conv = {
  title: '3 to 16 channels, 3 x 3, of 512 x 512',
  flop: 2 * 16 * 27 * 510 * 510,
  slow: ['ort-webgpu'],
  tensors: { x: input([1, 3, 512, 512]), w: kernel(16, 3), b: vector(16) },
  reference: (t) => r.conv3x3(t.x, t.w, t.b, 0),
  state: (t) => ({ 'conv.weight': t.w, 'conv.bias': t.b }),
  onnx: (g, t) => g.add('Conv', ['x', g.f32('w', t.w), g.f32('b', t.b)], { kernel_shape: [3, 3] }),
}

const lstmTensors = { x: input([64, 8, 64]), wx: matrix(64, 512), wh: matrix(128, 512), b: vector(512) }
const lstmFlop = 64 * 2 * 8 * (64 + 128) * 512

function lstmReference(t) {
  const step = (i) => ({ shape: [8, 64], data: t.x.data.subarray(i * 512, (i + 1) * 512) })
  let h = r.make([8, 128])
  let c = r.make([8, 128])
  const outputs = []
  for (let i = 0; i < 64; i++) {
    const gates = r.addRow(
      r.map((a, b) => a + b, r.matmul(step(i), t.wx), r.matmul(h, t.wh)),
      t.b,
    )
    const [into, forget, fresh, out] = [0, 1, 2, 3].map((part) => r.columns(gates, part * 128, part * 128 + 128))
    c = r.map((f, old, a, b) => r.sigmoid(f) * old + r.sigmoid(a) * Math.tanh(b), forget, c, into, fresh)
    h = r.map((a, b) => r.sigmoid(a) * Math.tanh(b), out, c)
    outputs.push(h)
  }
  return { shape: [64, 8, 128], data: r.stackRows(...outputs).data }
}

const lstm = {
  title: 'LSTM written as a cell, 64 steps, batch 8, 64 to 128',
  flop: lstmFlop,
  tensors: lstmTensors,
  reference: lstmReference,
  state: (t) => ({
    'cell.weight_ih': transposed(t.wx),
    'cell.weight_hh': transposed(t.wh),
    'cell.bias': t.b,
  }),
  // Joins by fours: one Concat of 64 needs more storage buffers than a WebGPU kernel may have.
  onnx(g, t) {
    const zeros = g.f32('zeros', { shape: [8, 128], data: new Float32Array(1024) })
    const [wx, wh, b] = ['wx', 'wh', 'b'].map((name) => g.f32(name, t[name]))
    let h = zeros
    let c = zeros
    let parts = []
    for (let i = 0; i < 64; i++) {
      const slice = g.add('Slice', ['x', g.integers(i), g.integers(i + 1), g.integers(0)])
      const x = g.add('Reshape', [slice, g.integers(8, 64)])
      const gates = g.add('Add', [g.add('Add', [g.add('MatMul', [x, wx]), g.add('MatMul', [h, wh])]), b])
      const [into, forget, fresh, out] = g.add('Split', [gates, g.integers(128, 128, 128, 128)], { axis: 1 }, 4)
      const kept = g.add('Mul', [g.add('Sigmoid', [forget]), c])
      c = g.add('Add', [kept, g.add('Mul', [g.add('Sigmoid', [into]), g.add('Tanh', [fresh])])])
      h = g.add('Mul', [g.add('Sigmoid', [out]), g.add('Tanh', [c])])
      parts.push(g.add('Unsqueeze', [h, g.integers(0)]))
    }
    while (parts.length > 1) {
      const fours = Array.from({ length: parts.length / 4 }, (_, i) => parts.slice(4 * i, 4 * i + 4))
      parts = fours.map((four) => g.add('Concat', four, { axis: 0 }))
    }
    return parts[0]
  },
}

const lstmLayer = {
  title: "the same by each library's own LSTM",
  slow: ['tfjs-webgpu'],
  flop: lstmFlop,
  tensors: lstmTensors,
  reference: lstmReference,
  state: (t) => ({
    'lstm.weight_ih_l0': transposed(t.wx),
    'lstm.weight_hh_l0': transposed(t.wh),
    'lstm.bias_ih_l0': t.b,
    'lstm.bias_hh_l0': r.make([512]),
  }),
  // ONNX has the gates in the order input, output, forget, cell.
  onnx(g, t) {
    const reorder = (m) => transposed(m).data
    const ordered = (rows, size) => {
      const part = (i) => rows.subarray(i * 128 * size, (i + 1) * 128 * size)
      return [0, 3, 1, 2].flatMap((i) => [...part(i)])
    }
    const wx = g.f32('wx', { shape: [1, 512, 64], data: ordered(reorder(t.wx), 64) })
    const wh = g.f32('wh', { shape: [1, 512, 128], data: ordered(reorder(t.wh), 128) })
    const b = g.f32('b', { shape: [1, 1024], data: [...ordered(t.b.data, 1), ...new Float32Array(512)] })
    const [y] = g.add('LSTM', ['x', wx, wh, b], { hidden_size: 128 }, 3)
    return g.add('Squeeze', [y, g.integers(1)])
  },
}

const spade = {
  title: 'SPADE block, 64 channels of 64 x 64, 16 classes',
  flop: 2 * 64 * 64 * 9 * (16 * 64 + 2 * 64 * 64),
  tensors: {
    x: input([1, 64, 64, 64]),
    seg: input([1, 16, 64, 64]),
    ws: kernel(64, 16),
    bs: vector(64),
    wg: kernel(64, 64),
    bg: vector(64),
    wb: kernel(64, 64),
    bb: vector(64),
  },
  reference(t) {
    const features = r.map((value) => Math.max(0, value), r.conv3x3(t.seg, t.ws, t.bs, 1))
    const gamma = r.conv3x3(features, t.wg, t.bg, 1)
    const beta = r.conv3x3(features, t.wb, t.bb, 1)
    return r.map((x, scale, shift) => x * (1 + scale) + shift, r.standardize(t.x, 64 * 64), gamma, beta)
  },
  state: (t) => ({
    'shared.weight': t.ws,
    'shared.bias': t.bs,
    'gamma.weight': t.wg,
    'gamma.bias': t.bg,
    'beta.weight': t.wb,
    'beta.bias': t.bb,
  }),
  onnx(g, t) {
    const convolve = (x, w, b) =>
      g.add('Conv', [x, g.f32(w, t[w]), g.f32(b, t[b])], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })
    const features = g.add('Relu', [convolve('seg', 'ws', 'bs')])
    const ones = g.f32('ones', { shape: [64], data: new Float32Array(64).fill(1) })
    const zeros = g.f32('zeros', { shape: [64], data: new Float32Array(64) })
    const normal = g.add('InstanceNormalization', ['x', ones, zeros], { epsilon: { float: 1e-5 } })
    const scale = g.add('Add', [convolve(features, 'wg', 'bg'), g.number(1)])
    return g.add('Add', [g.add('Mul', [normal, scale]), convolve(features, 'wb', 'bb')])
  },
}

const transformer = {
  title: 'transformer block, 128 tokens, width 256',
  flop: 2 * 128 * 12 * width * width + 4 * 128 * 128 * width,
  tensors: { x: input([128, width]), ...blockTensors('') },
  reference: (t) => blockReference(t, '', t.x),
  state: (t) => blockState(t, '', ''),
  onnx: (g, t) => blockGraph(g, t, '', 'x', 128),
}

const layers = [0, 1, 2, 3]
const decode = {
  title: 'one token through 4 such blocks, 128 tokens cached',
  flop: 4 * (2 * 12 * width * width + 4 * width * 129),
  tensors: {
    x: input([1, width]),
    ...Object.assign(
      {},
      ...layers.map((i) => ({
        [`k${i}`]: { shape: [4, 128, 64], scale: 1, role: 'resident' },
        [`v${i}`]: { shape: [4, 128, 64], scale: 1, role: 'resident' },
        ...blockTensors(`l${i}`),
      })),
    ),
  },
  reference: (t) => layers.reduce((x, i) => blockReference(t, `l${i}`, x, [t[`k${i}`], t[`v${i}`]]), t.x),
  state: (t) =>
    Object.assign(
      {},
      ...layers.map((i) => ({
        ...blockState(t, `l${i}`, `blocks.${i}.`),
        [`blocks.${i}.attn.keys`]: t[`k${i}`],
        [`blocks.${i}.attn.values`]: t[`v${i}`],
      })),
    ),
  onnx: (g, t) => layers.reduce((x, i) => blockGraph(g, t, `l${i}`, x, 1, [`k${i}`, `v${i}`]), 'x'),
}

const chain = {
  title: 'chain of 12 elementwise operations, 1 M numbers',
  flop: 12 << 20,
  tensors: { x: input([1 << 20]) },
  reference: (t) =>
    r.map((x) => {
      const rising = Math.max(0, x * 1.5 + 0.25)
      return Math.tanh(Math.exp(r.sigmoid(Math.sqrt(rising * rising + 1)) - 0.5) * x) + x
    }, t.x),
  state: () => ({}),
  onnx(g) {
    const rising = g.add('Relu', [g.add('Add', [g.add('Mul', ['x', g.number(1.5)]), g.number(0.25)])])
    const root = g.add('Sqrt', [g.add('Add', [g.add('Mul', [rising, rising]), g.number(1)])])
    const gate = g.add('Exp', [g.add('Sub', [g.add('Sigmoid', [root]), g.number(0.5)])])
    return g.add('Add', [g.add('Tanh', [g.add('Mul', [gate, 'x'])]), 'x'])
  },
}

const softmax = {
  title: '1024 rows of 1024',
  flop: 5 << 20,
  tensors: { x: input([1024, 1024]) },
  reference: (t) => r.softmax(t.x, 1024),
  state: () => ({}),
  onnx: (g) => g.add('Softmax', ['x'], { axis: -1 }),
}

const layernorm = {
  title: '1024 rows of 1024',
  flop: 8 << 20,
  tensors: { x: input([1024, 1024]), g: { shape: [1024], scale: 1 }, b: vector(1024) },
  reference: (t) =>
    r.make(
      t.x.shape,
      (
        (normal) => (i) =>
          normal.data[i] * t.g.data[i % 1024] + t.b.data[i % 1024]
      )(r.standardize(t.x, 1024)),
    ),
  state: (t) => ({ 'norm.weight': t.g, 'norm.bias': t.b }),
  onnx: (g, t) =>
    g.add('LayerNormalization', ['x', g.f32('g', t.g), g.f32('b', t.b)], { axis: -1, epsilon: { float: 1e-5 } }),
}

const cnn = {
  title: 'digits: two convolutions, pool, linear, of 28 x 28',
  flop: 2 * (26 * 26 * 8 * 9 + 24 * 24 * 16 * 72 + 2304 * 10),
  tensors: {
    x: input([1, 1, 28, 28]),
    w1: kernel(8, 1),
    b1: vector(8),
    w2: kernel(16, 8),
    b2: vector(16),
    w3: matrix(2304, 10),
    b3: vector(10),
  },
  reference(t) {
    const relu = (x) => r.map((value) => Math.max(0, value), x)
    const shapes = r.maxPool2(relu(r.conv3x3(relu(r.conv3x3(t.x, t.w1, t.b1, 0)), t.w2, t.b2, 0)))
    return r.addRow(r.matmul({ shape: [1, 2304], data: shapes.data }, t.w3), t.b3)
  },
  state: (t) => ({
    'conv1.weight': t.w1,
    'conv1.bias': t.b1,
    'conv2.weight': t.w2,
    'conv2.bias': t.b2,
    'fc.weight': transposed(t.w3),
    'fc.bias': t.b3,
  }),
  onnx(g, t) {
    const convolve = (x, i) =>
      g.add('Relu', [
        g.add('Conv', [x, g.f32(`w${i}`, t[`w${i}`]), g.f32(`b${i}`, t[`b${i}`])], { kernel_shape: [3, 3] }),
      ])
    const pooled = g.add('MaxPool', [convolve(convolve('x', 1), 2)], { kernel_shape: [2, 2], strides: [2, 2] })
    return g.add('Gemm', [g.add('Reshape', [pooled, g.integers(1, 2304)]), g.f32('w3', t.w3), g.f32('b3', t.b3)])
  },
}

const rate = 0.01
const factorOf = (step) => (step < 9 ? rate : rate / 2)
const hmc = {
  title: 'HMC: 10 leapfrog steps, logistic regression of 1000 x 20',
  flop: 11 * 4 * 1000 * 20,
  tensors: {
    q: input([20], 0.1),
    p: input([20]),
    X: { shape: [1000, 20], scale: 1 },
    lab: { shape: [1000], labels: true },
  },
  reference(t) {
    const across = transposed(t.X)
    const gradient = (q) => {
      const miss = r.map((z, y) => r.sigmoid(z) - y, r.matmul(t.X, { shape: [20, 1], data: q.data }), t.lab)
      return r.map((a, b) => a + b, q, r.matmul(across, miss))
    }
    const step = (x, factor, d) => r.map((a, b) => a + factor * b, x, d)
    let { q } = t
    let p = step(t.p, -rate / 2, gradient(q))
    for (let i = 0; i < 10; i++) {
      q = step(q, rate, p)
      p = step(p, -factorOf(i), gradient(q))
    }
    return r.stackRows(q, p)
  },
  state: (t) => ({ 'gradient.points': t.X, 'gradient.labels': t.lab }),
  onnx(g, t) {
    const [points, across, labels] = [g.f32('X', t.X), g.f32('XT', transposed(t.X)), g.f32('lab', t.lab)]
    const gradient = (q) => {
      const miss = g.add('Sub', [g.add('Sigmoid', [g.add('MatMul', [points, q])]), labels])
      return g.add('Add', [g.add('MatMul', [across, miss]), q])
    }
    const step = (op, x, factor, d) => g.add(op, [x, g.add('Mul', [d, g.number(factor)])])
    let q = 'q'
    let p = step('Sub', 'p', rate / 2, gradient(q))
    for (let i = 0; i < 10; i++) {
      q = step('Add', q, rate, p)
      p = step('Sub', p, factorOf(i), gradient(q))
    }
    return g.add('Concat', [q, p], { axis: 0 })
  },
}

/** Every workload by name. `model` names the file in models/ where it is not the workload's own name. */
export const workloads = {
  mlp1: mlp(1),
  mlp64: mlp(64),
  conv,
  cnn,
  spade,
  lstm,
  'lstm-layer': lstmLayer,
  transformer,
  decode,
  chain,
  softmax,
  layernorm,
  hmc,
}

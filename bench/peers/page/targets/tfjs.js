// tfjs: the workloads in TensorFlow.js, operation by operation
//
// Images are channels last, as its kernels want them. Without threads: its threaded WebAssembly does not start in a
// bundled page.
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import { Unsupported } from '../unsupported.js'

/** Loads the backend. */
export async function start({ target }) {
  if (target === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  else {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('/tfjs/')
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  }
  if (!(await tf.setBackend(target))) throw new Unsupported(`the backend ${target} did not start`)
  await tf.ready()
}

const linear = (a, b, bias, activation) => tf.fused.matMul({ a, b, bias, activation })
const convolve = (x, filter, bias, pad, activation) => tf.fused.conv2d({ x, filter, strides: 1, pad, bias, activation })
const standardize = (x, axes) => {
  const { mean, variance } = tf.moments(x, axes, true)
  return x.sub(mean).mul(variance.add(1e-5).rsqrt())
}
const norm = (x, scale, shift) => standardize(x, -1).mul(scale).add(shift)

// The WebGPU backend has no erf: `build` looks.
let gelu
const exactGelu = (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1))
const tanhGelu = (x) => {
  const inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI))
  return x.mul(0.5).mul(tf.tanh(inner).add(1))
}

function block(p, w, x, tokens, cache) {
  const project = (from, name) => linear(from, w[`${p}w${name}`], w[`${p}b${name}`])
  const normed = norm(x, w[`${p}g1`], w[`${p}e1`])
  const part = (name) => project(normed, name).reshape([tokens, 4, 64]).transpose([1, 0, 2])
  const q = part('q')
  const k = cache === undefined ? part('k') : tf.concat([cache[0], part('k')], 1)
  const v = cache === undefined ? part('v') : tf.concat([cache[1], part('v')], 1)
  const weights = tf.softmax(tf.matMul(q, k, false, true).mul(1 / 8), -1)
  const mixed = tf.matMul(weights, v).transpose([1, 0, 2]).reshape([tokens, 256])
  const attended = x.add(project(mixed, 'o'))
  const hidden = project(norm(attended, w[`${p}g2`], w[`${p}e2`]), '1')
  return attended.add(project(gelu(hidden), '2'))
}

const mlp = ({ x }, w) => linear(linear(linear(x, w.w0, w.b0, 'relu'), w.w1, w.b1, 'relu'), w.w2, w.b2)

const functions = {
  mlp1: mlp,
  mlp64: mlp,
  conv: ({ x }, w) => convolve(x, w.w, w.b, 'valid'),
  cnn({ x }, w) {
    const second = convolve(convolve(x, w.w1, w.b1, 'valid', 'relu'), w.w2, w.b2, 'valid', 'relu')
    return linear(tf.maxPool(second, 2, 2, 'valid').reshape([1, 2304]), w.w3, w.b3)
  },
  spade({ x, seg }, w) {
    const features = convolve(seg, w.ws, w.bs, 'same', 'relu')
    const scale = convolve(features, w.wg, w.bg, 'same').add(1)
    return standardize(x, [1, 2])
      .mul(scale)
      .add(convolve(features, w.wb, w.bb, 'same'))
  },
  lstm({ x }, { wx, wh, b }) {
    let h = tf.zeros([8, 128])
    let c = tf.zeros([8, 128])
    const outputs = []
    for (const step of tf.unstack(x, 0)) {
      const [into, forget, fresh, out] = tf.split(tf.matMul(step, wx).add(tf.matMul(h, wh)).add(b), 4, 1)
      c = tf
        .sigmoid(forget)
        .mul(c)
        .add(tf.sigmoid(into).mul(tf.tanh(fresh)))
      h = tf.sigmoid(out).mul(tf.tanh(c))
      outputs.push(h)
    }
    return tf.stack(outputs, 0)
  },
  transformer: ({ x }, w) => block('', w, x, 128),
  decode({ x }, w) {
    let token = x
    for (let i = 0; i < 4; i++) token = block(`l${i}`, w, token, 1, [w[`k${i}`], w[`v${i}`]])
    return token
  },
  chain({ x }) {
    const rising = tf.relu(x.mul(1.5).add(0.25))
    const root = tf.sqrt(rising.mul(rising).add(1))
    const gate = tf.exp(tf.sigmoid(root).sub(0.5))
    return tf.tanh(gate.mul(x)).add(x)
  },
  softmax: ({ x }) => tf.softmax(x, -1),
  layernorm: ({ x }, w) => norm(x, w.g, w.b),
  hmc(state, w) {
    const labels = w.lab.reshape([1000, 1])
    const energy = (q) => {
      const z = tf.matMul(w.X, q)
      return tf.softplus(z).sub(labels.mul(z)).sum().add(q.mul(q).sum().mul(0.5))
    }
    const byHand = (q) => tf.matMul(w.X, tf.sigmoid(tf.matMul(w.X, q)).sub(labels), true).add(q)
    const gradient = w.byHand ? byHand : tf.grad(energy)
    let q = state.q.reshape([20, 1])
    let p = state.p.reshape([20, 1])
    p = p.sub(gradient(q).mul(0.005))
    for (let i = 0; i < 10; i++) {
      q = q.add(p.mul(0.01))
      p = p.sub(gradient(q).mul(i < 9 ? 0.01 : 0.005))
    }
    return tf.concat([q, p], 0).reshape([40])
  },
}

const images = ['conv', 'cnn', 'spade']

/** Uploads the weights, in the layouts of the library. */
export async function build(name, data) {
  if (name === 'lstm-layer') return buildLayer(data)
  const isImage = images.includes(name)
  const arrange = (key) => {
    const tensor = data.get(key)
    if (!isImage || tensor.shape.length !== 4) return tensor
    return permute(tensor, data.inputs.includes(key) ? [0, 2, 3, 1] : [2, 3, 1, 0])
  }
  const w = Object.fromEntries(data.weights.map((key) => [key, upload(arrange(key))]))
  // The rows of the last layer follow the order of the pixels.
  if (name === 'cnn') w.w3 = upload(permute({ shape: [16, 144, 10], data: data.get('w3').data }, [1, 0, 2], [2304, 10]))
  const note = chooseMeans(name, w)
  const inputs = data.inputs.map((key) => [key, arrange(key)])
  return {
    note,
    arrange: ['conv', 'spade'].includes(name) ? (reference) => permute(reference, [0, 2, 3, 1]).data : undefined,
    run: () => read(() => functions[name](Object.fromEntries(inputs.map(([key, x]) => [key, upload(x)])), w)),
  }
}

// What a backend lacks shows when it is asked for it.
function chooseMeans(name, w) {
  const works = (f) => {
    try {
      tf.tidy(f)
      return true
    } catch {
      return false
    }
  }
  gelu = exactGelu
  if (name === 'hmc' && !works(() => functions.hmc({ q: tf.zeros([20]), p: tf.zeros([20]) }, w))) {
    w.byHand = true
    return 'gradient written by hand: its own fails here'
  }
  if (['transformer', 'decode'].includes(name) && !works(() => exactGelu(tf.tensor([1])))) {
    gelu = tanhGelu
    return 'GELU by tanh: no erf here'
  }
  return undefined
}

async function buildLayer({ get }) {
  const { layers, sequential } = await import('@tensorflow/tfjs-layers')
  const settings = { units: 128, returnSequences: true, recurrentActivation: 'sigmoid', unitForgetBias: false }
  const model = sequential({ layers: [layers.lstm({ ...settings, inputShape: [64, 64], batchSize: 8 })] })
  model.layers[0].setWeights([get('wx'), get('wh'), get('b')].map(upload))
  const x = permute(get('x'), [1, 0, 2])
  return {
    arrange: (reference) => permute(reference, [1, 0, 2]).data,
    run: () => read(() => model.predict(upload(x))),
  }
}

function upload({ shape, data }) {
  return tf.tensor(data, shape)
}

async function read(f) {
  const y = tf.tidy(f)
  const data = await y.data()
  y.dispose()
  return data
}

function permute({ shape, data }, order, newShape = order.map((axis) => shape[axis])) {
  const sizes = order.map((axis) => shape[axis])
  const steps = order.map((axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const at = sizes.map(() => 0)
  const turned = new Float32Array(data.length)
  for (let i = 0; i < data.length; i++) {
    turned[i] = data[at.reduce((sum, index, axis) => sum + index * steps[axis], 0)]
    for (let axis = sizes.length - 1; axis >= 0 && ++at[axis] === sizes[axis]; axis--) at[axis] = 0
  }
  return { shape: newShape, data: turned }
}

// jaxjs: the workloads in jax-js, compiled by its jit
//
// Its arrays are moved, not shared: `.ref` keeps one for another use.
import * as jax from '@jax-js/jax'
import { Unsupported } from '../unsupported.js'

const { numpy: np, nn, lax } = jax

/** Starts the device. */
export async function start({ target }) {
  const devices = await jax.init(target)
  if (!devices.includes(target)) throw new Unsupported(`no device ${target}, only ${devices}`)
  jax.defaultDevice(target)
}

const norm = (x, scale, shift) => nn.standardize(x, -1).mul(scale).add(shift)
const convolve = (x, w, b, padding) => lax.conv(x, w, [1, 1], padding).add(b.reshape([b.shape[0], 1, 1]))
const linear = (x, w, b) => np.dot(x, w).add(b)

function block(p, w, x, tokens, cache) {
  const project = (from, name) => linear(from, w[`${p}w${name}`], w[`${p}b${name}`])
  const normed = norm(x.ref, w[`${p}g1`], w[`${p}e1`])
  const q = project(normed.ref, 'q').reshape([tokens, 4, 64])
  const k = project(normed.ref, 'k').reshape([tokens, 4, 64])
  const v = project(normed, 'v').reshape([tokens, 4, 64])
  const mixed = cache === undefined ? nn.dotProductAttention(q, k, v) : attendCached(q, k, v, cache)
  const attended = x.add(project(mixed.reshape([tokens, 256]), 'o'))
  const hidden = project(norm(attended.ref, w[`${p}g2`], w[`${p}e2`]), '1')
  return attended.add(project(nn.gelu(hidden, { approximate: false }), '2'))
}

function attendCached(q, k, v, [oldKeys, oldValues]) {
  const turn = (x) => np.transpose(x, [1, 0, 2])
  const keys = np.concatenate([oldKeys, turn(k)], 1)
  const values = np.concatenate([oldValues, turn(v)], 1)
  const scores = np.matmul(turn(q), np.transpose(keys, [0, 2, 1])).mul(1 / 8)
  return turn(np.matmul(nn.softmax(scores, -1), values))
}

const mlp = ({ x }, w) => {
  const first = nn.relu(linear(x, w.w0, w.b0))
  return linear(nn.relu(linear(first, w.w1, w.b1)), w.w2, w.b2)
}

const functions = {
  mlp1: mlp,
  mlp64: mlp,
  conv: ({ x }, w) => convolve(x, w.w, w.b, 'VALID'),
  cnn({ x }, w) {
    const first = nn.relu(convolve(x, w.w1, w.b1, 'VALID'))
    const second = nn.relu(convolve(first, w.w2, w.b2, 'VALID'))
    return linear(np.max(second.reshape([1, 16, 12, 2, 12, 2]), [3, 5]).reshape([1, 2304]), w.w3, w.b3)
  },
  spade({ x, seg }, w) {
    const features = nn.relu(convolve(seg, w.ws, w.bs, 'SAME'))
    const gamma = convolve(features.ref, w.wg, w.bg, 'SAME')
    const beta = convolve(features, w.wb, w.bb, 'SAME')
    return nn.standardize(x, [2, 3]).mul(gamma.add(1)).add(beta)
  },
  lstm({ x }, { wx, wh, b }) {
    let h = np.zeros([8, 128])
    let c = np.zeros([8, 128])
    const outputs = []
    for (const step of np.split(x, 64, 0)) {
      const sum = np
        .dot(step.reshape([8, 64]), wx.ref)
        .add(np.dot(h, wh.ref))
        .add(b.ref)
      const [into, forget, fresh, out] = np.split(sum, 4, 1)
      c = nn
        .sigmoid(forget)
        .mul(c)
        .add(nn.sigmoid(into).mul(np.tanh(fresh)))
      h = nn.sigmoid(out).mul(np.tanh(c.ref))
      outputs.push(h.ref)
    }
    for (const rest of [h, c, wx, wh, b]) rest.dispose()
    return np.stack(outputs, 0)
  },
  transformer: ({ x }, w) => block('', w, x, 128),
  decode({ x }, w) {
    let token = x
    for (let i = 0; i < 4; i++) token = block(`l${i}`, w, token, 1, [w[`k${i}`], w[`v${i}`]])
    return token
  },
  chain({ x }) {
    const rising = nn.relu(x.ref.mul(1.5).add(0.25))
    const root = np.sqrt(rising.ref.mul(rising).add(1))
    const gate = np.exp(nn.sigmoid(root).sub(0.5))
    return np.tanh(gate.mul(x.ref)).add(x)
  },
  softmax: ({ x }) => nn.softmax(x, -1),
  layernorm: ({ x }, w) => norm(x, w.g, w.b),
  hmc(state, { X, lab }) {
    const energy = (q, points, labels) => {
      const z = np.dot(points, q.ref)
      const likelihood = np.sum(nn.softplus(z.ref).sub(labels.mul(z)))
      return likelihood.add(np.sum(q.ref.mul(q)).mul(0.5))
    }
    const gradient = (q) => jax.grad(energy)(q, X.ref, lab.ref)
    let { q, p } = state
    p = p.sub(gradient(q.ref).mul(0.005))
    for (let i = 0; i < 10; i++) {
      q = q.add(p.ref.mul(0.01))
      p = p.sub(gradient(q.ref).mul(i < 9 ? 0.01 : 0.005))
    }
    X.dispose()
    lab.dispose()
    return np.concatenate([q, p], 0)
  },
}

/** Uploads the weights and compiles the function. */
export async function build(name, { get, inputs, weights }) {
  const f = functions[name]
  if (f === undefined) throw new Unsupported('no LSTM of its own')
  const array = (key) => np.array(get(key).data, { shape: get(key).shape })
  const all = (keys) => Object.fromEntries(keys.map((key) => [key, array(key)]))
  const w = all(weights)
  const compiled = jax.jit((x, parameters) => f(x, parameters))
  return { run: () => compiled(all(inputs), jax.tree.ref(w)).data() }
}

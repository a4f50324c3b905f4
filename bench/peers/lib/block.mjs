// block: the transformer block of two workloads: numbers, reference, names of weights, ONNX
import * as r from './reference.mjs'

/** The numbers of a token. */
export const width = 256
const heads = 4
const head = width / heads

/** Declares the weights of a block; `p` stands before their names. */
export function blockTensors(p) {
  const matrix = (inputs, outputs) => ({ shape: [inputs, outputs], scale: 1 / Math.sqrt(inputs) })
  const vector = (size) => ({ shape: [size], scale: 0.1 })
  const linear = (name, inputs, outputs) => ({
    [`${p}w${name}`]: matrix(inputs, outputs),
    [`${p}b${name}`]: vector(outputs),
  })
  const norm = (name) => ({ [`${p}g${name}`]: { ...vector(width), offset: 1 }, [`${p}e${name}`]: vector(width) })
  const projections = ['q', 'k', 'v', 'o'].map((name) => linear(name, width, width))
  return Object.assign({}, ...projections, linear(1, width, 1024), linear(2, 1024, width), norm(1), norm(2))
}

/** The names that tsjit's models give to them. */
export function blockState(t, p, to) {
  const linear = (from, name) => ({
    [`${to}${name}.weight`]: r.transpose(t[`${p}w${from}`]),
    [`${to}${name}.bias`]: t[`${p}b${from}`],
  })
  const norm = (i) => ({ [`${to}ln${i}.weight`]: t[`${p}g${i}`], [`${to}ln${i}.bias`]: t[`${p}e${i}`] })
  const projections = ['q', 'k', 'v', 'o'].map((name) => linear(name, `attn.${name}`))
  return Object.assign({}, ...projections, linear(1, 'fc1'), linear(2, 'fc2'), norm(1), norm(2))
}

/** The block in 64 bits; `cache` holds keys and values [heads, past, head] of earlier tokens. */
export function blockReference(t, p, x, cache) {
  const linear = (from, name) => r.addRow(r.matmul(from, t[`${p}w${name}`]), t[`${p}b${name}`])
  const norm = (from, i) => {
    const [scale, shift] = [t[`${p}g${i}`].data, t[`${p}e${i}`].data]
    const normal = r.standardize(from, width)
    return r.make(from.shape, (at) => normal.data[at] * scale[at % width] + shift[at % width])
  }
  const plus = (a, b) => r.map((left, right) => left + right, a, b)
  const normed = norm(x, 1)
  const [q, k, v] = ['q', 'k', 'v'].map((name) => linear(normed, name))
  const mixed = r.make(x.shape)
  for (let i = 0; i < heads; i++) {
    const own = (from) => r.columns(from, i * head, (i + 1) * head)
    const all = (from, old) => {
      if (old === undefined) return own(from)
      const [, past] = old.shape
      return r.stackRows(
        { shape: [past, head], data: old.data.subarray(i * past * head, (i + 1) * past * head) },
        own(from),
      )
    }
    const keys = all(k, cache?.[0])
    const scores = r.map((score) => score / Math.sqrt(head), r.matmul(own(q), r.transpose(keys)))
    const part = r.matmul(r.softmax(scores, keys.shape[0]), all(v, cache?.[1]))
    for (let at = 0; at < part.data.length; at++) {
      mixed.data[Math.floor(at / head) * width + i * head + (at % head)] = part.data[at]
    }
  }
  const attended = plus(x, linear(mixed, 'o'))
  return plus(attended, linear(r.map(r.gelu, linear(norm(attended, 2), 1)), 2))
}

/** The block as ONNX. */
export function blockGraph(g, t, p, x, tokens, cache) {
  const weight = (name) => g.f32(`${p}${name}`, t[`${p}${name}`])
  const linear = (from, name) => g.add('Add', [g.add('MatMul', [from, weight(`w${name}`)]), weight(`b${name}`)])
  const norm = (from, i) =>
    g.add('LayerNormalization', [from, weight(`g${i}`), weight(`e${i}`)], { axis: -1, epsilon: { float: 1e-5 } })
  const normed = norm(x, 1)
  const part = (name, perm = [1, 0, 2]) =>
    g.add('Transpose', [g.add('Reshape', [linear(normed, name), g.integers(tokens, heads, head)])], { perm })
  const q = part('q')
  let k = cache === undefined ? part('k', [1, 2, 0]) : part('k')
  let v = part('v')
  if (cache !== undefined) {
    k = g.add('Transpose', [g.add('Concat', [cache[0], k], { axis: 1 })], { perm: [0, 2, 1] })
    v = g.add('Concat', [cache[1], v], { axis: 1 })
  }
  const scores = g.add('Mul', [g.add('MatMul', [q, k]), g.number(1 / Math.sqrt(head))])
  const mixed = g.add('MatMul', [g.add('Softmax', [scores], { axis: -1 }), v])
  const flat = g.add('Reshape', [g.add('Transpose', [mixed], { perm: [1, 0, 2] }), g.integers(tokens, width)])
  const attended = g.add('Add', [x, linear(flat, 'o')])
  return g.add('Add', [attended, linear(gelu(g, linear(norm(attended, 2), 1)), 2)])
}

function gelu(g, x) {
  const erf = g.add('Erf', [g.add('Div', [x, g.number(Math.SQRT2)])])
  return g.add('Mul', [g.add('Mul', [x, g.number(0.5)]), g.add('Add', [erf, g.number(1)])])
}

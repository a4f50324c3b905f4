// workloads: what is timed on a GPU
//
// Those of bench/peers, and some that only a GPU is for. `model` is a file and `export` a model of it; `bytes` counts what
// a perfect program moves, `flop` what it computes; large ones are checked at some elements, not all.
import { workloads as peers } from '../../peers/lib/workloads.mjs'

const sizes = {
  full: { stream: 2 ** 26, gemm: 4096, halves: 4096 },
  // so many halves that Hopper takes kernels of its own
  small: { stream: 2 ** 16, gemm: 128, halves: 512 },
}

/** Returns the workloads; `small` ones are for a try on a machine without a GPU. */
export function cudaWorkloads(isSmall) {
  const { stream, gemm, halves } = isSmall ? sizes.small : sizes.full
  const own = Object.fromEntries(
    Object.entries(peers).map(([name, { title, model = name, flop }]) => [
      name,
      { title, flop, data: name, file: `../peers/models/${model}.tsjit` },
    ]),
  )
  return {
    ...own,
    'conv-by-hand': {
      weights: ({ w, b }) => ({ 'conv.weights': { ...w, shape: [16, 3, 9] }, 'conv.bias': b }),
      title: 'the convolution, written by hand',
      flop: peers.conv.flop,
      data: 'conv',
      file: 'models/conv-by-hand.tsjit',
      peer: 'conv_by_hand',
    },
    stream: {
      title: `elementwise chain over ${stream} numbers`,
      bytes: 8 * stream,
      file: 'models/stream.tsjit',
      inputs: { x: [stream] },
      check: checkStream,
    },
    gemm: {
      title: `product of ${gemm} x ${gemm}, f32`,
      flop: 2 * gemm ** 3,
      file: 'models/gemm.tsjit',
      export: isSmall ? 'gemmSmall' : 'gemm',
      inputs: { a: [gemm, gemm], b: [gemm, gemm] },
      check: checkProduct,
    },
    'gemm-bf16': {
      title: `product of ${halves} x ${halves}, bf16`,
      flop: 2 * halves ** 3,
      file: 'models/gemm.tsjit',
      export: isSmall ? 'gemmBf16Small' : 'gemmBf16',
      dtype: 'bf16',
      inputs: { a: [halves, halves], b: [halves, halves] },
      check: checkProduct,
    },
  }
}

/** Returns the largest error at some elements, relative to the largest of these. */
function checkStream({ x }, output) {
  return worst(places(output.length), (i) => {
    const rising = Math.max(0, x[i] * 1.5 + 0.25)
    const gate = Math.exp(1 / (1 + Math.exp(-Math.sqrt(rising * rising + 1))) - 0.5)
    return [Math.tanh(gate * x[i]) + x[i], output[i]]
  })
}

function checkProduct({ a, b }, output) {
  const size = Math.sqrt(output.length)
  return worst(places(output.length), (i) => {
    const [row, column] = [Math.floor(i / size), i % size]
    let sum = 0
    for (let k = 0; k < size; k++) sum += a[row * size + k] * b[k * size + column]
    return [sum, output[i]]
  })
}

function places(length) {
  return Array.from({ length: 64 }, (_, i) => Math.floor(((i * 0.6180339887498949) % 1) * length))
}

function worst(indices, pairAt) {
  const pairs = indices.map(pairAt)
  const scale = Math.max(...pairs.map(([want]) => Math.abs(want)))
  return Math.max(...pairs.map(([want, got]) => Math.abs(want - got))) / scale
}

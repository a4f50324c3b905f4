// reference: the operations of the workloads in 64 bits, written to be read: what every result is held against
//
// A tensor here is { shape, data } with a Float64Array. Nothing here broadcasts but a last axis (`addRow`).

/** Returns a tensor of zeros, or of `at(index)`. */
export function make(shape, at) {
  const data = new Float64Array(sizeOf(shape))
  if (at !== undefined) for (let i = 0; i < data.length; i++) data[i] = at(i)
  return { shape, data }
}

/** The number of elements of a shape. */
export function sizeOf(shape) {
  return shape.reduce((product, size) => product * size, 1)
}

/** Applies `f` to the elements of tensors of one shape. */
export function map(f, first, ...rest) {
  return make(first.shape, (i) => f(first.data[i], ...rest.map(({ data }) => data[i])))
}

/** [m, k] times [k, n]. */
export function matmul(a, b) {
  const [m, k] = a.shape
  const n = b.shape[1]
  const y = make([m, n])
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const left = a.data[i * k + p]
      for (let j = 0; j < n; j++) y.data[i * n + j] += left * b.data[p * n + j]
    }
  }
  return y
}

/** Adds a row to every row. */
export function addRow(x, row) {
  return make(x.shape, (i) => x.data[i] + row.data[i % row.data.length])
}

/** [rows, columns] to [columns, rows]. */
export function transpose({ shape: [rows, columns], data }) {
  return make([columns, rows], (i) => data[(i % rows) * columns + Math.floor(i / rows)])
}

/** Columns [from, to) of a matrix. */
export function columns({ shape: [rows, width], data }, from, to) {
  return make([rows, to - from], (i) => data[Math.floor(i / (to - from)) * width + from + (i % (to - from))])
}

/** Rows below each other. */
export function stackRows(...parts) {
  const shape = [parts.reduce((rows, part) => rows + part.shape[0], 0), ...parts[0].shape.slice(1)]
  const y = make(shape)
  let at = 0
  for (const { data } of parts) {
    y.data.set(data, at)
    at += data.length
  }
  return y
}

/** [1, channels, h, w] with [outputs, channels, 3, 3] and a bias, stride 1. */
export function conv3x3(x, weight, bias, padding) {
  const [, channels, height, width] = x.shape
  const outputs = weight.shape[0]
  const h = height + 2 * padding - 2
  const w = width + 2 * padding - 2
  const y = make([1, outputs, h, w], (i) => bias.data[Math.floor(i / (h * w))])
  for (let o = 0; o < outputs; o++) {
    for (let tap = 0; tap < channels * 9; tap++) {
      const dy = (Math.floor(tap / 3) % 3) - padding
      const dx = (tap % 3) - padding
      const factor = weight.data[o * channels * 9 + tap]
      const plane = Math.floor(tap / 9) * height
      const [left, right] = [Math.max(0, -dx), Math.min(w, width - dx)]
      for (let row = Math.max(0, -dy); row < Math.min(h, height - dy); row++) {
        const from = (plane + row + dy) * width + dx
        const to = (o * h + row) * w
        for (let j = left; j < right; j++) y.data[to + j] += factor * x.data[from + j]
      }
    }
  }
  return y
}

/** The largest of every 2 x 2 pixels. */
export function maxPool2({ shape: [n, channels, height, width], data }) {
  const [h, w] = [height / 2, width / 2]
  return make([n, channels, h, w], (i) => {
    const at = Math.floor(i / w) * 2 * width + (i % w) * 2
    return Math.max(data[at], data[at + 1], data[at + width], data[at + width + 1])
  })
}

/** Groups of `width` neighbours to mean 0 and variance 1. */
export function standardize(x, width) {
  return perRow(x, width, (row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / width
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
    return row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5))
  })
}

/** The softmax of groups of `width` neighbours. */
export function softmax(x, width) {
  return perRow(x, width, (row) => {
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity)
    const powers = row.map((value) => Math.exp(value - top))
    const sum = powers.reduce((total, value) => total + value, 0)
    return powers.map((value) => value / sum)
  })
}

function perRow(x, width, f) {
  const y = make(x.shape)
  for (let at = 0; at < x.data.length; at += width) y.data.set(f(x.data.subarray(at, at + width)), at)
  return y
}

/** 1 / (1 + e^-x). */
export function sigmoid(x) {
  return 1 / (1 + Math.exp(-x))
}

/** The exact GELU. */
export function gelu(x) {
  return (x / 2) * (1 + erf(x / Math.SQRT2))
}

// By its power series near 0, by its continued fraction elsewhere: 14 digits.
function erf(x) {
  const z = Math.abs(x)
  if (z > 6) return Math.sign(x)
  if (z < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; n < 80; n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
    }
    return (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = z
  for (let n = 80; n > 0; n--) fraction = z + n / 2 / fraction
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction)
}

// Kernels that nvcc compiled, from tests/fixtures: PTX that this project did not write.
import { expect, test } from 'vitest'
import { describeEmulator, f32, i32 } from './support/open.ts'
import { numbers, worst } from './support/numbers.ts'

process.env['TSJIT_EMU_QUIET'] = '1'

await describeEmulator('kernels by nvcc', (emulator) => {
  test('a matrix product in tiles, with edges', () => {
    const [m, n, k] = [70, 45, 99]
    const [a, b] = [numbers(m * k, 1), numbers(k * n, 2)]
    const out = emulator.alloc(m * n * 4)
    const kernel = emulator.entry(emulator.fixture('tiles'), 'matmul')
    const params = [emulator.upload(a), emulator.upload(b), out, i32(m), i32(n), i32(k)]
    emulator.run(kernel, [Math.ceil(n / 32), Math.ceil(m / 32)], [32, 8], params)
    const expected = Float64Array.from({ length: m * n }, (_, i) => {
      let sum = 0
      for (let l = 0; l < k; l++) sum += a[Math.floor(i / n) * k + l]! * b[l * n + (i % n)]!
      return sum
    })
    expect(worst(emulator.read(out, new Float32Array(m * n)), expected)).toBeLessThan(2e-5)
  })

  test('softmax of rows, by shuffles', () => {
    const [rows, n] = [5, 777]
    const x = numbers(rows * n, 3, 6)
    const out = emulator.alloc(rows * n * 4)
    emulator.run(emulator.entry(emulator.fixture('tiles'), 'softmax'), [rows], [256], [emulator.upload(x), out, i32(n)])
    const y = emulator.read(out, new Float32Array(rows * n))
    for (let r = 0; r < rows; r++) {
      const row = [...x.subarray(r * n, (r + 1) * n)]
      const high = Math.max(...row)
      const sum = row.reduce((total, v) => total + Math.exp(v - high), 0)
      expect(worst(y.subarray(r * n, (r + 1) * n), row.map((v) => Math.exp(v - high) / sum))).toBeLessThan(1e-8) // prettier-ignore
    }
  })

  test('a sum by atomics, over many blocks', () => {
    const x = numbers(100_003, 4)
    const sum = emulator.zeros(1)
    emulator.run(emulator.entry(emulator.fixture('tiles'), 'total'), [40], [256], [emulator.upload(x), sum, i32(x.length)]) // prettier-ignore
    expect(emulator.read(sum, new Float32Array(1))[0]).toBeCloseTo(
      x.reduce((a, v) => a + v, 0),
      2,
    )
  })

  test('vectors of four numbers', () => {
    const [x, y] = [numbers(4096, 5), numbers(4096, 6)]
    const out = emulator.upload(y)
    emulator.run(emulator.entry(emulator.fixture('tiles'), 'axpy'), [5], [256], [f32(2.5), emulator.upload(x), out, i32(1024)]) // prettier-ignore
    expect(
      worst(
        emulator.read(out, new Float32Array(4096)),
        y.map((v, i) => v + 2.5 * x[i]!),
      ),
    ).toBeLessThan(1e-6)
  })

  test('the mathematical library', () => {
    const n = 2000
    const x = numbers(n, 7, 4)
    const out = emulator.alloc(n * 20 * 4)
    emulator.run(
      emulator.entry(emulator.fixture('functions'), 'functions'),
      [8],
      [256],
      [emulator.upload(x), out, i32(n)],
    )
    const y = emulator.read(out, new Float32Array(n * 20))
    const f = Math.fround
    const references: readonly ((v: number) => number)[] = [
      Math.exp,
      (v) => Math.log(f(Math.abs(v) + f(1e-3))),
      (v) => Math.sin(f(v * 1000)),
      (v) => Math.cos(f(v * f(1e6))),
      Math.tanh,
      erf,
      (v) => f(Math.abs(v) + f(0.1)) ** f(1.7),
      (v) => 1 / Math.sqrt(f(Math.abs(v) + f(1e-3))),
      (v) => Math.log1p(Math.abs(v)),
      (v) => Math.atan2(v, f(0.3)),
      (v) => v % f(0.7),
      (v) => Math.floor(f(v * 3)),
      Math.cbrt,
      Math.tan,
      (v) => logGamma(f(Math.abs(v) + 0.5)),
      Math.exp,
      (v) => Math.sqrt(Math.abs(v)),
      (v) => v / 3,
      (v) => Math.sign(v) * Math.floor(Math.abs(f(v * 10)) + 0.5),
      (v) => 1 / (v * v + 2),
    ]
    for (const [k, reference] of references.entries()) {
      let error = 0
      for (let i = 0; i < n; i++) {
        const expected = reference(x[i]!)
        error = Math.max(error, Math.abs(expected - y[i * 20 + k]!) / Math.max(1, Math.abs(expected)))
      }
      expect(error, `function ${k}`).toBeLessThan(k === 14 ? 2e-6 : 3e-7)
    }
  })
})

function erf(x: number): number {
  let sum = 0
  let term = x
  for (let k = 0; k < 120; k++) {
    sum += term / (2 * k + 1)
    term *= (-x * x) / (k + 1)
  }
  return (sum * 2) / Math.sqrt(Math.PI)
}

// Stirling's series, after moving the argument up.
function logGamma(x: number): number {
  let shift = 0
  while (x < 15) shift -= Math.log(x++)
  const z = 1 / (x * x)
  return shift + (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - (1 / 360 - z / 1260) * z) / x
}

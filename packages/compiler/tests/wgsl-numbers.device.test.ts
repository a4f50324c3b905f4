// Every elementwise primitive and conversion on a device.
import { expect, test } from 'vitest'
import { describeDevice, destroyAfterAll, requestTestDevice } from '../../../tests/support/device.ts'
import { printWgsl } from '../src/5-codegen/wgsl/print-wgsl.ts'
import * as k from './support/kernels.ts'
import { evaluationKernel } from './support/number-kernels.ts'
import { type NumberTarget, createRandom, describeNumbers, storages } from './support/number-tests.ts'
import { messagesOf, runWgsl } from './support/run-wgsl.ts'

await describeDevice('numbers of WGSL', async () => {
  const { device } = await requestTestDevice()
  destroyAfterAll(device)

  const evaluate: NumberTarget['evaluate'] = async (columns, types, value) => {
    const { from, to, width } = types
    const count = columns[0]!.length
    const kernel = evaluationKernel(columns.length, types, value)
    const printed = printWgsl(kernel, { names: width === 1 ? 'readable' : 'minified' })
    const buffers = [...columns.map((column) => storages[from].from(column)), new storages[to](count)]
    const results = await runWgsl(device, printed, {
      buffers,
      groups: [Math.ceil(count / 64), 1, 1],
      words: [count / width],
    })
    return results.at(-1)!
  }

  const store: NumberTarget['store'] = async (values, type, dtype) => {
    const x = storages[type].from(Array.from(values))
    const y = new (type === 'f32' ? Float32Array : type === 'i32' ? Int32Array : Uint32Array)(x.length)
    const kernel = k.elementwise([type], dtype, (at) => k.load('x0', at, type))
    const [, got] = await runWgsl(device, printWgsl(kernel, { names: 'readable' }), {
      buffers: [x, y],
      groups: [Math.ceil(x.length / 64), 1, 1],
      words: [x.length],
    })
    return got!
  }

  describeNumbers({ evaluate, store })

  test('every sample compiles without a message', async () => {
    for (const [name, make] of Object.entries(k.samples))
      for (const names of ['readable', 'minified'] as const) {
        expect(await messagesOf(device, printWgsl(make(), { names }).code), name).toEqual([])
      }
  })

  test('a tiled matrix product', async () => {
    const random = createRandom(5)
    const [rows, depth, columns] = [37, 96, 64]
    const fill = (length: number): Float32Array => Float32Array.from({ length }, () => 2 * random() - 1)
    const [x, w, b] = [fill(rows * depth), fill(depth * columns), fill(columns)]
    const printed = printWgsl(k.tiledMatmul(), { names: 'minified' })
    const buffers = [x, w, b, new Float32Array(rows * columns)]
    const got = (await runWgsl(device, printed, { buffers, groups: [2, 2, 1], words: [rows] }))[3]!
    const worst = Array.from(got, (value, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns]
      let sum = b[j]!
      for (let d = 0; d < depth; d++) sum += x[i * depth + d]! * w[d * columns + j]!
      return Math.abs(value - Math.max(sum, 0))
    })
    expect(Math.max(...worst)).toBeLessThan(1e-5)
  })
})

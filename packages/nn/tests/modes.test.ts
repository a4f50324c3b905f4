// Layers that behave otherwise in training: PyTorch's numbers, in both modes of one instance.

import { readFileSync } from 'node:fs'
import { type HostTensor, readSafetensors, writeSafetensors } from '@tsjit/host'
import { f32, model } from '@tsjit/dsl'
import { expect, test } from 'vitest'
import * as nn from '../src/index.tsjit'

const file = readSafetensors(readFileSync(new URL('../../dsl/tests/golden/bn_basic.safetensors', import.meta.url)))

function tensor(name: string): Float32Array {
  const found = file.tensors.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no tensor ${name}`)
  return new Float32Array(file.bytesOf(found).slice().buffer)
}

function expectClose(got: ArrayLike<number>, want: Float32Array): void {
  expect(got).toHaveLength(want.length)
  const worst = Array.from(want, (value, i) => Math.abs(value - (got[i] ?? Number.NaN)))
  expect(Math.max(...worst)).toBeLessThan(2e-5)
}

test('batchNorm2d: statistics of the batch in training, running ones at evaluation', async () => {
  const definition = model({
    inputs: { x: f32(4, 3, 5, 5) },
    layers: { norm: nn.batchNorm2d(3) },
    forward: ({ x }, { norm }) => ({ y: norm(x) }),
  })
  const data = (name: string): { dtype: string; shape: number[]; data: ArrayBufferView } => ({
    dtype: 'F32',
    shape: [3],
    data: tensor(`in.${name}`),
  })
  const weights = writeSafetensors({
    'norm.weight': data('weight'),
    'norm.bias': data('bias'),
    'norm.running_mean': data('running_mean0'),
    'norm.running_var': data('running_var0'),
    'norm.num_batches_tracked': { dtype: 'I64', shape: [], data: new BigInt64Array(1) },
  })
  const net = await definition.load({ weights })
  const y = async (input: string, mode: 'eval' | 'train'): Promise<ArrayLike<number>> => {
    const results: { readonly y: HostTensor } = await net.run({ x: tensor(`in.${input}`) }, { mode })
    return results.y.data()
  }
  expectClose(await y('x1', 'train'), tensor('out.train_y1'))
  expectClose(await y('x2', 'train'), tensor('out.train_y2'))
  expectClose(await y('x3', 'eval'), tensor('out.eval_y3'))
  const saved = readSafetensors(await net.weights())
  const bytes = (name: string): ArrayBuffer => {
    const found = saved.tensors.find((each) => each.name === `norm.${name}`)
    return found === undefined ? new ArrayBuffer(0) : saved.bytesOf(found).slice().buffer
  }
  expectClose(new Float32Array(bytes('running_mean')), tensor('out.running_mean'))
  expectClose(new Float32Array(bytes('running_var')), tensor('out.running_var'))
  expect([...new BigInt64Array(bytes('num_batches_tracked'))]).toEqual([2n])
})

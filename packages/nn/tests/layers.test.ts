// Names and shapes as in PyTorch's state_dict, and results against plain loops.

import { type Tensor, cast, relu, tensor } from '@tsjit/dsl'
import { describe, expect, test } from 'vitest'
import * as nn from '../src/index.tsjit'
import { runLayer, sampleInput, sampleWeights, weightsOf } from './support.ts'

const at = (data: ArrayLike<number> | undefined, index: number): number => data?.[index] ?? Number.NaN
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

function tensorOf({ shape, data }: ReturnType<typeof sampleInput>): Tensor {
  return tensor(data).reshape(shape)
}

function expectClose(actual: readonly number[] | undefined, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual?.[i]).toBeCloseTo(value, 5)
}

describe('state_dict', () => {
  test.each([
    ['linear', nn.linear(2, 3), { weight: [3, 2], bias: [3] }],
    ['linear without bias', nn.linear(2, 3, { bias: false }), { weight: [3, 2] }],
    ['conv1d', nn.conv1d(4, 6, 3, { groups: 2 }), { weight: [6, 2, 3], bias: [6] }],
    ['conv2d', nn.conv2d(4, 6, [3, 5]), { weight: [6, 4, 3, 5], bias: [6] }],
    ['conv3d', nn.conv3d(1, 2, 2, { bias: false }), { weight: [2, 1, 2, 2, 2] }],
    ['convTranspose2d', nn.convTranspose2d(4, 6, 3, { groups: 2 }), { weight: [4, 3, 3, 3], bias: [6] }],
    ['convTranspose1d', nn.convTranspose1d(4, 6, 3), { weight: [4, 6, 3], bias: [6] }],
    ['convTranspose3d', nn.convTranspose3d(2, 4, 3, { bias: false }), { weight: [2, 4, 3, 3, 3] }],
    ['embedding', nn.embedding(10, 4), { weight: [10, 4] }],
    ['instanceNorm3d', nn.instanceNorm3d(3, { affine: true }), { weight: [3], bias: [3] }],
    ['localResponseNorm', nn.localResponseNorm(5), {}],
    ['rotaryEmbedding', nn.rotaryEmbedding(8), {}],
    [
      'spade',
      nn.spade(4, 2, { hidden: 8 }),
      {
        'mlp_shared.0.weight': [8, 2, 3, 3],
        'mlp_shared.0.bias': [8],
        'mlp_gamma.weight': [4, 8, 3, 3],
        'mlp_gamma.bias': [4],
        'mlp_beta.weight': [4, 8, 3, 3],
        'mlp_beta.bias': [4],
      },
    ],
    [
      'batchNorm2d',
      nn.batchNorm2d(3),
      { weight: [3], bias: [3], running_mean: [3], running_var: [3], num_batches_tracked: [] },
    ],
    ['layerNorm', nn.layerNorm([2, 3]), { weight: [2, 3], bias: [2, 3] }],
    ['layerNorm without bias', nn.layerNorm(3, { bias: false }), { weight: [3] }],
    ['groupNorm', nn.groupNorm(2, 4), { weight: [4], bias: [4] }],
    ['instanceNorm2d', nn.instanceNorm2d(4), {}],
    ['rmsNorm', nn.rmsNorm(4), { weight: [4] }],
    ['prelu', nn.prelu(), { weight: [1] }],
    ['dropout', nn.dropout(), {}],
    [
      'sequential',
      nn.sequential(nn.linear(2, 3), relu, nn.linear(3, 1)),
      { '0.weight': [3, 2], '0.bias': [3], '2.weight': [1, 3], '2.bias': [1] },
    ],
    [
      'lstm',
      nn.lstm(2, 3, { layers: 2, bidirectional: true }),
      {
        ...recurrent(4, 3, '_l0', 2),
        ...recurrent(4, 3, '_l0_reverse', 2),
        ...recurrent(4, 3, '_l1', 6),
        ...recurrent(4, 3, '_l1_reverse', 6),
      },
    ],
    ['gru', nn.gru(2, 3), recurrent(3, 3, '_l0', 2)],
    ['rnn', nn.rnn(2, 3), recurrent(1, 3, '_l0', 2)],
    [
      'multiHeadAttention',
      nn.multiHeadAttention(4, 2),
      { in_proj_weight: [12, 4], in_proj_bias: [12], 'out_proj.weight': [4, 4], 'out_proj.bias': [4] },
    ],
  ])('%s', (_, layer, expected) => {
    expect(weightsOf(layer)).toEqual(expected)
  })

  test('transformer', () => {
    const names = Object.keys(weightsOf(nn.transformer(4, 2, { hidden: 8, encoderLayers: 2, decoderLayers: 1 })))
    const attention = ['in_proj_bias', 'in_proj_weight', 'out_proj.bias', 'out_proj.weight']
    const pairs = (...parts: readonly string[]): readonly string[] =>
      parts.flatMap((part) => [`${part}.bias`, `${part}.weight`])
    const encoder = [...attention.map((name) => `self_attn.${name}`), ...pairs('linear1', 'linear2', 'norm1', 'norm2')]
    const decoder = [...encoder, ...attention.map((name) => `multihead_attn.${name}`), ...pairs('norm3')]
    expect(names.sort()).toEqual(
      [
        ...[0, 1].flatMap((i) => encoder.map((name) => `encoder.layers.${i}.${name}`)),
        ...decoder.map((name) => `decoder.layers.0.${name}`),
        ...pairs('encoder.norm', 'decoder.norm'),
      ].sort(),
    )
  })

  test('transformerEncoderLayer', () => {
    expect(Object.keys(weightsOf(nn.transformerEncoderLayer(4, 2, { hidden: 8 }))).sort()).toEqual(
      [
        ...['in_proj_bias', 'in_proj_weight', 'out_proj.bias', 'out_proj.weight'].map((name) => `self_attn.${name}`),
        ...['linear1', 'linear2', 'norm1', 'norm2'].flatMap((name) => [`${name}.bias`, `${name}.weight`]),
      ].sort(),
    )
  })
})

function recurrent(
  gates: number,
  hidden: number,
  suffix: string,
  width: number,
): Readonly<Record<string, readonly number[]>> {
  return {
    [`weight_ih${suffix}`]: [gates * hidden, width],
    [`weight_hh${suffix}`]: [gates * hidden, hidden],
    [`bias_ih${suffix}`]: [gates * hidden],
    [`bias_hh${suffix}`]: [gates * hidden],
  }
}

/** One direction of one layer, as PyTorch's documentation writes it, for one sequence [t][inputs]. */
function runReference(
  kind: 'rnn' | 'gru' | 'lstm',
  weights: Readonly<Record<string, Float32Array>>,
  suffix: string,
  xs: readonly (readonly number[])[],
  hidden: number,
): readonly (readonly number[])[] {
  const gates = { rnn: 1, gru: 3, lstm: 4 }[kind]
  const affine = (matrix: string, bias: string, x: readonly number[]): readonly number[] =>
    Array.from({ length: gates * hidden }, (_, row) =>
      x.reduce(
        (sum, value, i) => sum + value * at(weights[`${matrix}${suffix}`], row * x.length + i),
        at(weights[`${bias}${suffix}`], row),
      ),
    )
  let h: readonly number[] = Array.from({ length: hidden }, () => 0)
  let c = h
  return xs.map((x) => {
    const fromX = affine('weight_ih', 'bias_ih', x)
    const fromH = affine('weight_hh', 'bias_hh', h)
    const gate = (index: number, i: number): number => at(fromX, index * hidden + i) + at(fromH, index * hidden + i)
    const last = h
    if (kind === 'lstm') {
      c = c.map((value, i) => sigmoid(gate(1, i)) * value + sigmoid(gate(0, i)) * Math.tanh(gate(2, i)))
      h = c.map((value, i) => sigmoid(gate(3, i)) * Math.tanh(value))
    } else if (kind === 'rnn') h = last.map((_, i) => Math.tanh(gate(0, i)))
    else
      h = last.map((value, i) => {
        const fresh = Math.tanh(at(fromX, 2 * hidden + i) + sigmoid(gate(0, i)) * at(fromH, 2 * hidden + i))
        return (1 - sigmoid(gate(1, i))) * fresh + sigmoid(gate(1, i)) * value
      })
    return h
  })
}

describe('recurrent layers', () => {
  const x = sampleInput(1, 5, 2)
  const xs = Array.from({ length: 5 }, (_, t) => Array.from(x.data.subarray(t * 2, t * 2 + 2)))

  test.each(['rnn', 'gru', 'lstm'] as const)('%s, two directions', async (kind) => {
    const layer = nn[kind](2, 3, { bidirectional: true })
    const [outputs] = await runLayer<unknown>(layer, (it) => [(it as typeof layer)(tensorOf(x))[0]])
    const weights = sampleWeights(layer)
    const forth = runReference(kind, weights, '_l0', xs, 3)
    const back = runReference(kind, weights, '_l0_reverse', xs.toReversed(), 3).toReversed()
    expectClose(
      outputs,
      forth.flatMap((row, t) => [...row, ...(back[t] ?? [])]),
    )
  })

  test('layers feed each other, and the state is that of the last step', async () => {
    const layer = nn.lstm(2, 3, { layers: 2 })
    const [outputs, h, c] = await runLayer(layer, (it) => {
      const [y, [lastH, lastC]] = it(tensorOf(x))
      return [y, lastH, lastC]
    })
    const weights = sampleWeights(layer)
    const first = runReference('lstm', weights, '_l0', xs, 3)
    const second = runReference('lstm', weights, '_l1', first, 3)
    expectClose(outputs, second.flat())
    expectClose(h, [...(first.at(-1) ?? []), ...(second.at(-1) ?? [])])
    expect(c).toHaveLength(6)
  })

  test('a given state is where it begins', async () => {
    const layer = nn.gru(2, 3)
    const [whole, parts] = await runLayer(layer, (it) => {
      const all = tensorOf(x)
      const [, h] = it(all.slice([0, 0], [1, 2]))
      return [it(all)[1], it(all.slice([0, 2], [1, 5]), h)[1]]
    })
    expectClose(parts, whole ?? [])
  })
})

describe('attention', () => {
  test('heads read from all positions, or from earlier ones', async () => {
    const layer = nn.multiHeadAttention(4, 2)
    const x = sampleInput(1, 3, 4)
    const rows = Array.from({ length: 3 }, (_, t) => Array.from(x.data.subarray(t * 4, t * 4 + 4)))
    const weights = sampleWeights(layer)
    for (const causal of [false, true]) {
      const [outputs] = await runLayer(layer, (it) => it(tensorOf(x), undefined, undefined, { causal }))
      expectClose(outputs, attend(rows, weights, causal).flat())
    }
  })
})

/** softmax(q k' / sqrt(2)) v for two heads of width 2. */
function attend(
  rows: readonly (readonly number[])[],
  weights: Readonly<Record<string, Float32Array>>,
  causal: boolean,
): readonly (readonly number[])[] {
  const project = (x: readonly number[], matrix: string, bias: string, outputs: number, from: number): number[] =>
    Array.from({ length: outputs }, (_, o) =>
      x.reduce((sum, value, i) => sum + value * at(weights[matrix], (from + o) * 4 + i), at(weights[bias], from + o)),
    )
  const [q, k, v] = [0, 4, 8].map((from) => rows.map((x) => project(x, 'in_proj_weight', 'in_proj_bias', 4, from)))
  return rows.map((_, t) => {
    const mixed = [0, 1, 2, 3].map((i) => {
      const head = Math.floor(i / 2) * 2
      const scores = rows.map((__, s) =>
        causal && s > t
          ? 0
          : Math.exp([0, 1].reduce((sum, d) => sum + at(q?.[t], head + d) * at(k?.[s], head + d), 0) / Math.SQRT2),
      )
      const total = scores.reduce((sum, score) => sum + score, 0)
      return scores.reduce((sum, score, s) => sum + (score / total) * at(v?.[s], i), 0)
    })
    return project(mixed, 'out_proj.weight', 'out_proj.bias', 4, 0)
  })
}

describe('the others', () => {
  test('batchNorm2d uses the running statistics at evaluation', async () => {
    const layer = nn.batchNorm2d(2)
    const x = sampleInput(1, 2, 1, 2)
    const weights = sampleWeights(layer)
    const [outputs] = await runLayer(layer, (it) => it(tensorOf(x)))
    const expected = [...x.data].map((value, i) => {
      const c = Math.floor(i / 2)
      const centred = (value - at(weights['running_mean'], c)) / Math.sqrt(at(weights['running_var'], c) + 1e-5)
      return centred * at(weights['weight'], c) + at(weights['bias'], c)
    })
    expectClose(outputs, expected)
  })

  test('shapes', async () => {
    const image = (): Tensor => tensorOf(sampleInput(1, 4, 6, 6))
    const sizes: readonly (readonly [string, unknown, (x: Tensor) => Tensor, number])[] = [
      ['conv2d', nn.conv2d(4, 2, 3, { padding: 1, stride: 2 }), image, 18],
      ['convTranspose2d', nn.convTranspose2d(4, 2, 2, { stride: 2 }), image, 288],
      ['maxPool2d', nn.maxPool2d(2), image, 36],
      ['avgPool2d', nn.avgPool2d(3, { stride: 1 }), image, 64],
      ['adaptiveAvgPool2d', nn.adaptiveAvgPool2d(1), image, 4],
      ['upsample', nn.upsample({ scale: 2 }), image, 576],
      ['flatten', nn.flatten(), image, 144],
      ['groupNorm', nn.groupNorm(2, 4), image, 144],
      ['instanceNorm2d', nn.instanceNorm2d(4, { affine: true }), image, 144],
      ['layerNorm', nn.layerNorm([6, 6]), image, 144],
      ['rmsNorm', nn.rmsNorm(6), image, 144],
      ['prelu', nn.prelu(4), image, 144],
      ['softmax', nn.softmax(1), image, 144],
      [
        'sequential',
        nn.sequential(nn.conv2d(4, 2, 1), relu, nn.gelu({ approximate: 'tanh' }), nn.leakyRelu(0.1)),
        image,
        72,
      ],
    ]
    for (const [name, layer, input, size] of sizes) {
      const [outputs] = await runLayer(layer, (it) => (it as (x: Tensor) => Tensor)(input(tensor(0))))
      expect([name, outputs?.length]).toEqual([name, size])
      expect(outputs?.every(Number.isFinite)).toBe(true)
    }
  })

  test('embedding, dropout and a whole encoder layer', async () => {
    const [rows] = await runLayer(nn.embedding(5, 2), (it) => it(cast(tensor([4, 0]), 'i32')))
    const weights = sampleWeights(nn.embedding(5, 2))
    expectClose(
      rows,
      [8, 9, 0, 1].map((i) => at(weights['weight'], i)),
    )
    const x = sampleInput(2, 3, 4)
    expectClose((await runLayer(nn.dropout(), (it) => it(tensorOf(x))))[0], [...x.data])
    for (const normFirst of [false, true]) {
      const layer = nn.transformerEncoderLayer(4, 2, { hidden: 8, normFirst })
      const [outputs] = await runLayer(layer, (it) => it(tensorOf(x), { causal: true }))
      expect(outputs).toHaveLength(24)
    }
  })
})

describe('layers of networks', () => {
  test('a transposed convolution spreads every element', async () => {
    const layer = nn.convTranspose1d(1, 1, 2, { stride: 2 })
    const x = sampleInput(1, 1, 3)
    const { weight, bias } = sampleWeights(layer)
    const [outputs] = await runLayer(layer, (it) => it(tensorOf(x)))
    const expected = Array.from({ length: 6 }, (_, i) => at(x.data, i >> 1) * at(weight, i % 2) + at(bias, 0))
    expectClose(outputs, expected)
  })

  test('rotary embeddings keep lengths, and products depend on distance alone', async () => {
    for (const interleaved of [false, true]) {
      const layer = nn.rotaryEmbedding(4, { interleaved })
      const x = tensor([[1, 2, 3, 4]]).reshape([1, 1, 4])
      const y = tensor([[0.5, -1, 2, 1]]).reshape([1, 1, 4])
      const [a, b, c, d] = await runLayer(layer, (it) => [it(x, 3), it(y, 5), it(x, 10), it(y, 12)])
      const dot = (p: readonly number[] = [], q: readonly number[] = []): number =>
        p.reduce((sum, value, i) => sum + value * at(q, i), 0)
      expect(dot(a, a)).toBeCloseTo(30, 4)
      expect(dot(a, b)).toBeCloseTo(dot(c, d), 4)
      expect(dot(a, b)).not.toBeCloseTo(dot(a, d), 2)
    }
  })

  test('a norm by a map has a scale and a shift for every pixel', async () => {
    const layer = nn.spade(2, 1, { hidden: 3, kernel: 1 })
    const [x, map] = [sampleInput(1, 2, 2, 2), sampleInput(1, 1, 4, 4)]
    const [outputs] = await runLayer(layer, (it) => it(tensorOf(x), tensorOf(map)))
    const weights = sampleWeights(layer)
    const expected = [0, 1].flatMap((channel) => {
      const values = Array.from(x.data.subarray(channel * 4, channel * 4 + 4))
      const mean = values.reduce((a, b) => a + b) / 4
      const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4 + 1e-5)
      return values.map((value, pixel) => {
        const seen = at(map.data, 8 * (pixel >> 1) + 2 * (pixel % 2)) // the nearest of twice the size
        const features = [0, 1, 2].map((i) =>
          Math.max(0, at(weights['mlp_shared.0.weight'], i) * seen + at(weights['mlp_shared.0.bias'], i)),
        )
        const drawn = (name: string): number =>
          features.reduce(
            (sum, f, i) => sum + f * at(weights[`${name}.weight`], channel * 3 + i),
            at(weights[`${name}.bias`], channel),
          )
        return ((value - mean) / deviation) * (1 + drawn('mlp_gamma')) + drawn('mlp_beta')
      })
    })
    expectClose(outputs, expected)
  })

  test('a decoder reads itself, then the memory, then computes', async () => {
    const layer = nn.transformerDecoderLayer(4, 2, { hidden: 8, normFirst: true })
    const [x, memory] = [sampleInput(1, 3, 4), sampleInput(1, 2, 4)]
    const [whole, parts] = await runLayer(layer, (it) => {
      const own = tensorOf(x).add(it.self_attn(it.norm1(tensorOf(x))))
      const both = own.add(it.multihead_attn(it.norm2(own), tensorOf(memory)))
      const fed = both.add(it.linear2(relu(it.linear1(it.norm3(both)))))
      return [it(tensorOf(x), tensorOf(memory)), fed]
    })
    expectClose(whole, parts ?? [])
  })

  test('losses', async () => {
    const [x, target] = [tensor([[0.5, -1]]), tensor([[1, 1]])]
    const [squared] = await runLayer(nn.mseLoss({ reduction: 'sum' }), (it) => it(x, target))
    expectClose(squared, [0.25 + 4])
    const [cross] = await runLayer(nn.crossEntropyLoss(), (it) => it(x, tensor([1], { dtype: 'i32' })))
    expectClose(cross, [Math.log(Math.exp(0.5) + Math.exp(-1)) + 1])
  })
})

import { describe, expect, it } from 'vitest'
import { type Value, ops } from './evaluate.ts'
import { golden } from './golden.ts'

describe('against reference values', () => {
  it('computes elementwise functions at extreme points', () => {
    const { input, check } = golden('unary_public')
    const x = input('x')
    check('sigmoid', ops.sigmoid(x))
    check('gelu_erf', ops.gelu(x))
    check('softplus', ops.softplus(x))
    check('relu', ops.relu(x))
    check('log1p_abs', ops.log1p(ops.abs(x)))
    check('erf', ops.erf(x))
    check('round_half_even', ops.round(x))
    check('trunc', ops.trunc(x))
    check('rsqrt_abs', ops.rsqrt(ops.abs(x)))
    check('elu', ops.elu(x))
  })

  it('reduces', () => {
    const { input, check } = golden('reduce_4x6')
    const x = input('x')
    check('softmax', ops.softmax(x, 1))
    check('log_softmax', ops.logSoftmax(x, 1))
    check('logsumexp', ops.logSumExp(x, 1))
    check('sum', ops.sum(x, 1))
    check('mean', ops.mean(x, 1))
    check('var_unbiased', ops.variance(x, 1))
    check('var_biased', ops.variance(x, { axis: 1, correction: 0 }))
    check('max', ops.max(x, 1))
    check('cumsum', ops.cumsum(x, 1))
    check('argmax', ops.argmax(x, 1))
  })

  it('broadcasts', () => {
    const { input, check } = golden('broadcast_3x4_4')
    const [a, b] = [input('a'), input('b')]
    check('y', ops.sub(ops.add(ops.mul(a, b), ops.div(a, b)), b))
  })

  it('convolves', () => {
    const { input, check } = golden('conv2d_basic')
    check('out_correct', ops.conv2d(input('x'), ops.reshape(input('weights'), [4, 3, 3, 3])))
  })

  it('normalises batches', () => {
    const { input, check } = golden('bn_basic')
    const [weight, bias] = [input('weight'), input('bias')]
    let [mean, variance] = [input('running_mean0'), input('running_var0')]
    for (const [i, name] of ['x1', 'x2'].entries()) {
      const x = input(name)
      const axes = [0, 2, 3]
      const biased = ops.variance(x, axes, { correction: 0 })
      check(`train_y${i + 1}`, ops.batchNorm(x, ops.mean(x, axes), biased, weight, bias))
      mean = ops.lerp(mean, ops.mean(x, axes), 0.1)
      variance = ops.lerp(variance, ops.variance(x, axes), 0.1)
    }
    check('running_mean', mean)
    check('running_var', variance)
    check('eval_y3', ops.batchNorm(input('x3'), mean, variance, weight, bias))
  })

  it('runs a transformer block', () => {
    const { input, check } = golden('tfm_b2_t6_d16')
    const x = input('x')
    const normal = (v: Value, name: string): Value => ops.layerNorm(v, input(`${name}.weight`), input(`${name}.bias`))
    const linear = (v: Value, name: string): Value => ops.linear(v, input(`${name}.weight`), input(`${name}.bias`))
    const heads = (v: Value): Value => ops.permute(ops.reshape(v, [2, 6, 4, 4]), [0, 2, 1, 3])
    const [q, k, v] = ops.split(linear(normal(x, 'ln1'), 'qkv'), 3, -1)
    const seen = ops.scaledDotProductAttention(heads(q), heads(k), heads(v))
    const h = ops.add(x, linear(ops.reshape(ops.permute(seen, [0, 2, 1, 3]), [2, 6, 16]), 'proj'))
    check('y', ops.add(h, linear(ops.gelu(linear(normal(h, 'ln2'), 'fc1')), 'fc2')))
  })

  it('runs an LSTM forward', () => {
    const { input, check } = golden('lstm_basic')
    let [h, c] = [input('h0'), input('c0')]
    const outputs: Value[] = []
    for (const x of ops.unstack(input('x'))) {
      const gates = ops.add(
        ops.linear(x, input('weight_ih'), input('bias_ih')),
        ops.linear(h, input('weight_hh'), input('bias_hh')),
      )
      const [i, f, g, o] = ops.chunk(gates, 4, 1)
      c = ops.add(ops.mul(ops.sigmoid(f), c), ops.mul(ops.sigmoid(i), ops.tanh(g)))
      h = ops.mul(ops.sigmoid(o), ops.tanh(c))
      outputs.push(h)
    }
    check('out', ops.stack(outputs))
    check('hT', h)
    check('cT', c)
  })

  it('runs a spatially adaptive normalisation', () => {
    const { input, check } = golden('spade_instance')
    const conv = (x: Value, name: string): Value =>
      ops.conv2d(x, input(`${name}.weight`), input(`${name}.bias`), { padding: 1 })
    const shared = ops.relu(conv(ops.interpolate(input('segmap'), { size: [8, 8] }), 'mlp_shared'))
    const n = ops.instanceNorm(input('x'))
    check('y', ops.add(ops.mul(n, ops.add(conv(shared, 'mlp_gamma'), 1)), conv(shared, 'mlp_beta')))
  })

  it('runs a small network with its loss', () => {
    const { input, check } = golden('cnn_12x12_b4')
    const first = ops.conv2d(input('x'), input('conv1.weight'), input('conv1.bias'), { padding: 1 })
    const axes = [0, 2, 3]
    const normal = ops.batchNorm(
      first,
      ops.mean(first, axes),
      ops.variance(first, axes, { correction: 0 }),
      input('bn1.weight'),
      input('bn1.bias'),
    )
    const pooled = ops.maxPool2d(ops.relu(normal), 2)
    const second = ops.relu(ops.conv2d(pooled, input('conv2.weight'), input('conv2.bias'), { padding: 1 }))
    const logits = ops.linear(ops.flatten(second, 1), input('fc.weight'), input('fc.bias'))
    check('logits', logits)
    const loss = ops.crossEntropy(logits, input('target'))
    expect(loss.shape).toEqual([])
    check('loss', loss)
  })
})

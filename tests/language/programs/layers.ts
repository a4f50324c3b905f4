// layers: own layers, those of @tsjit/nn, and models of them

import type { Program } from '../program.ts'

/** Programs of this section. */
export const layers: readonly Program[] = [
  {
    name: 'own layers',
    slow: true,
    inputs: { x: 'f32(B, 4)' },
    before:
      'const dense = (i: number, o: number) => layer({ weight: param(o, i), bias: param(o, { init: 0 }), scale: buffer(o) }, ({ weight, bias, scale }, x: Tensor) => tj`(${x} @ ${weight}.T + ${bias}) * ${scale}`)\nconst block = (d: number) => layer({ a: dense(d, 2 * d), b: dense(2 * d, d) }, ({ a, b }, x: Tensor, gain: number = 1) => tj`${x} + ${gain} * ${b(relu(a(x)))}`)',
    layers:
      '{ first: block(4), list: [block(4), block(4)], map: { left: dense(4, 2), right: dense(4, 2) }, none: undefined }',
    body: 'let y = $.first(x, 0.5); for (const b of $.list) y = b(y); return { y, l: $.map.left(y), r: $.map.right(y) }',
  },
  {
    name: 'tied weights',
    slow: true,
    inputs: { ids: 'i32(B, T)' },
    ranges: { ids: [0, 6] },
    layers: '{ wte: nn.embedding(6, 4), fc: nn.linear(4, 4) }',
    body: 'const h = tanh($.fc($.wte(ids))); return { logits: tj`${h} @ ${$.wte.weight}.T`, raw: linear(h, $.wte.weight) }',
  },
  {
    name: 'one layer twice',
    slow: true,
    inputs: { x: 'f32(B, 4)' },
    before: 'const shared = nn.linear(4, 4)',
    layers: '{ a: nn.sequential(nn.linear(4, 4), relu, nn.linear(4, 4)) }',
    body: '= $.a($.a(x))',
  },
  {
    name: 'lists of layers',
    slow: true,
    inputs: { x: 'f32(B, 4)' },
    layers:
      '{ blocks: range(3).map((i) => nn.linear(4, 4, { bias: i !== 1 })), heads: { a: nn.linear(4, 2), b: nn.linear(4, 3) } }',
    body: 'const y = $.blocks.reduce((h, f) => relu(f(h)), x); return { n: tj`${y} * ${$.blocks.length}`, ...Object.fromEntries(Object.entries($.heads).map(([name, f]) => [name, f(y)])) }',
  },
  {
    name: 'sequential of functions',
    slow: true,
    inputs: { x: 'f32(B, 1, 6, 6)' },
    layers:
      '{ net: nn.sequential(nn.conv2d(1, 2, 3, { padding: 1 }), nn.batchNorm2d(2), relu, nn.maxPool2d(2), nn.flatten(), (x: Tensor) => tj`${x} * 0.5`, nn.linear(18, 3), nn.dropout(0.5), nn.softmax()) }',
    body: '= $.net(x)',
  },
  {
    name: 'parts of layers',
    slow: true,
    inputs: { x: 'f32(B, 4)' },
    layers: '{ net: nn.sequential(nn.linear(4, 3), tanh, nn.linear(3, 2)) }',
    body: 'const h = $.net[0](x); return { h, w: $.net[0].weight, b: $.net[2].bias, y: $.net[2](tanh(h)) }',
  },
  {
    name: 'residual stack with options',
    slow: true,
    inputs: { x: 'f32(B, 6)' },
    before:
      'interface Options { readonly depth?: number; readonly act?: (x: Tensor) => Tensor; readonly norm?: boolean }\nconst stackOf = (d: number, { depth = 2, act = relu, norm = true }: Options = {}) => layer({ blocks: range(depth).map(() => ({ norm: norm ? nn.layerNorm(d) : undefined, fc: nn.linear(d, d) })) }, ({ blocks }, x: Tensor): Tensor => blocks.reduce((h: Tensor, b) => tj`${h} + ${act(b.fc(b.norm ? b.norm(h) : h))}`, x))',
    layers: '{ a: stackOf(6), b: stackOf(6, { depth: 3, act: gelu, norm: false }) }',
    body: '= ({ a: $.a(x), b: $.b(x) })',
    tolerance: 3e-5,
  },
  {
    name: 'options of linear',
    slow: true,
    inputs: { x: 'f32(B, T, 2, 4)' },
    layers: '{ a: nn.linear(4, 3), b: nn.linear(4, 1, { bias: false }) }',
    body: '= ({ a: $.a(x), b: $.b(x).squeeze(-1) })',
  },
  {
    name: 'image layers',
    slow: true,
    inputs: { x: 'f32(B, 4, 6, 5)' },
    layers:
      '{ c: nn.conv2d(4, 4, [3, 1], { padding: [1, 0], groups: 2 }), d: nn.conv2d(4, 6, 3, { stride: 2, dilation: 1, bias: false, padding: "valid" }), t: nn.convTranspose2d(4, 2, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }), bn: nn.batchNorm2d(4, { eps: 0.01 }), gn: nn.groupNorm(2, 4), inorm: nn.instanceNorm2d(4, { affine: true }), in2: nn.instanceNorm2d(4), ap: nn.avgPool2d(2), mp: nn.maxPool2d(3, { stride: 2, padding: 1 }), aap: nn.adaptiveAvgPool2d(1), up: nn.upsample({ scale: 2, mode: "bilinear" }), pr: nn.prelu(4), bn2: nn.batchNorm2d(4, { affine: false }) }',
    body: '= ({ c: $.c(x), d: $.d(x), t: $.t(x), bn: $.bn(x), gn: $.gn(x), i: $.inorm(x), i2: $.in2(x), ap: $.ap(x), mp: $.mp(x), aap: $.aap(x), up: $.up(x), pr: $.pr(x), bn2: $.bn2(x) })',
    tolerance: 3e-5,
  },
  {
    name: 'sequence layers',
    slow: true,
    inputs: { x: 'f32(B, 4, 6)', ids: 'i32(B, 3)' },
    ranges: { ids: [0, 5] },
    layers:
      '{ c: nn.conv1d(4, 2, 3, { padding: 1 }), bn: nn.batchNorm1d(4), ln: nn.layerNorm(6), ln2: nn.layerNorm([4, 6], { eps: 1e-3 }), ln3: nn.layerNorm(6, { bias: false }), ln4: nn.layerNorm(6, { affine: false }), rms: nn.rmsNorm(6), e: nn.embedding(5, 3), g: nn.gelu({ approximate: "tanh" }), lr: nn.leakyRelu(0.2), el: nn.elu(), ls: nn.logSoftmax(1), id: nn.identity(), fl: nn.flatten() }',
    body: '= ({ c: $.c(x), bn: $.bn(x), ln: $.ln(x), ln2: $.ln2(x), ln3: $.ln3(x), ln4: $.ln4(x), rms: $.rms(x), e: $.e(ids), g: $.g(x), lr: $.lr(x), el: $.el(x), ls: $.ls(x), id: $.id(x), fl: $.fl(x) })',
    tolerance: 3e-5,
  },
  {
    name: 'volume layers',
    slow: true,
    inputs: { x: 'f32(B, 2, 3, 4, 4)' },
    layers: '{ c: nn.conv3d(2, 3, 2), d: nn.conv3d(2, 2, [1, 3, 3], { padding: [0, 1, 1], groups: 2 }) }',
    body: '= [$.c(x), $.d(x)]',
  },
  {
    name: 'recurrent layers',
    slow: true,
    inputs: { x: 'f32(B, 3, 2)', h: 'f32(1, B, 3)', c: 'f32(1, B, 3)' },
    layers: '{ rnn: nn.rnn(2, 3), gru: nn.gru(2, 3, { bidirectional: true }), lstm: nn.lstm(2, 3) }',
    body: 'const [a, ah] = $.rnn(x, h); const [b, bh] = $.gru(x); const [d, [dh, dc]] = $.lstm(x, [h, c]); return { a, ah, b, bh, d, dh, dc }',
  },
  {
    name: 'deep recurrent layers',
    slow: true,
    inputs: { x: 'f32(B, 2, 2)' },
    layers:
      '{ lstm: nn.lstm(2, 2, { layers: 2, bidirectional: true }), rnn: nn.rnn(2, 2, { nonlinearity: "relu", bias: false }) }',
    body: 'const [y, state] = $.lstm(x); return { y, state, r: $.rnn(x)[0] }',
  },
  {
    name: 'attention layer',
    slow: true,
    inputs: { x: 'f32(B, T, 4)', y: 'f32(B, S, 4)', pad: 'bool(B, S)' },
    layers: '{ a: nn.multiHeadAttention(4, 2), b: nn.multiHeadAttention(4, 1, { bias: false }) }',
    body: 'const keep = tj`${pad}[:, None, None, :] | (arange(${y.shape[1]}) == 0)`; return { self: $.a(x), causal: $.a(x, x, x, { causal: true }), cross: $.b(x, y, y, { mask: keep }) }',
    tolerance: 3e-5,
  },
  {
    name: 'encoder layer',
    slow: true,
    inputs: { x: 'f32(B, T, 4)' },
    layers:
      '{ a: nn.transformerEncoderLayer(4, 2, { hidden: 6, dropout: 0 }), b: nn.transformerEncoderLayer(4, 1, { hidden: 5, normFirst: true, activation: gelu }) }',
    body: '= $.b($.a(x), { causal: true })',
    tolerance: 3e-5,
  },
  {
    name: 'tiny gpt',
    slow: true,
    inputs: { ids: 'i32(B, T)' },
    dims: { T: '{ max: 8 }' },
    ranges: { ids: [0, 11] },
    before:
      'const config = { vocab: 11, width: 4, heads: 2, depth: 2, context: 8 } as const\nconst block = (width: number, heads: number) => layer({ ln_1: nn.layerNorm(width), attn: nn.multiHeadAttention(width, heads), ln_2: nn.layerNorm(width), mlp: nn.sequential(nn.linear(width, 4 * width), gelu, nn.linear(4 * width, width)) }, ({ ln_1, attn, ln_2, mlp }, x: Tensor) => { const h = ln_1(x); const y = tj`${x} + ${attn(h, h, h, { causal: true })}`; return tj`${y} + ${mlp(ln_2(y))}` })',
    layers:
      '{ wte: nn.embedding(config.vocab, config.width), wpe: nn.embedding(config.context, config.width), h: range(config.depth).map(() => block(config.width, config.heads)), ln_f: nn.layerNorm(config.width) }',
    body: 'const t = ids.shape[1]; let x = tj`${$.wte(ids)} + ${$.wpe.weight}[:${t}]`; for (const b of $.h) x = b(x); const logits = tj`${$.ln_f(x)} @ ${$.wte.weight}.T`; return { logits, next: argmax(tj`${logits}[:, -1]`, -1) }',
    tolerance: 1e-4,
  },
  {
    name: 'variational autoencoder',
    slow: true,
    inputs: { x: 'f32(B, 6)', noise: 'f32(B, 2)' },
    layers: '{ enc: nn.linear(6, 4), dec: nn.sequential(nn.linear(2, 5), nn.elu(), nn.linear(5, 6)) }',
    body: 'const [mu, logvar] = split($.enc(x), 2, -1); const z = tj`${mu} + exp(0.5 * ${logvar}) * ${noise}`; const y = sigmoid($.dec(z)); return { y, kl: tj`-0.5 * sum(1 + ${logvar} - ${mu} ** 2 - exp(${logvar}), axis=-1)`, mu }',
    tolerance: 3e-5,
  },
  {
    name: 'decoder layer, rotary positions',
    slow: true,
    inputs: { x: 'f32(B, T, 4)', memory: 'f32(B, S, 4)' },
    layers:
      '{ turn: nn.rotaryEmbedding(4), dec: nn.transformerDecoderLayer(4, 2, { hidden: 6, dropout: 0 }), enc: nn.transformerEncoder(4, 1, 1, { hidden: 5, norm: true, dropout: 0 }) }',
    body: '= $.dec($.turn(x), $.enc(memory), { target: { causal: true } })',
    tolerance: 3e-5,
  },
  {
    name: 'norm by a map',
    inputs: { x: 'f32(B, 2, H, W)', map: 'f32(B, 1, 4, 4)' },
    layers: '{ norm: nn.spade(2, 1, { hidden: 3 }) }',
    body: '= $.norm(x, map)',
    tolerance: 1e-4,
  },
]

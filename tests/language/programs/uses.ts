// uses: small algorithms of vision, audio, graphs and statistics

import type { Program } from '../program.ts'

/** Programs of this section. */
export const uses: readonly Program[] = [
  {
    name: 'reverse time shift',
    inputs: { x: 'f32(B, T, 2)' },
    body: 'const shifted = tj`concat([zeros([${x.shape[0]}, 1, 2]), ${x}[:, :-1]], axis=1)`; return { shifted, diff: tj`${x} - ${shifted}`, ema: tj`0.5 * ${x} + 0.5 * ${shifted}` }',
  },
  {
    name: 'segment mean',
    inputs: { x: 'f32(N, 2)', s: 'i32(N)' },
    ranges: { s: [0, 3] },
    body: 'const total = scatterAdd(zeros([3, 2]), s, x); const count = scatterAdd(zeros([3]), s, ones([x.shape[0]])); return tj`${total} / maximum(${count}, 1)[:, None]`',
  },
  {
    name: 'graph conv',
    inputs: { x: 'f32(N, 3)', a: 'f32(N, N)', w: 'f32(3, 2)' },
    ranges: { a: [0, 1] },
    body: 'const n = x.shape[0]; const hat = tj`${a} + eye(${n})`; const d = tj`1 / sqrt(sum(${hat}, axis=1))`; return tj`relu((${d}[:, None] * ${hat} * ${d}) @ ${x} @ ${w})`',
    slow: true,
  },
  {
    name: 'beam step',
    inputs: { logits: 'f32(B, 5)', score: 'f32(B)' },
    body: 'const p = tj`${score}[:, None] + ${logSoftmax(logits)}`; const flat = p.reshape([-1]); const best = argmax(flat); return { best, row: tj`${best} // 5`, col: tj`${best} % 5`, value: gather(flat, best.reshape([1])) }',
  },
  {
    name: 'iou',
    inputs: { a: 'f32(N, 4)', b: 'f32(M, 4)' },
    body: 'const [ax, ay, aw, ah] = unstack(a, 1); const [bx, by, bw, bh] = unstack(b, 1); const ix = tj`maximum(minimum((${ax} + ${aw})[:, None], ${bx} + ${bw}) - maximum(${ax}[:, None], ${bx}), 0)`; const iy = tj`maximum(minimum((${ay} + ${ah})[:, None], ${by} + ${bh}) - maximum(${ay}[:, None], ${by}), 0)`; const inter = tj`${ix} * ${iy}`; return tj`${inter} / ((${aw} * ${ah})[:, None] + ${bw} * ${bh} - ${inter} + 10)`',
    ranges: { a: [0.1, 2], b: [0.1, 2] },
  },
  {
    name: 'unet shape',
    inputs: { x: 'f32(B, 2, H, W)' },
    dims: { H: '{ min: 2, max: 64 }', W: '{ min: 2, max: 64 }' },
    sizes: [
      { B: 1, H: 5, W: 7 },
      { B: 1, H: 2, W: 2 },
    ],
    body: 'const d = maxPool2d(x, 2); const [, , h, w] = x.shape; const u = interpolate(d, { size: [h, w] }); return concat([x, u], 1)',
  },
  {
    name: 'strided slices images',
    inputs: { x: 'f32(B, 2, H, W)' },
    body: '= ({ a: tj`${x}[..., ::2, 1::2]`, b: tj`${x}[:, ::-1, ::-1]`, c: x.permute([0, 2, 3, 1]).reshape([x.shape[0], -1, 2]), d: tj`${x}[:, 0] - ${x}[:, 1]`, e: tj`${x}[:, [1, 0]]` })',
  },
  {
    name: 'patches',
    inputs: { x: 'f32(B, 3, H, W)' },
    dims: { H: '{ max: 64, multipleOf: 2 }', W: '{ max: 64, multipleOf: 2 }' },
    sizes: [
      { B: 2, H: 4, W: 6 },
      { B: 1, H: 2, W: 2 },
    ],
    body: 'const [b, c, h, w] = x.shape; const p = x.reshape([b, c, h / 2, 2, w / 2, 2]).permute([0, 2, 4, 1, 3, 5]).reshape([b, (h / 2) * (w / 2), c * 4]); return { p, back: p.reshape([b, h / 2, w / 2, c, 2, 2]).permute([0, 3, 1, 4, 2, 5]).reshape([b, c, h, w]) }',
  },
  {
    name: 'roll windows',
    inputs: { x: 'f32(B, H, W, 2)' },
    dims: { H: '{ max: 64, multipleOf: 2 }', W: '{ max: 64, multipleOf: 2 }' },
    sizes: [
      { B: 1, H: 4, W: 4 },
      { B: 1, H: 2, W: 2 },
    ],
    body: 'const [b, h, w, c] = x.shape; const s = roll(x, [-1, -1], [1, 2]); return s.reshape([b, h / 2, 2, w / 2, 2, c]).transpose(2, 3).reshape([-1, 4, c])',
  },
  {
    name: 'coords',
    inputs: { x: 'f32(B, 2, H, W)' },
    body: 'const [b, , h, w] = x.shape; const y = tj`(arange(${h}) + 0.5) / ${h}`; const z = tj`(arange(${w}) + 0.5) / ${w}`; return concat([x, expand(y.reshape([1, 1, h, 1]), [b, 1, h, w]), tj`zeros([${b}, 1, ${h}, ${w}]) + ${z}`], 1)',
  },
  {
    name: 'spade',
    inputs: { x: 'f32(B, 2, H, W)', g: 'f32(B, 2, H, W)' },
    body: 'const n = instanceNorm(x); return tj`${n} * (1 + ${g}) + ${g}`',
    sizes: [
      { B: 2, H: 5, W: 3 },
      { B: 1, H: 2, W: 2 },
    ],
  },
  {
    name: 'pixel norm',
    inputs: { x: 'f32(B, 2, H, W)' },
    body: '= tj`${x} / sqrt(mean(${x} ** 2, axis=1, keepDims=True) + 1e-8)`',
  },
  {
    name: 'minibatch std',
    inputs: { x: 'f32(B, 2, H, W)' },
    body: 'const s = mean(std(x, 0, { correction: 0 })); const [b, , h, w] = x.shape; return concat([x, expand(s.reshape([1, 1, 1, 1]), [b, 1, h, w])], 1)',
  },
  {
    name: 'global context',
    inputs: { x: 'f32(B, 2, H, W)' },
    body: 'const [b, c, h, w] = x.shape; const f = x.reshape([b, c, h * w]); const a = softmax(tj`${f}[:, :1]`); return tj`${f} @ ${a}.T`.squeeze(-1)',
  },
  {
    name: 'entropy',
    inputs: { x: 'f32(B, 5)' },
    body: 'const p = softmax(x); return { h: tj`-sum(${p} * log(${p}), axis=-1)`, perplexity: exp(tj`-sum(${p} * logSoftmax(${x}), axis=-1)`), kl: klDiv(logSoftmax(x), softmax(neg(x)), { reduction: "sum" }) }',
  },
  {
    name: 'triplet',
    inputs: { a: 'f32(B, 4)', p: 'f32(B, 4)', n: 'f32(B, 4)' },
    body: 'const d = (u: Tensor, v: Tensor) => norm(tj`${u} - ${v}`, -1); return mean(relu(tj`${d(a, p)} - ${d(a, n)} + 0.2`))',
  },
  {
    name: 'focal dice',
    slow: true,
    inputs: { x: 'f32(B, 6)', y: 'f32(B, 6)' },
    ranges: { y: [0, 1] },
    body: 'const p = sigmoid(x); const pt = tj`${p} * ${y} + (1 - ${p}) * (1 - ${y})`; return { focal: mean(tj`-(1 - ${pt}) ** 2 * log(${pt} + 1e-8)`), dice: tj`1 - (2 * sum(${p} * ${y}) + 1) / (sum(${p}) + sum(${y}) + 1)` }',
  },
  {
    name: 'ctc masks',
    inputs: { x: 'f32(B, T, 4)', len: 'i32(B)' },
    ranges: { len: [1, 6] },
    body: 'const [, t] = x.shape; const mask = tj`arange(${t}) < ${len}[:, None]`; const m = tj`${mask}[..., None]`; return { mean: tj`sum(where(${m}, ${x}, 0), axis=1) / maximum(minimum(${len}, ${t}), 1)[:, None]`, max: max(where(m, x, -Infinity), 1), last: tj`gather_elements(${x}, expand((minimum(${len}, ${t}) - 1)[:, None, None], [-1, 1, 4]), axis=1)` }',
  },
  {
    name: 'mel',
    slow: true,
    inputs: { p: 'f32(B, T, 9)' },
    ranges: { p: [0, 1] },
    before:
      'const mel = (f: number) => 2595 * Math.log10(1 + f / 700)\nconst bank = (bins: number, size: number): number[][] => range(size).map((i) => { const width = mel(8000) / (bins + 1); return range(bins).map((b) => Math.max(0, 1 - Math.abs(mel((i * 8000) / (size - 1)) - (b + 1) * width) / width)) })',
    body: '= log(maximum(tj`${p} @ ${tensor(bank(4, 9))}`, 1e-5))',
  },
  {
    name: 'dct',
    slow: true,
    inputs: { x: 'f32(B, 8)' },
    body: 'const n = 8; const basis = tj`cos(${Math.PI} / ${n} * (${arange(n)} + 0.5) * ${arange(n)}[:, None])`; return tj`${x} @ ${basis}.T`',
  },
  {
    name: 'kalman',
    inputs: { m: 'f32(B, 2)', p: 'f32(B, 2, 2)', z: 'f32(B)' },
    body: 'const f = tensor([[1, 1], [0, 1]]); const m1 = tj`${m} @ ${f}.T`; const p1 = tj`${f} @ ${p} @ ${f}.T + 0.1 * eye(2)`; const h = tensor([[1, 0]]); const s = tj`(${h} @ ${p1} @ ${h}.T)[:, 0, 0] + 10`; const k = tj`${p1}[:, :, 0] / ${s}[:, None]`; return { m: tj`${m1} + ${k} * (${z} - ${m1}[:, 0])[:, None]`, p: tj`${p1} - ${k}[:, :, None] * ${p1}[:, :1]` }',
    slow: true,
  },
  {
    name: 'inverse 2x2',
    inputs: { a: 'f32(B, 2, 2)' },
    body: 'const [p, q, r, s] = unstack(a.reshape([-1, 4]), 1); const det = tj`${p} * ${s} - ${q} * ${r} + 20`; return { det, inv: tj`stack([${s}, -${q}, -${r}, ${p}], axis=-1) / ${det}[:, None]`.reshape([-1, 2, 2]) }',
  },
  {
    name: 'newton',
    inputs: { x: 'f32(N)' },
    ranges: { x: [1, 4] },
    body: 'let y = onesLike(x); for (const _ of range(6)) y = tj`0.5 * (${y} + ${x} / ${y})`; return y',
  },
  {
    name: 'life',
    inputs: { x: 'bool(H, W)' },
    body: 'const f = cast(x, "i32"); const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].filter((dx) => dx !== 0 || dy !== 0).map((dx) => roll(f, [dy, dx], [0, 1]))).reduce((a, b) => add(a, b)); return tj`(${around} == 3) | (${x} & (${around} == 2))`',
  },
  {
    name: 'mandelbrot',
    inputs: { n: 'f32(H, W)' },
    body: 'const [h, w] = n.shape; const cy = tj`2 * arange(${h})[:, None] / ${h} - 1`; const cx = tj`3 * arange(${w}) / ${w} - 2`; let [zx, zy] = [tj`${n} * 0`, tj`${n} * 0`]; let count = zerosLike(n); for (const _ of range(4)) { [zx, zy] = [tj`${zx} ** 2 - ${zy} ** 2 + ${cx}`, tj`2 * ${zx} * ${zy} + ${cy}`]; count = tj`${count} + (${zx} ** 2 + ${zy} ** 2 < 4)` } return count',
  },
  {
    name: 'bfs',
    inputs: { a: 'bool(N, N)' },
    body: 'let seen = tj`arange(${a.shape[0]}) == 0`; for (const _ of range(3)) seen = tj`${seen} | any(${seen}[:, None] & ${a}, axis=0)`; return seen',
  },
  {
    name: 'crc like',
    inputs: { x: 'u32(N)' },
    ranges: { x: [0, 4000000000] },
    body: 'let h = x; h = tj`bitwise_xor(${h}, shift_right(${h}, 16)) * ${0x45d9f3b}`; h = tj`bitwise_xor(${h}, shift_right(${h}, 13))`; return { h, low: tj`${h} & 255`, f: tj`cast(shift_right(${h}, 8), "f32") / 16777216` }',
  },
]

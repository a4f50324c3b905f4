// attention: how sequences are mixed, as users write it

import type { Program } from '../program.ts'

/** Programs of this section. */
export const attention: readonly Program[] = [
  {
    name: 'attention forms',
    slow: true,
    inputs: { q: 'f32(B, 2, T, 4)', k: 'f32(B, 2, S, 4)', v: 'f32(B, 2, S, 3)', m: 'bool(B, 1, 1, S)', f: 'f32(T, S)' },
    body: '= ({ a: scaledDotProductAttention(q, k, v), b: scaledDotProductAttention(q, k, v, { scale: 0.3 }), c: scaledDotProductAttention(q, k, v, { mask: f }), d: tj`softmax(${q} @ ${k}.T / sqrt(4)) @ ${v}`, e: scaledDotProductAttention(q, k, v, { mask: or(m, tj`arange(${k.shape[2]}) == 0`) }), f: scaledDotProductAttention(q, q, q, { causal: true }) })',
  },
  {
    name: 'causal attention by hand',
    slow: true,
    inputs: { x: 'f32(B, T, 8)' },
    layers: '{ qkv: nn.linear(8, 24), out: nn.linear(8, 8) }',
    body: 'const [b, t] = x.shape; const heads = 2; const [q, k, v] = split($.qkv(x), 3, -1).map((p) => p.reshape([b, t, heads, 4]).transpose(1, 2)); const scores = tj`${q} @ ${k}.T / sqrt(4)`; const mask = tril(ones([t, t], { dtype: "bool" })); const p = softmax(where(mask, scores, -Infinity)); return $.out(tj`${p} @ ${v}`.transpose(1, 2).reshape([b, t, 8]))',
  },
  {
    name: 'rotary embedding',
    inputs: { x: 'f32(B, 2, T, 8)' },
    before: 'const rotate = (x: Tensor) => { const [a, b] = split(x, 2, -1); return concat([neg(b), a], -1) }',
    body: 'const t = x.shape[2]; const half = 4; const freq = tj`10000 ** (-${arange(half)} / ${half})`; const angle = tj`${arange(t)}[:, None] * ${freq}`; const full = concat([angle, angle], -1); return tj`${x} * cos(${full}) + ${rotate(x)} * sin(${full})`',
  },
  {
    name: 'sinusoidal positions',
    inputs: { x: 'f32(B, T, 6)' },
    body: 'const t = x.shape[1]; const i = arange(3); const angle = tj`${arange(t)}[:, None] / 10000 ** (2 * ${i} / 6)`; const pe = stack([sin(angle), cos(angle)], -1).reshape([t, 6]); return tj`${x} + ${pe}`',
  },
  {
    name: 'alibi and relative bias',
    inputs: { q: 'f32(B, 2, T, 4)', table: 'f32(2, 15)' },
    dims: { T: '{ max: 8 }' },
    body: 'const t = q.shape[2]; const d = tj`arange(${t})[None, :] - arange(${t})[:, None]`; const slopes = tensor([0.5, 0.25]); const bias = tj`${slopes}[:, None, None] * ${d}`; const rel = tj`${table}[:, ${d} + 7]`; return { a: tj`softmax(${q} @ ${q}.T + ${bias})`, b: tj`softmax(${q} @ ${q}.T + ${rel})` }',
  },
  {
    name: 'sliding window attention',
    inputs: { q: 'f32(B, T, 4)' },
    body: 'const t = q.shape[1]; const i = arange(t); const near = tj`abs(${i}[:, None] - ${i}) <= 2`; return tj`softmax(where(${near}, ${q} @ ${q}.T, -1e9)) @ ${q}`',
  },
  {
    name: 'grouped query attention',
    inputs: { q: 'f32(B, 4, T, 4)', k: 'f32(B, 2, T, 4)' },
    body: 'const kk = repeat(k, 2, 1); return scaledDotProductAttention(q, kk, kk, { causal: true })',
  },
  {
    name: 'key value cache',
    inputs: { q: 'f32(B, 1, 4)', cache: 'f32(B, T, 4)', k: 'f32(B, 1, 4)' },
    body: 'const keys = concat([cache, k], 1); return { keys, y: scaledDotProductAttention(q, keys, keys) }',
  },
  {
    name: 'linear attention',
    slow: true,
    inputs: { q: 'f32(B, T, 3)', k: 'f32(B, T, 3)', v: 'f32(B, T, 4)' },
    body: "const phi = (x: Tensor) => tj`elu(${x}) + 1`; const kv = cumsum(einsum('btd,bte->btde', phi(k), v), 1); const z = cumsum(phi(k), 1); return tj`${einsum('btd,btde->bte', phi(q), kv)} / ${einsum('btd,btd->bt', phi(q), z)}[..., None]`",
  },
  {
    name: 'gated units',
    slow: true,
    inputs: { x: 'f32(B, T, 4)', w: 'f32(4, 6)', v: 'f32(4, 6)', o: 'f32(6, 4)' },
    body: '= ({ swiglu: tj`(silu(${x} @ ${w}) * (${x} @ ${v})) @ ${o}`, geglu: tj`(gelu(${x} @ ${w}) * (${x} @ ${v})) @ ${o}` })',
    tolerance: 2e-5,
  },
  {
    name: 'mixture of experts',
    slow: true,
    inputs: { x: 'f32(N, 4)', gate: 'f32(4, 3)', w: 'f32(3, 4, 5)' },
    body: "const p = softmax(tj`${x} @ ${gate}`); const y = einsum('nd,edf->nef', x, w); const top = oneHot(argmax(p, -1), 3); return { soft: einsum('ne,nef->nf', p, y), hard: einsum('ne,nef->nf', tj`${p} * ${top}`, y) }",
  },
  {
    name: 'shared heads, scores within a cap',
    inputs: { q: 'f32(B, 4, T, 2)', k: 'f32(B, 2, S, 2)', v: 'f32(B, 2, S, 3)' },
    body: '= scaledDotProductAttention(q, k, v, { enableGqa: true, softcap: 1.5 })',
    tolerance: 3e-5,
  },
]

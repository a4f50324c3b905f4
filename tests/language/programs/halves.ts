// halves: f16 at rest, computed in f32

import type { Program } from '../program.ts'

export const halves: readonly Program[] = [
  {
    name: 'f16 to and fro',
    inputs: { x: 'f16(N)', y: 'f16(N)' },
    body: '= ({ sum: add(x, y), twice: mul(x, 2), wide: cast(x, "f32") })',
  },
  {
    name: 'odd sizes and scalars',
    inputs: { x: 'f16(3, N)', s: 'f16()' },
    body: '= ({ rows: mul(x, s), total: sum(x), row: sum(x, 0), s: exp(s) })',
    tolerance: 2e-3,
  },
  {
    name: 'products',
    inputs: { x: 'f16(B, 16)', y: 'f16(16, 8)' },
    body: 'const h = matmul(x, y); return { h, soft: softmax(h, -1), norm: layerNorm(h), tall: matmul(x.T, x) }',
    tolerance: 4e-3,
  },
  {
    name: 'weights, buffers and constants',
    inputs: { x: 'f16(B, 5)' },
    layers:
      '{ w: param(3, 5, { dtype: "f16" }), total: buffer(3, { dtype: "f16" }), odd: buffer(5, { dtype: "f16" }) }',
    body: 'const k = tensor([0.5, 1, 2], { dtype: "f16" }); const y = mul(matmul(x, $.w.T), k); assign($.total, add($.total, sum(y, 0))); assign($.odd, x[0]); return { y, total: $.total }'.replace(
      'x[0]',
      'tj`${x}[0]`',
    ),
    sizes: [{ B: 4 }, { B: 1 }, { B: 4 }],
    mode: 'train',
    tolerance: 4e-3,
  },
  {
    name: 'values between kernels, of many sizes',
    inputs: { x: 'f16(N, 8)' },
    body: 'let h = x; for (const i of range(4)) { h = softmax(matmul(h, h.T), -1); h = cast(matmul(h, x), "f16") } return { h, c: concat([h, x], 0), t: h.T }',
    sizes: [{ N: 1 }, { N: 7 }, { N: 33 }],
    tolerance: 1e-2,
  },
  {
    name: 'loops and branches',
    inputs: { x: 'f16(N)' },
    body: 'const y = forLoop(3, x, (c, i) => add(mul(c, 0.5), cast(i, "f16"))); const [last, all] = scan(cast(0, "f16"), y, (c, e) => { const n = add(c, e); return [n, n] }); return { y, last, all, z: cond(tj`sum(${x}) > 0`, () => neg(y), () => y) }',
    tolerance: 4e-3,
  },
  {
    name: 'mixed with every other dtype',
    inputs: { h: 'f16(N)', b: 'bf16(N)', i: 'i8(N)', f: 'f32(N)', m: 'bool(N)' },
    body: '= ({ a: add(h, i), b: add(h, b), f: mul(h, f), w: where(m, h, cast(f, "f16")), o: cast(h, "i32"), g: gt(h, 0) })',
    tolerance: 4e-3,
  },
]

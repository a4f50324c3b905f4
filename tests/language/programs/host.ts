// host: functions of the app in the middle of a program

import type { Program } from '../program.ts'

const x = { x: 'f32(N, 3)' }

export const hosts: readonly Program[] = [
  {
    name: 'a function between two operations',
    inputs: x,
    body: 'const negate = host((a) => a.data.map((each) => -each), f32(N, 3)); return exp(negate(mul(x, 2)))',
  },
  {
    name: 'only a function',
    inputs: x,
    body: '= host((a) => a.data.map((each) => each * 0.5), f32(N, 3))(x)',
  },
  {
    name: 'what is made before and used after',
    inputs: { x: 'f32(N, 3)', y: 'f32(3, 4)' },
    layers: '{ fc: nn.linear(4, 2) }',
    body: `const h = matmul(x, y); const s = sum(h, 0)
      const order = host((a) => Int32Array.from(a.data.map((_, i) => i)).sort((i, j) => a.data[j] - a.data[i]), i32(4))(s)
      return { picked: gather(h, order, 1), out: $.fc(h), s, order, y }`,
  },
  {
    name: 'several calls, of structures',
    inputs: x,
    body: `const split2 = host((a, k) => ({ low: a.data.map((v) => Math.min(v, k.data[0])), rest: [a.shape[0], a.data.some((v) => v > 1)] }), { low: f32(N, 3), rest: [i32(), bool()] })
      const { low, rest: [n, some] } = split2(x, 0.5)
      const more = host((a, n) => Array.from({ length: n.data[0] }, (_, i) => [a.data[i * 3], i]), f32(N, 2))(tj\`\${low} * 3\`, n)
      return { more: add(more, n), some, mean: mean(low), x: add(x, 1) }`,
  },
  {
    name: 'results that pass from one function to the next',
    inputs: x,
    body: `const first = host((a) => a.data.map((v) => v + 1), f32(N, 3))(x)
      const second = host((a, b) => a.data.map((v, i) => v * b.data[i]), f32(N, 3))(first, x)
      return { first, second }`,
  },
  {
    name: 'functions of the module, with data and one another',
    inputs: x,
    before: `const table: readonly number[] = [1, 2, 3]
      const options = { scale: 2, names: ['a'] }
      function even(n: number): boolean { return n === 0 || odd(n - 1) }
      const odd = (n: number): boolean => n !== 0 && even(n - 1)
      function lookup(a: { readonly data: ArrayLike<number> }): number[] {
        const seen = new Map<number, number>()
        try { for (let i = 0; i < a.data.length; i++) seen.set(i, table[i % 3]! * options.scale + (even(i) ? 1 : 0)) } catch { return [] }
        return [...seen.values()] as number[]
      }`,
    body: 'const k = 3; const f = host((a) => Float32Array.from(lookup(a)).map((v) => v * k), f32(N, 3)); return add(f(x), x)',
  },
  {
    name: 'every dtype to and fro',
    inputs: { a: 'f16(N)', b: 'bf16(N)', c: 'i32(N)', d: 'u32(N)', e: 'i8(N)', f: 'u8(N)', g: 'bool(N)' },
    body: `const same = host((a, b, c, d, e, f, g) => ({ a: a.data, b: b.data, c: c.data, d: d.data, e: e.data, f: f.data, g: g.data, half: Array.from(c.data, (v) => v / 2) }), { a: f16(N), b: bf16(N), c: i32(N), d: u32(N), e: i8(N), f: u8(N), g: bool(N), half: f16(N) })
      const r = same(add(a, 1), mul(b, 2), c, d, e, f, not(g)); return { ...r, a: add(r.a, 1), half: mul(r.half, 2), e: add(r.e, r.e) }`,
  },
  {
    name: 'state, draws and checks around it',
    inputs: { x: 'f32(3)' },
    layers: '{ total: buffer(3) }',
    body: `const u = random.uniform([3])
      const f = host((a) => a.data.map((v) => v + 1), f32(3)); const y = f(add(x, u)); assign($.total, add($.total, y))
      check(tj\`\${y} < 99\`, 'small'); return { y: add(y, random.uniform([3])), total: $.total }`,
    sizes: [{}, {}, {}],
    checks: true,
    mode: 'train',
  },
  {
    name: 'control flow before and after',
    inputs: { x: 'f32(N)' },
    body: `const before = scan(0, x, (c, e) => { const n = add(c, e); return [n, n] })[1]
      const y = host((a) => a.data.map((v) => v * v), f32(N))(before)
      return cond(tj\`sum(\${y}) > 1\`, () => forLoop(3, y, (c) => mul(c, 2)), () => x)`,
  },
  {
    name: 'in one mode only',
    inputs: { x: 'f32(N)' },
    layers: '{ most: buffer() }',
    body: 'if (!isTraining()) return mul(x, 2); const y = host((a) => a.data.map((v) => v + 1), f32(N))(x); assign($.most, max(y)); return y',
    mode: 'train',
  },
  {
    name: 'optional inputs with a function',
    inputs: { x: 'f32(N)', y: 'optional(f32(N))' },
    body: 'const f = host((a) => a.data.map((v) => v + 1), f32(N)); return y === undefined ? f(x) : add(x, f(y))',
    absent: [['y']],
  },
  {
    name: 'a result of no elements, and no result',
    inputs: { x: 'f32(3)' },
    body: 'host((a) => ({}), {})(x); const none = host(() => [], f32(0, 3))(); return { x: mul(x, 2), s: sum(none), none }',
  },
]

// static: TypeScript that runs while compiling

import type { Program } from '../program.ts'

const x = { x: 'f32(B, 4)' }

/** Programs of this section. */
export const statics: readonly Program[] = [
  {
    name: 'loops',
    inputs: x,
    body: 'let y = x; for (let i = 0; i < 3; i++) y = tj`${y} + ${i}`; for (const i of range(2)) y = tj`${y} * ${i + 1}`; for (const [i, s] of [0.5, 0.25].entries()) y = tj`${y} - ${i} * ${s}`; let n = 0; while (n < 5) { n += 2; if (n === 4) continue; y = add(y, n) } do { n-- } while (n > 3); for (const [k, v] of Object.entries({ a: 1, b: 2 })) { if (k === "b") break; y = mul(y, v + 1) } for (const k in { p: 1, q: 2 }) y = add(y, k === "q" ? 1 : 0); return add(y, n)',
  },
  {
    name: 'array methods',
    inputs: x,
    body: 'const ns = [3, 1, 2]; const a = ns.map((n, i) => n * i).filter((n) => n > 0).reduce((p, q) => p + q, 0); const b = [...ns].sort((p, q) => p - q)[0]; const c = ns.flatMap((n) => [n, -n]).includes(-2) ? 1 : 0; const d = ns.some((n) => n > 2) && ns.every((n) => n > 0) ? ns.indexOf(2) : -1; const e = ns.slice(1).concat([9]).at(-1); const f = ns.find((n) => n < 3); const g = Array.from({ length: 3 }, (_, i) => i * i).join("").length; const h = [[1, 2], [3]].flat().length; const m = ns.toSorted().toReversed()[0]; const k = ns.findIndex((n) => n === 2); const l = Array.isArray(ns) ? [...ns.keys()].length : 0; return tj`${x} + ${a} + ${b} + ${c} + ${d} + ${e} + ${f} + ${g} + ${h} + ${m} + ${k} + ${l}`',
  },
  {
    name: 'mutation of own arrays',
    inputs: x,
    body: 'const parts: Tensor[] = []; for (let i = 0; i < 3; i++) parts.push(tj`${x} * ${i}`); parts.reverse(); const last = parts.pop(); parts.unshift(last); const o: Record<string, Tensor> = {}; o.a = parts[0]; o["b"] = parts[1]; const sizes = [0, 0]; sizes[1] = 2; let c = 0; c += sizes[1]; c **= 2; c ||= 7; let z; z ??= 3; return { ...o, s: concat(parts, 1), c: add(x, c + z) }',
  },
  {
    name: 'destructuring',
    inputs: x,
    body: 'const { a = 1, b: { c = 2, ...others } = { c: 5, d: 6 }, ...rest } = { a: undefined, e: 3, f: 4 } as { a?: number; b?: { c?: number; d?: number }; e: number; f: number }; const [p, , q = 7, ...r] = [1, 2, undefined, 4, 5]; let [s, t] = [1, 2]; [s, t] = [t, s]; const key = "e"; const { [key]: dyn } = rest; const f = ([u, { v }]: readonly [number, { v: number }]) => u * v; return tj`${x} * ${a + c + (others.d ?? 0) + rest.f + dyn} + ${p + q + r.length} - ${s * 10 + t} + ${f([2, { v: 3 }])}`',
  },
  {
    name: 'spread and rest',
    inputs: x,
    body: 'const f = (first: number, ...more: number[]) => more.reduce((p, q) => p + q, first); const o = { a: 1, ...{ b: 2, a: 3 }, ["c" + 1]: 4 }; const args = [1, 2, 3] as const; return { y: tj`${x} * ${f(...args)} + ${o.a + o.b + o.c1}`, z: concat([...[x, x], x], 1), m: Math.max(...args) === 3 ? x : neg(x) }',
  },
  {
    name: 'choices',
    inputs: x,
    before:
      "type Kind = 'relu' | 'tanh' | 'none'\nconst ACTIVATIONS = { relu, tanh, none: (x: Tensor) => x } as const\nconst act = (kind: Kind, x: Tensor): Tensor => { switch (kind) { case 'relu': return relu(x)\n case 'tanh': { const y = tanh(x); return y }\n default: return x } }\nconst count = (n: number) => { let c = 0; switch (n) { case 1: c += 1\n case 2: c += 2; break\n case 3: c = 9 } return c }",
    body: "const a = act('relu', x); const b = act('none', x); const c = true ? a : b; const d = x.shape.length > 1 ? c : x; const e = null ?? undefined ?? 0; const f = ACTIVATIONS['tanh'](x); const g = x.dtype === 'f32' ? 1 : 2; const h = x.rank; return { d, e: add(x, e), f, g: tj`${x} * ${g + h + count(1) * 100 + count(2) * 10 + count(3)}` }",
  },
  {
    name: 'functions',
    inputs: x,
    before:
      'function twice(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor { return (x) => f(f(x)) }\nconst compose = (...fs: readonly ((x: Tensor) => Tensor)[]) => (x: Tensor) => fs.reduce((y, f) => f(y), x)\nfunction power(x: Tensor, n: number): Tensor { if (n === 0) return onesLike(x); return n % 2 === 1 ? mul(x, power(x, n - 1)) : power(mul(x, x), n / 2) }\nconst fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2))\nconst withDefault = (x: Tensor, { scale = 2, shift = scale + 1 }: { scale?: number; shift?: number } = {}) => tj`${x} * ${scale} + ${shift}`\nfunction generic<T>(value: T, ...others: T[]): T { return others[0] ?? value }',
    body: 'let counter = 0; const tick = () => ++counter; tick(); tick(); return { a: twice((y) => tj`${y} * ${counter}`)(x), b: compose(relu, exp, (y) => tj`${y} - 1`)(x), c: power(x, 5), d: add(x, fib(10)), e: withDefault(x), f: withDefault(x, { scale: 3 }), g: generic<Tensor>(x, neg(x)) }',
  },
  {
    name: 'hoisted functions',
    inputs: x,
    body: 'return outer1(x); function outer1(y: Tensor): Tensor { return inner(y) } function inner(y: Tensor): Tensor { return tj`${y} + ${LATER}` }',
    before: 'const LATER = 4',
  },
  {
    name: 'strings and keys',
    inputs: x,
    body: 'const name = `w_${1 + 1}`; const table: Record<string, number> = { w_2: 5, ["x"]: 6 }; const upper = "ab".toUpperCase() + "c".repeat(2).padStart(4, "-"); const n = "a,b,c".split(",").length; const has = "k" in { k: 1 } ? 1 : 0; return { [name]: tj`${x} * ${table[name]}`, [`${upper.toLowerCase().replace("--", "")}`]: add(x, n + has), len: add(x, upper.length + "abc".indexOf("c") + Object.keys(table).length) }',
  },
  {
    name: 'mathematics',
    inputs: x,
    body: '= tj`${x} * ${Math.sqrt(16) + Math.pow(2, 3) + Math.PI * 0 + Math.max(1, 5, 3) + Math.min(2, 1) + Math.abs(-2) + Math.floor(2.7) + Math.ceil(2.1) + Math.round(2.5) + Math.trunc(-1.5) + Math.sign(-3) + Math.log2(8) + Math.hypot(3, 4) + Math.cbrt(27) + Math.exp(0) + Math.log(1) + Number("3") + Number.parseInt("12px", 10) + 7 % 3 + 2 ** 3 + (5 & 3) + (5 | 3) + (1 << 4) + (-8 >> 1) + (~5) + (5 ^ 1) + (10 >>> 1)}`',
  },
  {
    name: 'optional chaining',
    inputs: x,
    body: 'const o: { a?: { b?: number }; f?: (n: number) => number } = { a: { b: 4 } }; return tj`${x} + ${o.a?.b ?? 1} + ${o.f?.(2) ?? 3} + ${(o as { z?: { y: number } }).z?.y ?? 6}`',
  },
  {
    name: 'types everywhere',
    inputs: x,
    before:
      'type Fn<T extends Tensor = Tensor> = (x: T) => T\ninterface Shape { readonly b: number }\nconst ids = { A: 0, B: 1 } as const satisfies Record<string, number>\ntype Id = (typeof ids)[keyof typeof ids]\nconst apply: Fn = (x) => x\nfunction pick(id: Id): number { return id! + 1 }\nexport type { Shape }\nexport const SIZE: number = 4',
    body: 'const y = apply(x) as Tensor; const s = <const>["a"]; const z = (y satisfies Tensor)!; return tj`${z} + ${pick(ids.B)} + ${s.length} + ${SIZE}`'.replace(
      '<const>["a"]',
      '["a"] as const',
    ),
  },
  {
    name: 'other modules',
    slow: true,
    inputs: x,
    before:
      "import { scale, helpers, type Options, dense as fc } from './lib/util.tsjit'\nimport * as util from './lib/util.tsjit'\nimport config from './config.json'\nexport { scale } from './lib/util.tsjit'",
    files: {
      'lib/util.tsjit':
        "import { type Tensor, tj, layer, param } from '@tsjit/dsl'\nimport { BASE } from './base.tsjit'\nexport interface Options { readonly k: number }\nexport const scale = (x: Tensor, { k }: Options): Tensor => tj`${x} * ${k} + ${BASE}`\nexport const helpers = { double: (x: Tensor) => tj`${x} * 2` }\nexport function dense(i: number, o: number) { return layer({ weight: param(o, i) }, ({ weight }, x: Tensor) => tj`${x} @ ${weight}.T`) }\nexport default 7\nexport * from './base.tsjit'\n",
      'lib/base.tsjit': 'export const BASE = 3\nexport const TABLE = [1, 2, 3, 4]\n',
      'config.json':
        '{ "width": 4, "layers": [{ "size": 3 }, { "size": 2 }], "name": "net", "flags": { "bias": true } }',
    },
    layers:
      '{ net: nn.sequential(...config.layers.map(({ size }, i) => fc(i === 0 ? config.width : (config.layers[i - 1]?.size ?? 0), size))), u: util.dense(4, 1) }',
    body: 'const o: Options = { k: config.width }; return { a: scale(x, o), b: helpers.double(x), c: $.net(x), d: util.scale(x, { k: 1 }), e: tj`${x} + ${util.TABLE} + ${util.default}`, f: $.u(x) }',
  },
  {
    name: 'closures over tensors',
    inputs: { x: 'f32(B, 4)', y: 'f32(4)' },
    body: 'const shift = (v: Tensor) => tj`${v} + ${y}`; const fs = [1, 2, 3].map((k) => (v: Tensor) => tj`${shift(v)} * ${k}`); return fs.map((f) => f(x)).reduce((a, b) => add(a, b))',
  },
  {
    name: 'tensors in structures',
    inputs: x,
    body: 'const state = { h: x, list: [x, neg(x)], nest: { deep: [{ t: exp(x) }] } }; const next = { ...state, h: relu(state.h) }; const [{ t }] = next.nest.deep; const m = new_(next); return { ...m, t }; function new_(s: { h: Tensor; list: Tensor[] }) { return { h: s.h, first: s.list[0], n: s.list.length > 1 ? s.list[1] : x } }',
  },
  {
    name: 'iterating a tensor',
    inputs: { x: 'f32(3, B)' },
    body: 'const [a, b, c] = x; let s = a; for (const row of [b, c]) s = add(s, row); return s',
  },
  {
    name: 'shape idioms',
    inputs: { x: 'f32(B, T, 4)' },
    body: 'const [b, t, d] = x.shape; const rank = x.shape.length; const [first, ...others] = x.shape; const last = x.shape.at(-1); const tail = x.shape.slice(1); return { a: x.reshape([b * t, d]), b: zeros([...others]), c: zeros([first, last]), d: x.reshape([...x.shape.slice(0, -1), 2, 2]), e: zeros(x.shape), f: zeros(tail), g: rank === 3 ? sum(x, rank - 1) : x, h: zeros(x.shape.map((n, i) => (i === 2 ? 1 : n))), i: x.reshape([x.shape[0], -1]) }',
  },
  {
    name: 'counting with dimensions',
    inputs: { x: 'f32(B, T)' },
    dims: { T: '{ min: 4, max: 8 }' },
    sizes: [
      { B: 2, T: 6 },
      { B: 1, T: 4 },
    ],
    body: 'const t = x.shape[1]; if (t < 4) throw new Error("short"); let y = x; if (t >= 4) y = tj`${y}[:, :4]`; const size = t > 100 ? 3 : 2; return { y: tj`${y} * ${size}`, same: t === x.shape[1] ? x : neg(x), max: zeros([Math.max(t, 2)]) }'.replace(
      'if (t < 4) throw new Error("short"); ',
      '',
    ),
  },
  {
    name: 'check and print',
    inputs: x,
    body: 'check(x.shape.length === 2, "a matrix"); print("x", x); console; return relu(x)'.replace('console; ', ''),
  },
  { name: 'numeric separators and literals', inputs: x, body: '= add(x, 1_000 + 0xff + 0b11 + 0o7 + 1e2 + .5)' },
  {
    name: 'comma free chains',
    inputs: x,
    body: 'let a = 1, b = 2; a = b = 3; const c = (a++, b); return add(x, a * 10 + b + c)'.replace('(a++, b)', 'a++'),
  },
  {
    name: 'getters of arrays',
    inputs: x,
    body: 'const layersOf = [{ k: 1 }, { k: 2 }, { k: 3 }]; const total = layersOf.map(({ k }) => k).reduceRight((a, b) => a * 2 + b, 0); const grouped = Object.values({ p: 1, q: 2 }).concat(total).lastIndexOf(2); const filled = Array(3).fill(2).reduce((a: number, b: number) => a + b, 0); return add(x, total + grouped + filled)',
  },
]

// What static code evaluates to, compared with JavaScript itself: each sample is the body of a function.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

const samples: Readonly<Record<string, string>> = {
  arithmetic:
    'return [1 + 2 * 3, 7 % 4, -7 % 4, 2 ** 10, 7 / 2, 1 / 0, -0 === 0, 0.1 + 0.2, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -8 >> 1, -8 >>> 28]',
  comparison: `return [1 < 2, 'a' < 'b', '10' == 10, null == undefined, null === undefined, 3 >= 3, NaN === NaN, [] === []]`,
  strings:
    "const n = 3; return `n is ${n + 1}, ${'a'.toUpperCase()} ${[1, 2]}` + 1 + 'x'.repeat(3) + 'a-b'.split('-').join('+')",
  'string methods': `return ['abc'.slice(-2), 'abc'.at(-1), 'abc'.includes('b'), 'abc'.indexOf('c'), ' a '.trim(), 'a'.padStart(3, '-'), 'aXa'.replaceAll('a', 'b'), 'abc'.length, 'abc'[1], 'b'.charCodeAt(0)]`,
  logic: `return [0 || 'a', '' ?? 'b', null ?? 'c', 1 && 2, 0 && 2, !0, !!'a', void 0, typeof 1, typeof 'a', typeof undefined, typeof (() => 1), typeof {}]`,
  ternaries: 'return [1 > 2 ? 1 : 2 > 1 ? 3 : 4]',
  'let and const':
    'let a = 1; const b = 2; a += b; a *= 3; a -= 1; a /= 2; a **= 2; a %= 7; { let a = 100; a++ } return [a, b]',
  'logical assignment': 'let a; let b = 1; let c = 0; a ??= 5; b &&= 6; c ||= 7; return [a, b, c]',
  update:
    'let i = 0; const a = i++; const b = ++i; const c = i--; const d = --i; const o = { n: 1 }; o.n++; return [a, b, c, d, i, o]',
  for: 'let s = 0; for (let i = 0; i < 5; i++) { if (i === 1) continue; if (i === 4) break; s += i } return s',
  'for of': `let s = ''; for (const [k, v] of Object.entries({ a: 1, b: 2 })) s += k + v; for (const c of 'xy') s += c; return s`,
  'for in': `let s = ''; for (const k in { a: 1, b: 2 }) s += k; for (const i in [7, 8]) s += i; return s`,
  while: 'let n = 27; let steps = 0; while (n !== 1) { n = n % 2 === 0 ? n / 2 : 3 * n + 1; steps++ } return steps',
  'do while': 'let i = 0; do { i += 2 } while (i < 5); return i',
  'nested loops':
    'const out = []; for (let i = 0; i < 3; i++) for (let j = 0; j < i; j++) { if (j === 1) break; out.push([i, j]) } return out',
  'return from a loop': 'for (const i of [1, 2, 3]) { if (i === 2) return i } return 0',
  switch: `const f = (k) => { let r = ''; switch (k) { case 'a': r += 1; case 'b': r += 2; break; case 'c': return 'c'; default: r += 'd' } return r }; return [f('a'), f('b'), f('c'), f('x')]`,
  closures: 'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i * 10); return fs.map((f) => f())',
  counters:
    'const counter = () => { let n = 0; return () => { n += 1; return n } }; const next = counter(); next(); next(); return next()',
  hoisting: 'return f(3); function f(n) { return n * 2 }',
  recursion:
    'const fact = (n) => (n <= 1 ? 1 : n * fact(n - 1)); function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) } return [fact(10), fib(12)]',
  'mutual recursion':
    'const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1); return [even(10), odd(7)]',
  'defaults and rest':
    'const f = (a, b = a + 1, ...rest) => [a, b, rest]; return [f(1), f(1, undefined, 3), f(1, 2, 3, 4)]',
  spread:
    'const a = [1, 2]; const f = (...xs) => xs.length; return [[0, ...a, 3], f(...a, ...a), { ...{ x: 1, y: 2 }, y: 3 }, [..."ab"]]',
  'array patterns':
    'const [a, , b, ...rest] = [1, 2, 3, 4, 5]; const [[c], d = 9] = [[7]]; let x = 1, y = 2; [x, y] = [y, x]; return [a, b, rest, c, d, x, y]',
  'object patterns': `const { a, b: { c }, d = 4, ['e']: e, ...rest } = { a: 1, b: { c: 2 }, e: 5, f: 6, g: 7 }; const o = {}; ({ a: o.z } = { a: 3 }); return [a, c, d, e, rest, o]`,
  'parameter patterns': 'const f = ({ a, b = 2 }, [c]) => a + b + c; return f({ a: 1 }, [3])',
  'object literals': `const a = 1; const k = 'dyn'; const o = { a, [k + 1]: 2, m(x) { return x + 1 }, 'quo ted': 3, 4: 5 }; return [o.a, o.dyn1, o.m(1), o['quo ted'], o[4], Object.keys(o).length]`,
  'optional chaining': `const o = { a: { b: () => 3 } }; const n = undefined; return [o?.a?.b?.(), o.x?.y.z, n?.a.b.c(), o.a.b?.(), n?.[0]]`,
  'array methods': `const a = [3, 1, 2]; return [a.map((x, i) => x * i), a.filter((x) => x > 1), a.reduce((s, x) => s + x), a.reduce((s, x) => s + x, 10), a.reduceRight((s, x) => s + x, ''), a.flatMap((x) => [x, x]), a.some((x) => x > 2), a.every((x) => x > 2), a.find((x) => x < 3), a.findIndex((x) => x === 2), a.findLast((x) => x < 3), a.indexOf(1), a.includes(9), a.at(-1)]`,
  'more array methods': `const a = [3, 1, 2]; return [a.slice(1), a.concat([4], 5), a.join('-'), a.toReversed(), a.toSorted(), a.toSorted((p, q) => q - p), a.with(0, 9), [1, [2, [3]]].flat(), [1, [2, [3]]].flat(2), a.entries ? 1 : 0, a.length, [...a.keys()], a.lastIndexOf(2)]`,
  'mutating methods':
    'const a = [3, 1, 2]; a.push(5, 6); a.pop(); a.shift(); a.unshift(0); a.sort(); a.reverse(); a.splice(1, 1, 8, 9); a[0] = 7; const b = [0, 0].fill(4); a.forEach((x) => b.push(x)); return [a, b, b.length]',
  objects: `const o = { b: 2, a: 1 }; return [Object.keys(o), Object.values(o), Object.entries(o), Object.fromEntries([['x', 1], ['y', 2]]), 'a' in o, Object.hasOwn(o, 'z')]`,
  'arrays made':
    'return [Array.from({ length: 3 }, (_, i) => i * i), Array.from([1, 2], (x) => x + 1), Array.isArray([]), Array.of(1, 2), Array.from("ab")]',
  Math: 'return [Math.max(1, 5, 3), Math.min(2, 1), Math.floor(-1.5), Math.ceil(1.2), Math.round(2.5), Math.trunc(-1.7), Math.sqrt(16), Math.abs(-3), Math.sign(-2), Math.pow(2, 5), Math.PI, Math.log2(8), Math.hypot(3, 4), Math.exp(1), Math.max()]',
  Number: `return [Number('3.5'), Number.isInteger(3), Number.isInteger(3.5), Number.MAX_SAFE_INTEGER, Number(true), (1.005).toFixed(1), String(12), Boolean(''), Number.parseInt('12px', 10), (255).toString(16)]`,
  'functions as values':
    'const compose = (...fs) => (x) => fs.reduce((v, f) => f(v), x); return compose((x) => x + 1, (x) => x * 2)(3)',
  'function names and lengths': 'const f = (a, b) => a; function g() { return 1 } return [f.name, g.name, f.length]',
  'immediately called': 'return ((a) => a + 1)(2) + (function () { return 3 })()',
  shadowing: 'const x = 1; const f = (x) => { const g = () => x; { const x = 5; return [x, g()] } }; return [f(2), x]',
  'comments and empty statements': ';; /* a */ const a = 1; // b\n return a',
}

test.each(Object.entries(samples))('%s', async (_, body) => {
  const expected: unknown = new Function(body)()
  const { messages, module } = await lowerText(`export const value = (() => { ${body} })()`)
  expect(messages).toEqual([])
  expect(module?.data.get('value')).toEqual(expected)
})

test('types are left out', async () => {
  const { messages, module } = await lowerText(`
    type Size = number
    interface Options { readonly size: Size }
    declare const global: number
    export type { Options }
    const f = <T extends Size>(options: Options, extra?: T): number => (options.size as number) + extra! + (1 satisfies number)
    function over(a: string): string
    function over(a: string | number): string { return String(a) }
    export const value = [f({ size: 2 } as const, 3), over('x')]
  `)
  expect(messages).toEqual([])
  expect(module?.data.get('value')).toEqual([6, 'x'])
})

test('exports: models are graphs, data stays, functions and layers are dropped', async () => {
  const { module, messages } = await lowerText(`
    import { f32, layer, model, param, relu } from '@tsjit/dsl'
    export const size = 3
    export const names = ['a', 'b']
    export const config = { deep: { size } }
    export const activation = (x) => relu(x)
    export function other() { return 1 }
    export const net = layer({ w: param(3) }, ({ w }, x) => x.add(w))
    export const first = model({ inputs: { x: f32(size) }, layers: { net }, forward: ({ x }, { net }) => net(x) })
    const second = model({ inputs: { x: f32(size) }, forward: ({ x }) => activation(x) })
    export { second as renamed }
    export default 7
  `)
  expect(messages).toEqual([])
  expect(module?.graphs.map(({ name }) => name)).toEqual(['first', 'renamed'])
  expect([...(module?.data ?? [])]).toEqual([
    ['size', 3],
    ['names', ['a', 'b']],
    ['config', { deep: { size: 3 } }],
    ['default', 7],
  ])
  expect(module?.dropped).toEqual(['activation', 'other', 'net'])
})

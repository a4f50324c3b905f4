// modules: how models are written down and put together

import type { Program } from '../program.ts'

const head =
  "import { type Tensor, add, dim, f32, i32, layer, model, mul, neg, param, range, relu, tj, zeros } from '@tsjit/dsl'\nimport * as nn from '@tsjit/nn'\nconst B = dim('B', { max: 64 })\n"
const x = { x: 'f32(B, 4)' }

/** Programs of this section. */
export const modules: readonly Program[] = [
  {
    name: 'a model from a function',
    slow: true,
    inputs: x,
    module: `${head}const make = (width: number) => model({ inputs: { x: f32(B, width) }, layers: { fc: nn.linear(width, 2) }, forward: ({ x }, { fc }) => fc(x) })\nexport const m = make(4)\n`,
  },
  {
    name: 'forward by name',
    inputs: x,
    module: `${head}function forward({ x }: { x: Tensor }, { fc }: { fc: (x: Tensor) => Tensor }) { return { y: fc(x) } }\nconst layers = { fc: nn.linear(4, 2) }\nconst inputs = { x: f32(B, 4) }\nexport const m = model({ inputs, layers, forward })\n`,
  },
  {
    name: 'inputs as one object',
    inputs: { x: 'f32(B, 4)', y: 'f32(4)' },
    module: `${head}export const m = model({ inputs: { x: f32(B, 4), y: f32(4) }, forward(inputs) { const { x, ...rest } = inputs; return add(x, rest.y) } })\n`,
  },
  {
    name: 'exports at the end',
    inputs: x,
    module: `${head}const net = model({ inputs: { x: f32(B, 4) }, forward: ({ x }) => neg(x) })\nexport { net as m, net }\nexport const WIDTH = 4\nexport const labels = ['a', 'b'] as const\nexport type Labels = (typeof labels)[number]\n`,
  },
  {
    name: 'two models share a layer function',
    slow: true,
    inputs: x,
    module: `${head}const block = () => layer({ w: param(4, 4) }, ({ w }, x: Tensor) => tj\`\${x} @ \${w}\`)\nexport const other = model({ inputs: { x: f32(B, 4) }, layers: { a: block(), b: block() }, forward: ({ x }, { a, b }) => a(b(x)) })\nexport const m = model({ inputs: { x: f32(B, 4) }, layers: [block(), block()], forward: ({ x }, [a, b]) => b(a(x)) })\n`,
  },
  {
    name: 'forward of arrays',
    inputs: x,
    module: `${head}export const m = model({ inputs: { x: f32(B, 4) }, forward: ({ x }) => [x, neg(x), { z: relu(x) }] })\n`,
  },
  {
    name: 'spread of inputs and layers',
    slow: true,
    inputs: { x: 'f32(B, 4)', y: 'f32(B, 4)' },
    module: `${head}const common = { x: f32(B, 4) }\nconst base = { a: nn.linear(4, 4) }\nexport const m = model({ inputs: { ...common, y: f32(B, 4) }, layers: { ...base, b: nn.linear(4, 4, { bias: false }) }, forward: ({ x, y }, { a, b }) => add(a(x), b(y)) })\n`,
  },
  {
    name: 'layers as one layer',
    slow: true,
    inputs: x,
    module: `${head}const net = nn.sequential(nn.linear(4, 3), relu, nn.linear(3, 2))\nexport const m = model({ inputs: { x: f32(B, 4) }, layers: net, forward: ({ x }, f) => f(x) })\n`,
  },
  {
    name: 'dimensions in forward',
    inputs: x,
    module: `${head}const twice = (n: number) => n * 2\nexport const m = model({ inputs: { x: f32(B, 4) }, forward: ({ x }) => ({ a: zeros([B, 2]), b: tj\`\${x} * \${B}\`, c: zeros([twice(B) + 1]), d: B == x.shape[0] ? x : neg(x) }) })\n`,
  },
  {
    name: 'one dimension in many places',
    inputs: { x: 'f32(B, 4)', i: 'i32(B)' },
    ranges: { i: [0, 4] },
    module: `${head}export const m = model({ inputs: { x: f32(B, 4), i: i32(B) }, forward: ({ x, i }) => tj\`sum(\${x} * one_hot(\${i}, 4), axis=1)\` })\n`,
  },
  {
    name: 'weights of own names',
    slow: true,
    inputs: x,
    module: `${head}const cell = (d: number) => layer(range(2).reduce((all: Record<string, Tensor>, i: number) => ({ ...all, [\`weight_\${i}\`]: param(d, d), [\`bias_\${i}\`]: param(d, { init: { normal: 0.1 } }) }), {}), (w, x: Tensor) => range(2).reduce((y: Tensor, i: number) => tj\`relu(\${y} @ \${w[\`weight_\${i}\`]} + \${w[\`bias_\${i}\`]})\`, x))\nexport const m = model({ inputs: { x: f32(B, 4) }, layers: { cell: cell(4) }, forward: ({ x }, { cell }) => cell(x) })\n`,
  },
  {
    name: 'exported layers and functions',
    slow: true,
    inputs: x,
    files: {
      'lib.tsjit': `${head}export const block = (d: number) => layer({ fc: nn.linear(d, d), gain: param(1, { init: 1 }) }, ({ fc, gain }, x: Tensor) => tj\`\${x} + \${gain} * \${fc(x)}\`)\nexport default function halve(x: Tensor): Tensor { return mul(x, 0.5) }\nexport const sub = model({ inputs: { x: f32(B, 4) }, forward: ({ x }) => x })\n`,
    },
    module: `${head}import halve, { block } from './lib.tsjit'\nexport { block }\nexport const m = model({ inputs: { x: f32(B, 4) }, layers: { a: block(4), b: block(4) }, forward: ({ x }, { a, b }) => halve(b(a(x))) })\n`,
  },
  {
    name: 'integer weights',
    inputs: x,
    module: `import { buffer, dim, f32, layer, model, param, tj, type Tensor } from '@tsjit/dsl'\nconst B = dim('B', { max: 64 })\nconst quant = layer({ scale: param(1), table: buffer(4, { dtype: 'i32', init: 2 }) }, ({ scale, table }, x: Tensor) => tj\`\${x} * \${scale} + \${table}\`)\nexport const m = model({ inputs: { x: f32(B, 4) }, layers: { quant }, forward: ({ x }, { quant }) => quant(x) })\n`,
  },
  {
    name: 'small things of typescript',
    inputs: x,
    module:
      `${head}const enumLike = Object.freeze({ A: 'a', B: 'b' } as const)\ntype Value<T> = T extends readonly (infer U)[] ? U : never\ndeclare const unusedType: Value<number[]>\nfunction assertIs(condition: boolean): asserts condition { if (!condition) throw new Error('no') }\nfunction overload(x: number): number\nfunction overload(x: string): string\nfunction overload(x: number | string): number | string { return x }\nconst obj = { method(y: Tensor) { return neg(y) }, ['key' + 1]: 2, get2: () => 3 }\nexport const m = model({ inputs: { x: f32(B, 4) }, forward: ({ x }) => { assertIs(typeof x.shape === 'object' && enumLike.A === 'a'); const letters = [...'abc'].map((c) => c.length).reduce((a, b) => a + b); let n = 0; for (const c of 'ab') n += c === 'a' ? 1 : 10; const iife = (() => 4)(); return tj\`\${obj.method(x)} + \${obj.key1 + obj.get2() + letters + n + iife + Number(overload(5)) + (void 0 === undefined ? 1 : 0)}\` } })\n`.replace(
        'declare const unusedType: Value<number[]>\n',
        '',
      ),
  },
]

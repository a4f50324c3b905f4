// Layers: names of weights, tying, and what is declared but not used.
import { expect, test } from 'vitest'
import { printGraph } from '../ir/graph/print.ts'
import { lowerText } from '../../tests/support/lower-text.ts'

const imports = `import { f32, model, layer, param, buffer, relu, tj, isTraining, type Tensor } from '@tsjit/dsl'
import { linear, sequential, batchNorm2d, dropout } from '@tsjit/nn'
`

const pathsOf = async (layers: string, forward: string): Promise<readonly string[] | undefined> => {
  const { module, messages } = await lowerText(`${imports}
export const m = model({ inputs: { x: f32(2, 4) }, layers: ${layers}, forward: ${forward} })`)
  expect(messages).toEqual([])
  return module?.graphs[0]?.weights.map(({ path, role, value }) => `${path} ${role} ${value.type.shape.join('x')}`)
}

test('paths are those of a state_dict', async () => {
  expect(
    await pathsOf(
      `{ stem: sequential(linear(4, 4), relu, linear(4, 4, { bias: false })), blocks: [{ fc: linear(4, 4) }, undefined], w: param(4) }`,
      `({ x }, { stem, blocks, w }) => blocks[0].fc(stem(x)).add(w)`,
    ),
  ).toEqual([
    'stem.0.weight param 4x4',
    'stem.0.bias param 4',
    'stem.2.weight param 4x4',
    'blocks.0.fc.weight param 4x4',
    'blocks.0.fc.bias param 4',
    'w param 4',
  ])
})

test('a weight may be used outside its layer, and in two places', async () => {
  expect(
    await pathsOf(
      `(() => { const wte = linear(4, 4); return { wte, head: layer({ weight: wte.weight }, ({ weight }, x) => tj\`\${x} @ \${weight}.T\`) } })()`,
      `({ x }, { wte, head }) => head(tj\`\${x} @ \${wte.weight} + \${wte.bias}\`)`,
    ),
  ).toEqual(['wte.weight param 4x4', 'wte.bias param 4'])
})

test('the second argument may be taken as a whole', async () => {
  expect(await pathsOf(`{ a: linear(4, 4) }`, `(inputs, layers) => layers.a(inputs.x)`)).toEqual([
    'a.weight param 4x4',
    'a.bias param 4',
  ])
})

const one = async (layers: string, forward: string): Promise<readonly string[]> => {
  const { diagnostics, places } = await lowerText(`${imports}
export const m = model({ inputs: { x: f32(2, 4) }, layers: ${layers}, forward: ${forward} })`)
  return diagnostics.map(({ code, message }, index) => `${code} ${places[index]} ${/`([^`]*)`/.exec(message)?.[1]}`)
}

test('what is not used is warned of at its outermost place', async () => {
  expect(await one('{ a: linear(4, 4), b: linear(4, 4) }', '({ x }, { a }) => a(x)')).toEqual([
    'weight_unused linear(4, 4) b',
  ])
  expect(await one('{ a: [linear(4, 4), linear(4, 2)], c: param(3) }', '({ x }, { a }) => a[0](x)')).toEqual([
    'weight_unused linear(4, 2) a.1',
    'weight_unused param(3) c',
  ])
  expect(await one('{ a: dropout(0.5), b: buffer(2) }', '({ x }) => x')).toEqual([])
})

test('a layer that is not declared', async () => {
  expect(await one('{}', '({ x }) => linear(4, 4)(x)')).toEqual(['model_undeclared_layer linear(4, 4)(x) linear'])
  expect(await one('{ a: linear(4, 4) }', '({ x }, { a, b }) => b(a(x))')).toEqual(['source_unknown_property b b'])
  expect(await one('{ size: 3, a: linear(4, 4) }', '({ x }, { a }) => a(x)')).toEqual(['model_bad_layer 3 size'])
  expect(await one("{ head: linear(4, 4), 'head.bias': param(4) }", '({ x }) => x')).toEqual([
    'model_duplicate_parameter param(4) head.bias',
  ])
})

test('the mode is static', async () => {
  const text = `${imports}
export const m = model({
  inputs: { x: f32(2, 3, 4, 4) },
  layers: { bn: batchNorm2d(3) },
  forward: ({ x }, { bn }) => ({ y: isTraining() ? relu(x) : bn(x) }),
})`
  const evaluated = await lowerText(text)
  expect(evaluated.messages).toEqual([])
  expect(evaluated.text).toContain('%bn.running_mean')
  const trained = await lowerText(text, { training: true })
  expect(trained.module?.graphs[0]?.mode).toBe('train')
  expect(trained.text).toContain('maximum')
})

test('inputs may nest, be optional, and share dimensions', async () => {
  const text = `import { dim, f32, i32, model, optional } from '@tsjit/dsl'
const B = dim('B', { min: 2, max: 8 })
const T = dim('T', { multipleOf: 4, max: 64 })
export const m = model({
  inputs: { state: { h: f32(B, T) }, xs: [f32(B, T), i32(2 * B)], mask: optional(f32(B, T)) },
  forward: ({ state: { h }, xs: [a, b], mask }) => ({ sum: mask === undefined ? h.add(a) : h.mul(mask), rest: [b, { h }] }),
})`
  const both = await lowerText(text)
  expect(both.messages).toEqual([])
  expect(both.module?.graphs.map(printGraph)[0]).toMatchInlineSnapshot(`
    "graph m  B: 2..8  T: 4..64 by 4
      %state.h f32[B,T]  input
      %xs.0    f32[B,T]  input
      %xs.1    i32[2*B]  input
      %mask    f32[B,T]  input optional
      %1       f32[B,T]  mul %state.h %mask
      output sum %1
      output rest.0 %xs.1
      output rest.1.h %state.h"
  `)
  const absent = both.module?.graphs.map(printGraph)[1]
  expect(absent).toContain('add %state.h %xs.0')
  expect(absent).not.toContain('mask')
})

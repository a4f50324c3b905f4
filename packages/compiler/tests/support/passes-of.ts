// passes-of: a forward function -> its optimized graph, which was compared with the graph as lowered

import { expect } from 'vitest'
import { optimize } from '../../src/3-optimize/optimize.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { verifyGraph } from '../../src/ir/graph/verify.ts'
import { givenTo } from './given.ts'
import { lowerText } from './lower-text.ts'
import { runReference } from './reference.ts'

const names =
  'model dim f32 i32 tj cond select whileLoop forLoop scan sum tanh sigmoid split stack concat zeros matmul range relu softmax unfold exp type Tensor'
const head = `import { ${names.replaceAll(' ', ', ').replace('type, ', 'type ')} } from '@tsjit/dsl'\n`

/** Returns the optimized graph of a forward function, after comparing it with the graph as lowered. */
export async function passesOf(
  inputs: string,
  body: string,
  sizes: Readonly<Record<string, number>> = {},
): Promise<Graph> {
  const text = `${head}const T = dim('T', { min: 0, max: 64 })
export const m = model({ inputs: { ${inputs} }, forward(given) { ${body} } })`
  const { module, messages } = await lowerText(text)
  expect(messages).toEqual([])
  const [graph] = module?.graphs ?? []
  if (graph === undefined) throw new Error('no graph')
  const optimized = optimize(graph, (pass, after) => verifyGraph(after, pass))
  const values = new Map(graph.dims.map(({ name }) => [name, sizes[name] ?? 5]))
  const counts = graph.inputs
    .filter(({ value }) => value.type.dtype === 'i32' && value.type.shape.length === 0)
    .map(({ path }) => [path, [3]])
  const given = givenTo(graph, values, Object.fromEntries(counts))
  const [before, after] = [graph, optimized].map((each) => runReference(each, given, values))
  for (const [path, { data, shape }] of before ?? []) {
    const other = after?.get(path)
    expect(other?.shape, path).toEqual(shape)
    data.forEach((value, i) => expect(other?.data[i], `${path}[${i}]`).toBeCloseTo(value, 6))
  }
  return optimized
}

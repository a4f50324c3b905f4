// Emitted modules: their text as files, their declarations, and that they run. `vitest -u` writes the files anew.
import { parse } from '@babel/parser'
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping'
import type { DefinitionData, WebgpuProgramData } from '@tsjit/host'
import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { schedule } from '../src/4-schedule/schedule.ts'
import { printWgsl } from '../src/5-codegen/wgsl/print-wgsl.ts'
import {
  type EmitOptions,
  type EmittedModel,
  type EmittedProgram,
  type ModuleContent,
  emitModule,
} from '../src/6-emit/emit-module.ts'
import { emitTypes } from '../src/6-emit/emit-types.ts'
import type { Graph } from '../src/ir/graph/graph.ts'
import { printPlan } from '../src/ir/plan/print.ts'
import { variantsOf } from '../src/ir/plan/variants.ts'
import type { WebgpuProgram } from '../src/ir/plan/printed-program.ts'
import { verifyPlan } from '../src/ir/plan/verify.ts'
import { GraphBuilder } from './support/graph-builder.ts'

const B = dims.symbol('B', { max: 256 })
const T = dims.symbol('T')

const text = `import { model } from '@tsjit/dsl'
import { linear } from '@tsjit/nn'

/**
 * Says which digit it is.
 */
export const classify = model({})

export const sizes = [1, 2.5, -0, NaN], other = model({})
export { x as default, y as 'not a name' }
export const place = { 'a b': "it's \`\${1}\`", deep: [[null, true]], __proto__: 1 }
`

function classifier(): Graph {
  const g = new GraphBuilder()
  const hidden = g.relu(
    g.linear(g.input('x', [B, 784]), g.weight('fc1.weight', [128, 784]), g.weight('fc1.bias', [128])),
  )
  const logits = g.linear(hidden, g.weight('fc2.weight', [10, 128]), g.weight('fc2.bias', [10]))
  return { ...g.graph({ probs: g.softmax(logits) }), name: 'classify' }
}

type Program = EmittedProgram & { readonly printed: WebgpuProgram }

function programOf(graph: Graph, names: EmitOptions['names']): Program {
  const plan = schedule(graph, { buffers: 8 })
  verifyPlan(plan)
  const { variants, ofLaunch } = variantsOf(plan)
  const kernels = variants.map(({ kernel, access }) => printWgsl(kernel, { names, access }))
  return { plan, printed: { target: 'webgpu', kernels, ofLaunch } }
}

function content(models: readonly EmittedModel[], data: ModuleContent['data'] = new Map()): ModuleContent {
  const names = [...models.map(({ name }) => name), ...data.keys()]
  const spanOf = (name: string): { file: string; start: number; end: number } => {
    const start = Math.max(0, text.search(new RegExp(`\\b${name} =`)))
    return { file: 'classify.tsjit', start, end: start + name.length }
  }
  return {
    source: { file: 'classify.tsjit', text },
    models,
    data,
    exportSpans: new Map(names.map((n) => [n, spanOf(n)])),
    texts: new Map([['classify.tsjit', text]]),
  }
}

type Data = DefinitionData<WebgpuProgramData>

/** Imports a module with a runtime that hands back what it is given. */
async function load(code: string): Promise<Readonly<Record<string, Data>>> {
  parse(code, { sourceType: 'module' })
  const runtime = `export const program = (data) => data; export const manyPrograms = 1; export const specialRun = 2`
  const url = (body: string): string => `data:text/javascript;base64,${Buffer.from(body).toString('base64')}`
  const linked = code.replaceAll(`'@tsjit/runtime-webgpu'`, JSON.stringify(url(runtime)))
  return (await import(/* @vite-ignore */ url(linked))) as Readonly<Record<string, Data>>
}

describe.each(['readable', 'minified'] as const)('%s', (names) => {
  test('a classifier', async () => {
    const own = programOf(classifier(), names)
    const module = content([{ name: 'classify', eval: own }])
    const { code } = emitModule(module, { names, others: { eager: './classify.tsjit?eager' } })
    const suffix = names === 'readable' ? '' : '.min'
    await expect(code).toMatchFileSnapshot(`./samples/module/classify${suffix}.js`)
    const { classify } = await load(code)
    const { eval: program } = classify!.programs
    expect(program.solve([[7, 784]])).toEqual([7])
    expect(program.shapes(7)).toEqual([
      [7, 784],
      [7, 10],
    ])
    expect(program.arena(7).slice(0, 2)).toEqual([128 * 4 * 7, 0])
    const launches: unknown[] = []
    program.launch((...args) => launches.push(args), 33)
    expect(launches).toEqual(expectedLaunches(own, 33))
    expect(classify!.weights[0]).toEqual(['fc1.weight', 'f32', [128, 784], 0, 'param'])
    expect(program.kernels.map((k) => k.code)).toEqual(own.printed.kernels.map((k) => k.code))
    expect(code).toContain(`import('./classify.tsjit?eager')`)
  })

  test('programs and models share kernels and weights; each finds its own', async () => {
    const own = programOf(classifier(), names)
    const g = new GraphBuilder()
    const extra = g.weight('extra', [784])
    const hidden = g.relu(g.linear(g.binary('add', g.input('x', [B, 784]), extra), g.weight('fc1.weight', [128, 784])))
    const train = programOf({ ...g.graph({ hidden }), name: 'classify', mode: 'train' }, names)
    const { code } = emitModule(
      content([
        { name: 'classify', eval: own, train },
        { name: 'other', eval: own },
      ]),
      { names },
    )
    const { classify, other } = await load(code)
    expect(classify!.weights.map(([path]) => path)).toEqual([
      'fc1.weight',
      'fc1.bias',
      'fc2.weight',
      'fc2.bias',
      'extra',
    ])
    const bound = new Set<string>()
    classify!.programs.train!.launch((_, bindings) => bindings.forEach((b) => bound.add(b)), 4)
    expect([...bound].filter((b) => b.startsWith('w')).sort()).toEqual(['w0', 'w4'])
    expect(other!.programs.eval.kernels[0]).toBe(classify!.programs.eval.kernels[0])
    expect(code.match(/fn main/g)).toHaveLength(own.printed.kernels.length + train.printed.kernels.length)
  })

  test('programs without optional inputs stand beside the one with all, and share its kernels', async () => {
    const own = programOf(classifier(), names)
    const twice = { ...own, plan: { ...own.plan } }
    const model = { name: 'classify', eval: own, without: { eval: [twice, own], train: [] } }
    const { code } = emitModule(content([model]), { names })
    const { classify } = await load(code)
    expect(classify!.without!.eval).toHaveLength(2)
    expect(classify!.without!.train).toBe(undefined)
    expect(classify!.without!.eval![0]!.kernels[0]).toBe(classify!.programs.eval.kernels[0])
    expect(code.match(/fn main/g)).toHaveLength(own.printed.kernels.length)
    const alone = await load(emitModule(content([{ ...model, without: { eval: [], train: [] } }]), { names }).code)
    expect(alone['classify']).not.toHaveProperty('without')
  })

  test('plain data stays, whatever it holds, and any name may be exported', async () => {
    const values = {
      'a b': "it's `${1}`\n\u2028",
      deep: [[null, true, undefined]],
      long: Array.from({ length: 50 }, (_, i) => i / 3),
    }
    const data = new Map<string, unknown>([
      ['sizes', [1, 2.5, -0, Number.NaN, -Infinity]],
      ['place', values],
      ['default', 3],
      ['not a name', 4],
      ['program', 5],
    ])
    const { code } = emitModule(content([{ name: 'classify', eval: programOf(classifier(), names) }], data), { names })
    const module: Readonly<Record<string, unknown>> = await load(code)
    expect({ ...module }).toMatchObject({
      sizes: [1, 2.5, -0, Number.NaN, -Infinity],
      place: values,
      default: 3,
      'not a name': 4,
      program: 5,
    })
    expect(Object.keys(module).sort()).toEqual(['classify', 'default', 'not a name', 'place', 'program', 'sizes'])
  })

  test('a module without exports is still one', async () => {
    expect(Object.keys(await load(emitModule(content([]), { names }).code))).toEqual([])
  })

  test('sizes that follow from others', async () => {
    const N = dims.symbol('N', { multipleOf: 4, max: 64 })
    const g = new GraphBuilder()
    const x = g.input('x', [dims.add(dims.mul(B, 2), 1), 3])
    const y = g.input('y', [dims.mul(B, T)])
    const z = g.input('z', [dims.floorDiv(N, 4), N])
    const graph = g.graph({ a: g.relu(x), b: g.relu(y), c: g.relu(z) })
    const named = [
      ['B', B, 1, 256, 1],
      ['T', T, 1, Infinity, 1],
      ['N', N, 4, 64, 4],
    ] as const
    const declared = named.map(([name, dim, min, max, multipleOf]) => ({ name, dim, min, max, multipleOf }))
    const model = { name: 'other', eval: programOf({ ...graph, dims: declared }, names) }
    const { other } = await load(emitModule(content([model]), { names }).code)
    const { solve, shapes, arena, dims: sizes } = other!.programs.eval
    expect(solve([[7, 3], [15], [2, 8]])).toEqual([3, 5, 8])
    expect(shapes(3, 5, 8)).toEqual([[7, 3], [15], [2, 8], [7, 3], [15], [2, 8]])
    expect(sizes).toEqual([
      ['B', 1, 256, 1],
      ['T', 1, 0, 1],
      ['N', 4, 64, 4],
    ])
    expect(arena(3, 5, 8)).toEqual([])
  })

  test('exported names map to where the user wrote them, and generated code to nothing', () => {
    const own = programOf(classifier(), names)
    const module = content(
      [
        { name: 'classify', eval: own },
        { name: 'other', eval: own },
      ],
      new Map([['sizes', [1]]]),
    )
    const { code, map } = emitModule(module, { names })
    expect(map.sourcesContent).toEqual([text])
    const trace = new TraceMap(JSON.stringify(map))
    const place = (source: string, at: number): { line: number; column: number } => {
      const before = source.slice(0, at).split('\n')
      return { line: before.length, column: before.at(-1)!.length }
    }
    for (const name of ['classify', 'other', 'sizes']) {
      const found = originalPositionFor(trace, place(code, code.search(new RegExp(`\\b${name} =`))))
      expect(found, name).toMatchObject(place(text, text.search(new RegExp(`\\b${name} =`))))
    }
    expect(originalPositionFor(trace, place(code, code.indexOf('contract'))).line ?? null).not.toBe(1)
  })
})

test('declarations', () => {
  const g = new GraphBuilder()
  const x = g.input('state.0', [B, dims.mul(T, 2)])
  const y = g.input('state.1', [], 'i32')
  const mask = g.input('mask', [B], 'bool')
  const graph = g.graph({ 'out.h': g.relu(x), last: x, 'steps.1': y })
  const optional = { ...graph, inputs: graph.inputs.map((i) => ({ ...i, optional: i.value === mask })) }
  const own = programOf(classifier(), 'readable')
  const other: EmittedModel = { name: 'other', eval: { ...own, plan: { ...own.plan, graph: optional } } }
  const shorter = { ...own, plan: { ...own.plan, graph: { ...optional, outputs: graph.outputs.slice(1, 2) } } }
  const without = { eval: [shorter, other.eval], train: [] }
  expect(emitTypes(content([{ ...other, without }]))).toContain(
    `['B', '2*T']>; readonly steps: { readonly '1': Output<'i32', []> } } | { readonly last: Output<'f32', ['B', '2*T']> }\n>`,
  )
  const data = new Map<string, unknown>([
    ['sizes', [1, -2.5, 'a']],
    ['default', { 'a b': null, list: Array.from({ length: 100 }, (_, i) => (i % 2 ? i : 'odd')) }],
  ])
  expect(emitTypes(content([{ name: 'classify', eval: own }, other], data)))
    .toBe(`import type { Input, ModelDefinition, Output } from '@tsjit/host'

/**
 * Says which digit it is.
 */
export declare const classify: ModelDefinition<
  { readonly x: Input<'f32', ['B', 784]> },
  { readonly probs: Output<'f32', ['B', 10]> }
>

export declare const other: ModelDefinition<
  { readonly state: readonly [Input<'f32', ['B', '2*T']>, Input<'i32', []>]; readonly mask?: Input<'bool', ['B']> | undefined },
  { readonly out: { readonly h: Output<'f32', ['B', '2*T']> }; readonly last: Output<'f32', ['B', '2*T']>; readonly steps: { readonly '1': Output<'i32', []> } }
>

export declare const sizes: readonly [1, -2.5, 'a']

declare const __tsjit_3: { readonly 'a b': null; readonly list: readonly (string | number)[] }
export { __tsjit_3 as default }
`)
  expect(emitTypes(content([]))).toBe('export {}\n')
})

test('a plan as text', async () => {
  await expect(`${printPlan(programOf(classifier(), 'readable').plan)}\n`).toMatchFileSnapshot(
    './samples/plan/classify.txt',
  )
})

function expectedLaunches({ plan }: EmittedProgram, size: number): readonly unknown[] {
  const { ofLaunch } = variantsOf(plan)
  const letters = { input: 'i', output: 'o', weight: 'w', constant: 'c', transient: 't' }
  return plan.launches.map(({ bindings, groups }, i) => {
    const counts = groups.map((d) => dims.valueOf(d, new Map([['B', size]])))
    while (counts.length > 1 && counts.at(-1) === 1 && typeof groups[counts.length - 1] === 'number') counts.pop()
    return [ofLaunch[i], bindings.map(({ kind, index }) => `${letters[kind]}${index}`), ...counts]
  })
}

// check-c: programs of the language, run eagerly and exported to C, compared
//
// Many programs are the models of one file: the compiler of C starts once for all of them.

import { arrayOf, decoderOf, type Definition, type DType, encoderOf, type Instance, type WeightData } from '@tsjit/host'
import { createSourceHost } from 'unplugin-tsjit/api'
import { expect } from 'vitest'
import { parseProgram } from '../../packages/compiler/src/1-parse/parse.ts'
import { lowerProgram } from '../../packages/compiler/src/2-lower/lower.ts'
import { optimize } from '../../packages/compiler/src/3-optimize/optimize.ts'
import { schedule } from '../../packages/compiler/src/4-schedule/schedule.ts'
import { exportRows } from '../../packages/compiler/src/export-c.ts'
import type { CModel, CSourceModel } from '../../packages/compiler/src/6-emit/c/c-model.ts'
import { createReporter } from '../../packages/compiler/src/diagnostics/reporter.ts'
import {
  type CCall,
  type CCompileOptions,
  type CResult,
  type CTensor,
  compileModels,
} from '../../packages/compiler/tests/support/c-program.ts'
import { type Program, sizesOf } from './program.ts'
import {
  type Outputs,
  checkExpected,
  compare,
  leaveOut,
  read,
  valuesOf,
  weightsOf,
  writeProgram,
} from './run-program.ts'

/** Exports programs as one file and expects of each what it gives eagerly. */
export async function checkProgramsInC(programs: readonly Program[], options: CCompileOptions = {}): Promise<void> {
  const files = await Promise.all(programs.map((program) => writeProgram(program, 'c')))
  const sources: CSourceModel[] = []
  for (const [i, program] of programs.entries()) sources.push(await plan(program, files[i] ?? '', `m${i}`, options))
  const compiled = await compileModels(sources, options)
  for (const [i, program] of programs.entries()) {
    const model = compiled.models.find(({ name }) => name === `m${i}`)
    const source = sources[i]
    if (model === undefined || source === undefined) throw new Error(`${program.name} is not in the file`)
    const weights = weightsOf(program, { weights: weightsOfModel(source) } as Parameters<typeof weightsOf>[1])
    const module: { readonly m: Definition } = await import(/* @vite-ignore */ files[i] ?? '')
    const mode = program.mode === undefined ? {} : { mode: program.mode }
    const eager = await module.m.load({ ...(weights === undefined ? {} : { weights }), ...mode })
    try {
      await checkCalls(program, model, eager, (calls) => compiled.run(`m${i}`, weights, calls))
    } catch (error) {
      throw new Error(`${program.name}: ${String(error)}`, { cause: error })
    } finally {
      eager.dispose()
    }
  }
}

interface Call {
  readonly at: string
  readonly inputs: Record<string, unknown>
  readonly mode?: 'eval' | 'train'
}

async function checkCalls(
  program: Program,
  model: CModel,
  eager: Instance,
  run: (calls: readonly CCall[]) => readonly CResult[],
): Promise<void> {
  const [first = {}] = sizesOf(program)
  const calls: Call[] = sizesOf(program).map((sizes) => ({
    at: JSON.stringify(sizes),
    inputs: valuesOf(program, sizes),
    ...(program.mode && { mode: program.mode }),
  }))
  if (program.mode !== undefined) calls.push({ at: 'evaluation', inputs: valuesOf(program, first), mode: 'eval' })
  for (const paths of program.absent ?? []) {
    const inputs = valuesOf(program, first)
    for (const path of paths) leaveOut(inputs, path.split('.'))
    calls.push({ at: `no ${paths}`, inputs, ...(program.mode && { mode: program.mode }) })
  }
  const tensors = (inputs: unknown): CCall['inputs'] =>
    new Map(
      model.inputs.flatMap(({ path, type }): [string, CTensor][] => {
        const value = path.split('.').reduce<unknown>((tree, key) => Object(tree)[key], inputs)
        return value === undefined ? [] : [[path, tensorOf(value, type.dtype)]]
      }),
    )
  const refused = program.refused === undefined ? [] : [tensors(valuesOf(program, program.refused.sizes))]
  const results = run([
    ...calls.map(({ inputs, mode }, seed) => ({ inputs: tensors(inputs), seed, ...(mode && { mode }) })),
    ...refused.map((inputs) => ({ inputs })),
  ])
  for (const [i, { at, inputs, mode }] of calls.entries()) {
    const wanted = await read(await eager.run(inputs, { seed: i, ...(mode && { mode }) }))
    const { error, outputs } = results[i] ?? { error: 'no result', outputs: new Map<string, CTensor>() }
    expect(error, at).toBeUndefined()
    compare(program, wanted, outputsOf(model, outputs, wanted), at)
    if (i === 0) checkExpected(program, wanted)
  }
  if (program.refused !== undefined) expect(results.at(-1)?.error).toMatch(new RegExp(`^${program.refused.code}: `))
}

/** In the order of what is wanted: members of other programs are left out. */
function outputsOf(model: CModel, outputs: CResult['outputs'], wanted: Outputs): Outputs {
  return new Map(
    [...wanted].flatMap(([path, { shape }]): [string, NonNullable<ReturnType<Outputs['get']>>][] => {
      const found = outputs.get(path)
      const dtype = model.outputs.find((m) => m.path === path && m.type.shape.length === shape.length)?.type.dtype
      if (found === undefined || dtype === undefined) return []
      const data = Array.from(new arrayOf[dtype](found.bytes.slice().buffer), decoderOf(dtype) ?? Number)
      return [[path, { dtype, shape: [...found.shape], data }]]
    }),
  )
}

function tensorOf(value: unknown, dtype: DType): CTensor {
  const given = Object(value) as { readonly data?: ArrayLike<number>; readonly shape?: readonly number[] }
  if (given.data !== undefined && given.shape !== undefined) {
    const typed = new arrayOf[dtype](given.data)
    return { shape: given.shape, bytes: new Uint8Array(typed.buffer.slice(0)) }
  }
  const shape: number[] = []
  for (let item = value; Array.isArray(item); item = item[0]) shape.push(item.length)
  const encode = encoderOf(dtype) ?? Number
  const typed = new arrayOf[dtype]([value].flat(20).map((item) => encode(Number(item))))
  return { shape, bytes: new Uint8Array(typed.buffer.slice(0)) }
}

/** The plans of a program in the modes that it has; `name` instead of `m`, for others are in the same file. */
async function plan(
  { mode: trained }: Program,
  file: string,
  name: string,
  { device = 'cpu' }: CCompileOptions,
): Promise<CSourceModel> {
  const host = createSourceHost()
  const report = createReporter()
  const parsed = await parseProgram(file, (await host.read(file)) ?? '', host, report)
  if (parsed === undefined) throw new Error(JSON.stringify(report.diagnostics))
  const { limits, machine } = exportRows[device]
  const modes = (trained === undefined ? (['eval'] as const) : (['eval', 'train'] as const)).map((mode) => {
    const { graphs } = lowerProgram(parsed, { training: mode === 'train', checks: false }, report)
    const plans = graphs
      .filter((graph) => graph.name === 'm')
      .map((graph) =>
        schedule(optimize({ ...graph, name }), { buffers: limits.params, machine, groups: limits.groupsAtOnce }),
      )
    return { mode, plans }
  })
  if (report.hasErrors) throw new Error(JSON.stringify(report.diagnostics))
  return { name, modes }
}

function weightsOfModel({ modes }: CSourceModel): readonly WeightData[] {
  const found = new Map<string, WeightData>()
  for (const { graph } of modes.flatMap(({ plans }) => plans))
    for (const { path, value, role } of graph.weights)
      found.set(path, [path, value.type.dtype, value.type.shape.map(Number), 0, role])
  return [...found.values()]
}

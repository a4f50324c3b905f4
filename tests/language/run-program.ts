// run-program: a program -> eager results and compiled results, compared

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as compiler from '@tsjit/compiler'
import type { CodegenTarget } from '@tsjit/compiler'
import {
  type Definition,
  type DefinitionData,
  type HostTensor,
  type Instance,
  decoderOf,
  nest,
  readSafetensors,
  writeSafetensors,
} from '@tsjit/host'
import { createFileCompiler, errorsOf, plainError, withAssets } from 'unplugin-tsjit/api'
import { expect } from 'vitest'
import { type Built, definitionOf, runtimeText } from '../support/definitions.ts'
import { type Leaf, type Program, mapInputs, sizesOf, textOf } from './program.ts'

/** The data of a definition, whatever runs it. */
export type Data = DefinitionData<unknown>
/** Outputs by path. */
export type Outputs = ReadonlyMap<string, Output>

/** An output, as numbers or bits. */
export interface Output {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

const files = createFileCompiler(compiler)
const folder = fileURLToPath(new URL('../../.cache/language', import.meta.url))

const wasm: Built = { target: 'wasm' }

/** Runs a program eagerly and compiled (for WebAssembly, or another target), and expects the same of both. */
export async function checkProgram(program: Program, { target, device }: Built = wasm): Promise<void> {
  const file = await writeProgram(program, target)
  const data = await compileData(program, file, target)
  const weights = weightsOf(program, data)
  const options = { ...(weights === undefined ? {} : { weights }), ...(program.mode && { mode: program.mode }) }
  const module: { readonly m: Definition } = await import(/* @vite-ignore */ file)
  const eager = await module.m.load(options)
  const compiled = await definitionOf[target](data).load({ ...options, ...(device === undefined ? {} : { device }) })
  try {
    for (const [index, sizes] of sizesOf(program).entries()) {
      const inputs = valuesOf(program, sizes)
      if (program.fails !== undefined) {
        for (const net of [eager, compiled]) {
          const error: unknown = await net.run(inputs).catch((reason: unknown) => reason)
          expect(error).toMatchObject({ code: 'model_check_failed' })
          expect(String(error)).toContain(program.fails)
        }
        continue
      }
      const wanted = await read(await eager.run(inputs))
      const got = await read(await compiled.run(inputs))
      compare(program, wanted, got, JSON.stringify(sizes))
      if (index === 0) checkExpected(program, wanted)
    }
    if (program.mode !== undefined) {
      const inputs = valuesOf(program, sizesOf(program)[0] ?? {})
      const evaluated = [eager, compiled].map(async (net) => read(await net.run(inputs, { mode: 'eval' })))
      const [wanted = new Map(), got = new Map()] = await Promise.all(evaluated)
      compare(program, wanted, got, 'evaluation')
      compare(program, await saved(eager), await saved(compiled), 'weights')
    }
    for (const paths of program.absent ?? []) {
      const inputs = valuesOf(program, sizesOf(program)[0] ?? {})
      for (const path of paths) leaveOut(inputs, path.split('.'))
      compare(program, await read(await eager.run(inputs)), await read(await compiled.run(inputs)), `no ${paths}`)
    }
    if (program.refused !== undefined) {
      const inputs = valuesOf(program, program.refused.sizes)
      await expect(eager.run(inputs)).rejects.toThrow()
      await expect(compiled.run(inputs)).rejects.toMatchObject({ code: program.refused.code })
    }
  } finally {
    compiled.dispose()
    eager.dispose()
  }
}

/** Writes the program's files into a folder of its own for each target: tests of all may run at the same time. */
export async function writeProgram(program: Program, target: CodegenTarget | 'c'): Promise<string> {
  const name = `${program.name.replaceAll(/\W+/g, '-')}-${target}`
  const place = join(folder, name)
  await mkdir(place, { recursive: true })
  for (const [path, text] of Object.entries(program.files ?? {})) {
    await mkdir(dirname(join(place, path)), { recursive: true })
    await writeFile(join(place, path), text)
  }
  const file = join(place, 'm.tsjit')
  await writeFile(file, textOf(program))
  return file
}

/** Compiles the file and returns what its module passes to the runtime. */
async function compileData({ mode, checks }: Program, file: string, target: CodegenTarget): Promise<Data> {
  const modes = mode === undefined ? {} : { modes: ['eval', 'train'] as const }
  const result = await files.compileFile(file, { target, names: 'minified', ...modes, ...(checks && { checks }) })
  const errors = errorsOf(result)
  if (errors.length > 0) throw plainError(compiler, result, errors, process.cwd())
  const runtime = join(dirname(file), 'runtime.mjs')
  await writeFile(runtime, runtimeText)
  const module = file.replace(/\.tsjit$/, '.mjs')
  await writeFile(
    module,
    (await withAssets(result, { kind: 'inline' })).replaceAll(/(['"])@tsjit\/runtime-\w+\1/g, "'./runtime.mjs'"),
  )
  const imported: { readonly m: Data } = await import(/* @vite-ignore */ `${pathToFileURL(module).href}`)
  return imported.m
}

/** Returns a weights file, or undefined where the model has no weights. */
export function weightsOf(program: Program, { weights }: Data): Uint8Array | undefined {
  if (weights.length === 0) return undefined
  const dtypes: Readonly<Record<string, string>> = { f32: 'F32', i32: 'I32' }
  const tensors = weights.map(([path, dtype, shape], i) => {
    const low = path.endsWith('var') ? 0.5 : -1
    const random = numbers(product(shape), i + 1).map((x) => low + x * (1 - low))
    const data = program.weights?.[path] ?? random
    const typed = dtype === 'f32' ? Float32Array.from(data) : Int32Array.from(data)
    return [path, { dtype: dtypes[dtype] ?? 'F32', shape, data: typed }] as const
  })
  return writeSafetensors(Object.fromEntries(tensors) as Parameters<typeof writeSafetensors>[0])
}

/** Returns the inputs of a call at some sizes. */
export function valuesOf(program: Program, sizes: Readonly<Record<string, number>>): Record<string, unknown> {
  let seed = 100
  const make = ({ path, dtype, shape }: Leaf): unknown => {
    const count = product(shape)
    const [low, high] =
      program.ranges?.[path] ??
      (dtype.startsWith('f') || dtype.startsWith('b') ? [-2, 2] : dtype.startsWith('u') ? [0, 9] : [-5, 6])
    const random = numbers(count, seed++).map((x) => low + x * (high - low))
    const data = (program.given?.[path] ?? random).map(Number)
    expect(data.length, `elements of ${path}`).toBe(count)
    return dtype === 'f16' || dtype === 'bf16' ? nest(data, shape) : { data: typedOf(dtype, data), shape }
  }
  return mapInputs(program.inputs ?? {}, sizes, make) as Record<string, unknown>
}

function typedOf(dtype: string, data: readonly number[]): unknown {
  if (dtype === 'bool') return Uint8Array.from(data, (x) => (x > 0 ? 1 : 0))
  if (dtype === 'i32') return Int32Array.from(data, Math.floor)
  if (dtype === 'u32') return Uint32Array.from(data, Math.floor)
  if (dtype === 'i8') return Int8Array.from(data, Math.floor)
  if (dtype === 'u8') return Uint8Array.from(data, Math.floor)
  return Float32Array.from(data)
}

/** Removes the input at a path. */
export function leaveOut(tree: Record<string, unknown>, [key = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) delete tree[key]
  else leaveOut(tree[key] as Record<string, unknown>, rest)
}

/** Returns the weights as an instance saves them. */
async function saved(net: Instance): Promise<Outputs> {
  const { tensors, bytesOf } = readSafetensors(await net.weights())
  const found = tensors.map(({ name, dtype, shape }, i): [string, Output] => {
    const { buffer } = bytesOf(tensors[i] as (typeof tensors)[number]).slice()
    const elements = dtype === 'F32' ? new Float32Array(buffer) : dtype === 'I64' ? new BigInt64Array(buffer) : []
    return [name, { dtype: dtype.toLowerCase(), shape, data: Array.from<number | bigint, number>(elements, Number) }]
  })
  return new Map(found)
}

/** Returns the outputs of a run by path. */
export async function read(outputs: unknown, path: string = ''): Promise<Outputs> {
  if (isTensor(outputs)) {
    const data = await outputs.data()
    return new Map([
      [
        path,
        { dtype: outputs.dtype, shape: [...outputs.shape], data: Array.from(data, decoderOf(outputs.dtype) ?? Number) },
      ],
    ])
  }
  const found: [string, Output][] = []
  for (const [name, value] of Object.entries(Object(outputs)))
    found.push(...(await read(value, path === '' ? name : `${path}.${name}`)))
  return new Map(found)
}

function isTensor(value: unknown): value is HostTensor {
  return typeof value === 'object' && value !== null && 'data' in value && typeof value.data === 'function'
}

/** Throws where results differ. */
export function compare({ tolerance = 1e-5 }: Program, wanted: Outputs, got: Outputs, at: string): void {
  expect(
    [...got].map(([path, { dtype, shape }]) => [path, dtype, shape]),
    at,
  ).toEqual([...wanted].map(([path, { dtype, shape }]) => [path, dtype, shape]))
  for (const [path, want] of wanted) {
    const data = got.get(path)?.data ?? []
    const isFloat = want.dtype.includes('f')
    const scale = isFloat
      ? want.data.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1e-3)
      : 0
    const wrong = want.data.findIndex((x, i) => {
      const y = data[i]
      if (y === undefined) return true
      return !Object.is(x, y) && x !== y && !(Math.abs(x - y) <= tolerance * scale + (isFloat ? 1e-6 : 0))
    })
    if (wrong >= 0)
      throw new Error(
        `${path} at ${at}: element ${wrong} of [${want.shape}] is ${data[wrong]} compiled, ${want.data[wrong]} eagerly`,
      )
  }
}

/** Expects what the program says that it gives. */
export function checkExpected({ expected = {}, tolerance = 1e-5 }: Program, got: Outputs): void {
  for (const [path, value] of Object.entries(expected)) {
    const { data = [], shape = [] } = got.get(path) ?? {}
    expect(shape, `shape of ${path}`).toEqual(shapeOf(value))
    const flat = [value].flat(20).map(Number)
    flat.forEach((want, i) => {
      const error = Math.abs(want - (data[i] ?? Number.NaN))
      if (!Object.is(want, data[i]) && want !== data[i] && !(error <= tolerance * Math.max(1, Math.abs(want))))
        expect(data, `expected ${path}`).toEqual(flat)
    })
  }
}

function shapeOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? [value.length, ...(value.length === 0 ? [] : shapeOf(value[0]))] : []
}

function numbers(count: number, seed: number): number[] {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  })
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

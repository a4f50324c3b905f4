// c-program: models exported to C, with a program around them that a test talks to
//
// Many models are one file and one call of the compiler. The program loads one of them and makes the calls that it reads,
// one after another, as an app would: it asks for shapes, then runs into buffers of that size.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { DType } from '@tsjit/dsl/compiler'
import { elementTypes } from '../../src/base/c-text.ts'
import { type CModel, type CSourceModel, describeModels } from '../../src/6-emit/c/c-model.ts'
import { type ExportDevice, exportC } from '../../src/export-c.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { arrayOf, encoderOf, writeSafetensors } from '@tsjit/host'
import type { RefTensor } from './reference.ts'
import type { CFile } from '../../src/6-emit/c/emit-c.ts'
import { compileC, runC } from './run-c.ts'

/** A tensor as bytes. */
export interface CTensor {
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** One call: inputs by path, those that are left out absent. */
export interface CCall {
  readonly inputs: ReadonlyMap<string, CTensor>
  readonly mode?: 'eval' | 'train'
  readonly seed?: number
}

/** What a call gave: outputs by path (the members that have no `path` in their program are left out), or why not. */
export interface CResult {
  readonly error: string | undefined
  readonly outputs: ReadonlyMap<string, CTensor>
}

/** A compiled program of several models. */
export interface CModels {
  readonly files: readonly CFile[]
  readonly models: readonly CModel[]
  /** Opens a model with a weights file and makes calls. Throws where opening fails; the message is that of the program. */
  run(model: string, weights: Uint8Array | undefined, calls: readonly CCall[]): readonly CResult[]
}

const sizes = { f32: 4, f16: 2, bf16: 2, i32: 4, u32: 4, i8: 1, u8: 1, bool: 1 } as const

/** Long runs look for what C leaves undefined too. */
export const usualFlags: readonly string[] =
  process.env['TSJIT_FULL'] === '1' ? ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover'] : ['-O1']

/** How to compile. */
export interface CCompileOptions {
  readonly flags?: readonly string[]
  readonly compiler?: string
  readonly device?: ExportDevice
  /** Of the programs that are run. */
  readonly env?: NodeJS.ProcessEnv
}

/** Compiles models into one program. */
export async function compileModels(
  sources: readonly CSourceModel[],
  { flags = usualFlags, compiler = 'gcc', device = 'cpu', env = {} }: CCompileOptions = {},
): Promise<CModels> {
  const name = 'models'
  const modes = (['eval', 'train'] as const).filter((mode) => sources.some((s) => s.modes.some((m) => m.mode === mode)))
  const planned = modes.map((mode) => ({
    mode,
    plans: sources.flatMap((source) => source.modes.find((m) => m.mode === mode)?.plans ?? []),
  }))
  const { files } = await exportC(planned, { name, device, isEmbedded: false })
  const models = describeModels(sources, name)
  const all = Object.fromEntries(files.map((file) => [file.name, file.text]))
  const program = compileC({ files: { ...all, 'main.c': printMain(models) }, flags, compiler })
  return {
    files,
    models,
    run(wanted, weights, calls) {
      const index = models.findIndex((model) => model.name === wanted)
      const model = models[index]
      if (model === undefined) throw new Error(`no model ${wanted}`)
      let path = '-'
      if (weights !== undefined) {
        path = join(tmpdir(), `tsjit-c-${process.pid}.safetensors`)
        writeFileSync(path, weights)
      }
      const out = runC(program, encode(model, calls), { args: [String(index), path], env })
      return decode(model, calls.length, out)
    },
  }
}

function encode(model: CModel, calls: readonly CCall[]): Uint8Array {
  const parts: Uint8Array[] = []
  const longs = (...values: readonly number[]): void => {
    parts.push(new Uint8Array(BigInt64Array.from(values, (v) => BigInt(v)).buffer))
  }
  for (const { inputs, mode, seed = 0 } of calls) {
    longs(Math.max(0, model.modes.indexOf(mode ?? model.modes[0] ?? 'eval')), seed)
    for (const { path, type } of model.inputs) {
      const given = inputs.get(path)
      longs(given === undefined ? 0 : 1, ...(given?.shape ?? type.shape.map(() => 0)), given?.bytes.length ?? 0)
      if (given !== undefined) parts.push(given.bytes)
    }
  }
  return Buffer.concat(parts)
}

function decode(model: CModel, count: number, bytes: Buffer): readonly CResult[] {
  let at = 0
  const long = (): number => {
    at += 8
    return Number(bytes.readBigInt64LE(at - 8))
  }
  const take = (length: number): Buffer => {
    at += length
    return bytes.subarray(at - length, at)
  }
  const opened = long()
  if (opened !== 0) throw new Error(String(take(long())))
  return Array.from({ length: count }, (): CResult => {
    const status = long()
    if (status !== 0) return { error: String(take(long())), outputs: new Map() }
    const outputs = new Map<string, CTensor>()
    for (const { path, type } of model.outputs) {
      const shape = type.shape.map(() => long())
      const data = take(long())
      if (!shape.includes(-1)) outputs.set(path, { shape, bytes: Uint8Array.from(data) })
    }
    return { error: undefined, outputs }
  })
}

function printMain(models: readonly CModel[]): string {
  return `#include "models.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t get(void) { int64_t v = 0; return fread(&v, 1, 8, stdin) == 8 ? v : -1; }
static void put(int64_t v) { fwrite(&v, 1, 8, stdout); }
static void say(const char *text) { put((int64_t)strlen(text)); fputs(text, stdout); }

${models.map(printUse).join('\n\n')}

int main(int count, char **args)
{
  const char *weights = count > 2 && strcmp(args[2], "-") ? args[2] : NULL;
  switch (count > 1 ? atoi(args[1]) : -1) {
${models.map(({ prefix }, i) => `    case ${i}: return use_${prefix}(weights);`).join('\n')}
    default: return 2;
  }
}
`
}

function printUse({ prefix: p, inputs, outputs, modes, isSeeded }: CModel): string {
  const elements = (list: CModel['outputs'][number]['type']['shape'], name: string): string =>
    list.map((_, axis) => ` * (size_t)out.${name}.shape[${axis}]`).join('')
  const perMode = (name: string, seed: string): string =>
    modes.length === 1
      ? `${p}_${name}(net, &in, &out${seed})`
      : `(mode ? ${p}_${name}_${modes[1]}(net, &in, &out${seed}) : ${p}_${name}(net, &in, &out${seed}))`
  return `static int use_${p}(const char *weights)
{
  ${p}_ctx *net;
  int status = ${p}_open(&net, weights);
  put(status);
  if (status) say(${p}_error(net));
  for (int64_t mode; !status && (mode = get()) >= 0;) {
    int64_t seed = get();
    ${p}_inputs in;
    ${p}_outputs out;
    memset(&in, 0, sizeof in);
    memset(&out, 255, sizeof out);
${inputs
  .map(({ name, type }) => {
    const axes = type.shape.map((_, axis) => `    in.${name}.shape[${axis}] = get();\n`).join('')
    return `    int64_t has_in_${name} = get();\n${axes}    size_t bytes_of_${name} = (size_t)get();
    void *data_${name} = has_in_${name} ? malloc(bytes_of_${name}) : NULL;
    if (has_in_${name} && fread(data_${name}, 1, bytes_of_${name}, stdin) != bytes_of_${name}) return 3;
    in.${name}.data = data_${name};\n`
  })
  .join('')}    int refused = ${perMode('shapes', '')};
${outputs
  .map(({ name, type }) => {
    const isGiven = type.shape.length === 0 ? '1' : `out.${name}.shape[0] >= 0`
    return `    size_t count_of_${name} = ${isGiven} && !refused ? (size_t)1${elements(type.shape, name)} : 0;
    ${elementTypes[type.dtype]} *data_${name}_out = malloc(count_of_${name} * ${sizes[type.dtype as DType]});
    out.${name}.data = data_${name}_out;
    out.${name}.size = (int64_t)count_of_${name};\n`
  })
  .join('')}    if (!refused) refused = ${perMode('run', isSeeded ? ', seed' : '')};
    put(refused);
    if (refused) say(${p}_error(net));
    else {
${outputs
  .map(({ name, type }) => {
    const axes = type.shape.map((_, axis) => `      put(out.${name}.shape[${axis}]);\n`).join('')
    const bytes = sizes[type.dtype as DType]
    return `${axes}      put((int64_t)count_of_${name} * ${bytes});\n      fwrite(data_${name}_out, ${bytes}, count_of_${name}, stdout);\n`
  })
  .join('')}    }
${inputs.map(({ name }) => `    free(data_${name});\n`).join('')}${outputs.map(({ name }) => `    free(data_${name}_out);\n`).join('')}    (void)mode, (void)seed;
  }
  ${p}_close(net);
  return 0;
}`
}

/** Returns inputs as bytes, and the weights of a graph as a file. */
export function bytesOfTensors(
  graph: Graph,
  given: ReadonlyMap<string, RefTensor>,
): { readonly inputs: ReadonlyMap<string, CTensor>; readonly weights: Uint8Array | undefined } {
  const tensorOf = (path: string, dtype: DType): CTensor => {
    const { data, shape } = given.get(path) ?? { data: [], shape: [] }
    const encode = encoderOf(dtype)
    const elements = encode === undefined ? data : data.map(encode)
    return { shape, bytes: new Uint8Array(new arrayOf[dtype](elements).buffer.slice(0)) }
  }
  const weights = graph.weights.map(({ path, value: { type } }) => {
    const { shape, bytes } = tensorOf(path, type.dtype)
    return [path, { dtype: type.dtype.toUpperCase(), shape, data: bytes }] as const
  })
  return {
    inputs: new Map(graph.inputs.map(({ path, value }) => [path, tensorOf(path, value.type.dtype)])),
    weights: weights.length === 0 ? undefined : writeSafetensors(Object.fromEntries(weights)),
  }
}

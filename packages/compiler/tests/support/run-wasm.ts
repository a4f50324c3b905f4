// run-wasm: a plan on WebAssembly in this process, without the runtime

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { POOL_END, place } from '@tsjit/host'
import binaryen from 'binaryen'
import { hostFunctions } from '../../../runtime-wasm/src/host-functions.ts'
import { moduleText } from '../../src/5-codegen/wasm/assemble-wasm.ts'
import { partsOf } from '../../src/5-codegen/wasm/parts-of.ts'
import { assembleModule, modulePartsOf } from '../../src/5-codegen/wasm/print-module.ts'
import { scratchBytes } from '../../src/5-codegen/wasm/printer-context.ts'
import { shiftOf } from '../../src/5-codegen/wasm/storage.ts'
import type { Plan } from '../../src/ir/plan/plan.ts'
import type { RefTensor } from './reference.ts'

/** A module with a plan. */
export interface WasmProgram {
  readonly bytes: Uint8Array
  /** Runs it; launches in so many pieces, from the last to the first, as threads might. */
  run(
    given: ReadonlyMap<string, RefTensor>,
    sizes: ReadonlyMap<string, number>,
    pieces?: number,
  ): Promise<ReadonlyMap<string, ArrayLike<number>>>
}

/** Compiles a plan; not `isOptimized` leaves out what Binaryen does to it, which takes most of the time. */
export async function wasmProgram(plan: Plan, isOptimized = true): Promise<WasmProgram> {
  const weights = plan.graph.weights.map((_, i) => i)
  const constants = plan.constants.map((_, i) => i)
  const placed = { plan, weights, constants, weightCount: weights.length, constantCount: constants.length }
  const parts = (each: Plan): ReturnType<typeof partsOf> => partsOf(each, 0, 0)
  // Printed as the relaxed form, run in the one for every engine: what turns one into the other is tested with it.
  const bytes = isOptimized
    ? (await assembleModule([placed], parts)).baseline
    : asPrinted(moduleText(modulePartsOf([placed], false, parts)))
  const module = await WebAssembly.compile(Uint8Array.from(bytes).buffer)
  return { bytes, run: (given, sizes, pieces = 1) => runModule({ plan, module, pieces }, given, sizes) }
}

function asPrinted(text: string): Uint8Array {
  const module = binaryen.parseText(text)
  const { SIMD128, NontrappingFPToInt, SignExt, BulkMemory, MutableGlobals } = binaryen.Features
  module.setFeatures(SIMD128 | NontrappingFPToInt | SignExt | BulkMemory | MutableGlobals)
  const bytes = module.emitBinary()
  module.dispose()
  return bytes
}

async function runModule(
  { plan, module, pieces }: { readonly plan: Plan; readonly module: WebAssembly.Module; readonly pieces: number },
  given: ReadonlyMap<string, RefTensor>,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const { graph } = plan
  const at = (dim: Dim): number => dims.valueOf(dim, sizes)
  const memory = new WebAssembly.Memory({ initial: 4096 })
  let next = POOL_END
  const reserve = (bytes: number): number => {
    const start = next
    next = Math.ceil((next + bytes) / 256) * 256 + 256
    return start
  }
  const all = [...graph.inputs, ...graph.weights]
  const addresses = new Map<string, number>()
  const write = (name: string, dtype: keyof typeof shiftOf, data: readonly number[]): void => {
    const address = reserve(data.length * 4)
    addresses.set(name, address)
    const array =
      dtype === 'f32'
        ? new Float32Array(memory.buffer, address, data.length)
        : shiftOf[dtype] === 0
          ? new Uint8Array(memory.buffer, address, data.length)
          : new Int32Array(memory.buffer, address, data.length)
    array.set(data)
  }
  all.forEach(({ path, value }) => write(path, value.type.dtype, given.get(path)?.data ?? []))
  plan.constants.forEach((c, i) => write(`constant ${i}`, c.dtype, c.data))
  graph.outputs.forEach(({ path, value }) =>
    addresses.set(`output ${path}`, reserve(4 * at(dims.product(value.type.shape)))),
  )
  const arena = place(plan.transients.flatMap((t) => [at(t.bytes), t.first, t.last]))
  const base = reserve(arena.at(-1) ?? 0)
  const ownScratch = Math.ceil(Math.max(0, ...plan.kernels.map(scratchBytes)) / 256) * 256
  const scratch = reserve(pieces * ownScratch)
  // every read has to be of something that was written
  new Uint8Array(memory.buffer, base, arena.at(-1) ?? 0).fill(255)
  const outputAt = (path: string): number => addresses.get(`output ${path}`) ?? Number.NaN
  const slots = [
    ...graph.inputs.map(({ path }) => addresses.get(path) ?? 0),
    ...graph.outputs.map(({ path }) => outputAt(path)),
    ...graph.weights.map(({ path }) => addresses.get(path) ?? 0),
    ...plan.constants.map((_, i) => addresses.get(`constant ${i}`) ?? 0),
    ...graph.dims.map((d) => sizes.get(d.name) ?? 0),
    scratch,
    ...plan.transients.map((_, i) => base + (arena[2 * i] ?? 0)),
  ]
  const table = reserve(4 * slots.length)
  new Int32Array(memory.buffer, table).set(slots)
  const divided = new Map(partsOf(plan, 0, 0).map(({ launch, groups }) => [launch, at(groups)]))
  const divide = (launch: number): void => {
    const groups = divided.get(launch) ?? 0
    for (let piece = pieces - 1; piece >= 0; piece--)
      run(
        table,
        launch,
        launch + 1,
        piece * ownScratch,
        Math.floor((piece * groups) / pieces),
        Math.floor(((piece + 1) * groups) / pieces),
      )
  }
  const { exports } = await WebAssembly.instantiate(module, { m: { memory, ...hostFunctions, divide } })
  const run = exports['p0'] as (table: number, ...span: readonly number[]) => void
  // launches and groups, whole and in order, or from the last piece to the first
  if (pieces === 1 || divided.size === 0) run(table)
  else {
    let next = 0
    const runAll = (from: number, to: number): void => {
      if (to > from) run(table, from, to, 0, 0, 2 ** 31 - 1, 1)
    }
    for (const launch of divided.keys()) {
      if (launch >= plan.launches.length) continue // the program asks when its turn comes
      runAll(next, launch)
      divide(launch)
      next = launch + 1
    }
    runAll(next, plan.launches.length)
  }
  return new Map(
    graph.outputs.map(({ path, value }): readonly [string, ArrayLike<number>] => {
      const count = at(dims.product(value.type.shape))
      const address = outputAt(path)
      const { dtype } = value.type
      if (dtype === 'f32') return [path, new Float32Array(memory.buffer, address, count)]
      if (shiftOf[dtype] === 0) return [path, new Uint8Array(memory.buffer, address, count)]
      return [path, new (dtype === 'u32' ? Uint32Array : Int32Array)(memory.buffer, address, count)]
    }),
  )
}

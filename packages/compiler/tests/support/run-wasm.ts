// run-wasm: a plan on WebAssembly in this process, without the runtime

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { POOL_END, place } from '@tsjit/host'
import { hostFunctions } from '../../../runtime-wasm/src/host-functions.ts'
import { assembleForms } from '../../src/5-codegen/wasm/assemble-wasm.ts'
import { scratchBytes } from '../../src/5-codegen/wasm/printer-context.ts'
import { printWat } from '../../src/5-codegen/wasm/print-wat.ts'
import { routineStyle } from '../../src/5-codegen/wasm/routines.ts'
import { shiftOf } from '../../src/5-codegen/wasm/storage.ts'
import type { BufferRef, Plan } from '../../src/ir/plan/plan.ts'
import type { RefTensor } from './reference.ts'

/** A module with the kernels of a plan. */
export interface WasmProgram {
  readonly bytes: Uint8Array
  run(
    given: ReadonlyMap<string, RefTensor>,
    sizes: ReadonlyMap<string, number>,
  ): Promise<ReadonlyMap<string, ArrayLike<number>>>
}

/** Compiles the kernels of a plan. */
export async function wasmProgram(plan: Plan): Promise<WasmProgram> {
  // Printed as the relaxed form, run in the one for every engine: what turns one into the other is tested with it.
  const style = routineStyle(true)
  const { baseline: bytes } = await assembleForms({
    functions: plan.kernels.map((kernel) => printWat(kernel, style)),
    exports: new Map(plan.kernels.map(({ name }) => [name, `k_${name}`])),
  })
  const module = await WebAssembly.compile(Uint8Array.from(bytes).buffer)
  return { bytes, run: (given, sizes) => runModule(plan, module, given, sizes) }
}

async function runModule(
  plan: Plan,
  module: WebAssembly.Module,
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
  const scratch = reserve(Math.max(0, ...plan.kernels.map(scratchBytes)))
  // every read has to be of something that was written
  new Uint8Array(memory.buffer, base, arena.at(-1) ?? 0).fill(255)
  const addressOf = ({ kind, index }: BufferRef): number => {
    if (kind === 'transient') return base + (arena[2 * index] ?? 0)
    const name = {
      input: graph.inputs[index]?.path,
      weight: graph.weights[index]?.path,
      constant: `constant ${index}`,
      output: `output ${graph.outputs[index]?.path}`,
    }[kind]
    return addresses.get(name ?? '') ?? Number.NaN
  }
  const { exports } = await WebAssembly.instantiate(module, { m: { memory, ...hostFunctions } })
  for (const launch of plan.launches) {
    const kernel = plan.kernels[launch.kernel]
    const run = exports[kernel?.name ?? ''] as (...args: readonly number[]) => void
    run(
      ...launch.bindings.map(addressOf),
      ...graph.dims.map((d) => sizes.get(d.name) ?? 0),
      ...launch.scalars,
      scratch,
      0,
      at(launch.groups[0]),
    )
  }
  return new Map(
    graph.outputs.map(({ path, value }): readonly [string, ArrayLike<number>] => {
      const count = at(dims.product(value.type.shape))
      const address = addresses.get(`output ${path}`) ?? 0
      const { dtype } = value.type
      if (dtype === 'f32') return [path, new Float32Array(memory.buffer, address, count)]
      return [
        path,
        shiftOf[dtype] === 0
          ? new Uint8Array(memory.buffer, address, count)
          : new Int32Array(memory.buffer, address, count),
      ]
    }),
  )
}

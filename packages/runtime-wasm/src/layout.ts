// layout: where everything of a program lies in its memory
//
// A table of addresses, constants, weights, scratch memory for each thread, and from there on what depends on the sizes
// of a call: arena, inputs, outputs.
import type { OpenRequest, WasmProgramData } from '@tsjit/host'
import { arrayOf, POOL_END, sizeOf, SPLIT_WORK } from '@tsjit/host'
import { MARGIN } from './memory.ts'

/** What a run has to compute so that it is worth waking threads. */
const RUN_WORK = 5 * SPLIT_WORK

/** What depends on the sizes of a call. */
export interface Placement {
  readonly dims: readonly number[]
  /** Of inputs, then outputs. */
  readonly shapes: readonly (readonly number[])[]
  /** The addresses of inputs, then outputs. */
  readonly places: readonly number[]
  /** The table that the program reads. */
  readonly table: Int32Array
  /** Where memory ends. */
  readonly end: number
  readonly arenaBytes: number
  /** What threads may divide, as of `WasmProgramData.parts`; nothing where it is not worth it. */
  readonly parts: readonly number[]
}

/** The memory of one program. */
export class Layout {
  /** Addresses. */
  readonly weights: readonly number[]
  readonly constants: readonly number[]
  /** Bytes of scratch memory of a thread. */
  readonly scratch: number
  /** Where memory begins that depends on sizes. */
  readonly free: number
  readonly #request: OpenRequest<WasmProgramData>
  readonly #scratchAt: number

  constructor(request: OpenRequest<WasmProgramData>, threads: number) {
    const { data, program } = request
    const { inputs, outputs, dims, scratch } = program
    this.#request = request
    const slots = inputs.length + outputs.length + data.weights.length + data.constants.length + dims.length + 1
    const transients = program.arena(...smallest(program)).length / 3
    let next = POOL_END + align(4 * (slots + transients))
    const reserve = (dtype: keyof typeof arrayOf, shape: readonly number[]): number => {
      const at = next
      next += align(sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT)
      return at
    }
    this.weights = data.weights.map(([, dtype, shape]) => reserve(dtype, shape))
    this.constants = data.constants.map(([dtype, shape]) => reserve(dtype, shape))
    this.scratch = align(scratch)
    this.#scratchAt = next
    this.free = next + threads * this.scratch
  }

  /** Returns where everything lies at the sizes of a call. */
  place(sizes: readonly number[], shapes: readonly (readonly number[])[]): Placement {
    const { program, place } = this.#request
    const dims = [...sizes] // the caller's may change
    const arena = place(program.arena(...dims))
    const arenaBytes = arena.at(-1) ?? 0
    let end = this.free + align(arenaBytes)
    const places = [...program.inputs, ...program.outputs].map(([, dtype], index) => {
      const at = end
      end += align(sizeOf(shapes[index] ?? []) * arrayOf[dtype].BYTES_PER_ELEMENT)
      return at
    })
    const transients = Array.from({ length: (arena.length - 1) / 2 }, (_, i) => this.free + (arena[2 * i] ?? 0))
    const table = Int32Array.of(...places, ...this.weights, ...this.constants, ...dims, this.#scratchAt, ...transients)
    return { dims, shapes, places, table, end, arenaBytes, parts: partsAt(program, dims) }
  }

  /** Returns bytes of scratch memory of a run at the smallest sizes, and whether threads are worth it there already. */
  atLeast(): { readonly arenaBytes: number; readonly isDivided: boolean } {
    const { program, place } = this.#request
    const dims = smallest(program)
    return { arenaBytes: place(program.arena(...dims)).at(-1) ?? 0, isDivided: partsAt(program, dims).length > 0 }
  }
}

function partsAt({ parts }: WasmProgramData, dims: readonly number[]): readonly number[] {
  const found = parts?.(...dims) ?? []
  let work = 0
  for (let i = 0; i < found.length; i += 3) {
    const [, groups = 0, own = 0] = found.slice(i)
    if (groups > 1 && own >= SPLIT_WORK) work += own
  }
  return work >= RUN_WORK ? found : []
}

function align(bytes: number): number {
  return Math.ceil(bytes / MARGIN) * MARGIN
}

function smallest({ dims }: WasmProgramData): readonly number[] {
  return dims.map(([, min, , of]) => Math.ceil((min || 1) / (of || 1)) * (of || 1))
}

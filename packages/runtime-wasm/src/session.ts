// session: one loaded program in one memory
//
// The memory holds a table of addresses, constants, weights, scratch, and from there on what depends on the sizes of a
// call: arena, inputs, outputs. It grows when larger sizes are met, never for a call of sizes that were met before.
import type { Call, HostTensor, OpenRequest, Session, TypedArray, WasmProgramData } from '@tsjit/host'
import { arrayOf, codecOf, POOL_END, sizeOf, TsjitError } from '@tsjit/host'
import { hostFunctions } from './host-functions.ts'
import { CpuTensor } from './tensor.ts'

const PAGE = 65_536
/** Vectors read up to three elements beyond what they use: nothing lies at the end of the memory. */
const MARGIN = 256

/** What is prepared for one combination of sizes. */
interface Sizes {
  readonly dims: readonly number[]
  readonly shapes: readonly (readonly number[])[]
  /** The memory of inputs, then outputs. */
  readonly views: readonly TypedArray[]
}

/** A loaded program. */
export class WasmSession implements Session {
  declare readonly device: string
  declare readonly kernels: number
  readonly #request: OpenRequest<WasmProgramData>
  readonly #memory: WebAssembly.Memory
  readonly #weights: readonly number[]
  readonly #pending: Promise<unknown>
  /** Where memory begins that depends on sizes. */
  readonly #free: number
  #run: (table: number) => void = () => {}
  #sizes: Sizes | undefined
  #arenaBytes = 0

  constructor(module: Promise<WebAssembly.Module>, request: OpenRequest<WasmProgramData>) {
    const { data, program } = request
    const { inputs, outputs, dims, counts, scratch } = program
    this.device = 'CPU'
    this.kernels = counts[0]
    this.#request = request
    const slots = inputs.length + outputs.length + data.weights.length + data.constants.length + dims.length + 1
    const transients = program.arena(...smallest(program)).length / 3
    let next = POOL_END + align(4 * (slots + transients))
    const reserve = (dtype: keyof typeof arrayOf, shape: readonly number[]): number => {
      const at = next
      next += align(sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT)
      return at
    }
    this.#weights = data.weights.map(([, dtype, shape]) => reserve(dtype, shape))
    const constants = data.constants.map(([dtype, shape]) => reserve(dtype, shape))
    const scratchAt = next
    this.#free = next + align(scratch)
    this.#memory = new WebAssembly.Memory({ initial: 1 })
    grow(this.#memory, pagesOf(this.#free) - 1, this.#free)
    for (const [index, [dtype, , elements]] of data.constants.entries()) {
      const encode = codecOf(dtype)?.encode
      const stored = encode ? elements.map(encode) : elements
      new arrayOf[dtype](this.#memory.buffer, constants[index], elements.length).set(stored)
    }
    const table = new Int32Array(this.#memory.buffer, POOL_END)
    table.set([...this.#weights, ...constants], inputs.length + outputs.length)
    table[slots - 1] = scratchAt
    this.#pending = module.then(async (compiled) => {
      const { exports } = await WebAssembly.instantiate(compiled, { m: { memory: this.#memory, ...hostFunctions } })
      this.#run = exports[program.run] as (table: number) => void
    })
    this.#pending.catch(() => {})
  }

  isLost(): boolean {
    return false
  }

  upload(index: number, elements: TypedArray): void {
    const type = arrayOf[this.#request.data.weights[index]?.[1] ?? 'f32']
    new type(this.#memory.buffer, this.#weights[index], elements.length).set(elements)
  }

  async ready(): Promise<void> {
    await this.#pending
  }

  accepts(tensor: HostTensor): boolean {
    return tensor instanceof CpuTensor
  }

  async run({ inputs, dims, shapes, outputs: wanted }: Call): Promise<readonly HostTensor[]> {
    const sizes = this.#sizes?.dims.join() === dims.join() ? this.#sizes : this.#prepare(dims, shapes)
    for (const [index, given] of inputs.entries()) {
      sizes.views[index]?.set(given instanceof CpuTensor ? given.elements : (given as TypedArray))
    }
    this.#run(POOL_END)
    return wanted.map((index) => this.#result(sizes, index))
  }

  /**
   * Runs at once, without a promise, where the inputs are flat arrays just as long as those of the last run; returns
   * undefined where they are anything else.
   */
  runAgain(inputs: Readonly<Record<string, unknown>>): Record<string, HostTensor> | undefined {
    const { inputs: slots, outputs } = this.#request.program
    const sizes = this.#sizes
    if (!sizes || Object.keys(inputs).length !== slots.length) return undefined
    for (let i = 0; i < slots.length; i++) {
      const given = inputs[slots[i]?.[0] ?? ''] as TypedArray | undefined
      const view = sizes.views[i]
      if (given?.constructor !== view?.constructor || given?.length !== view?.length) return undefined
    }
    for (let i = 0; i < slots.length; i++) sizes.views[i]?.set(inputs[slots[i]?.[0] ?? ''] as TypedArray)
    this.#run(POOL_END)
    const results: Record<string, HostTensor> = {}
    for (let i = 0; i < outputs.length; i++) results[outputs[i]?.[0] ?? ''] = this.#result(sizes, i)
    return results
  }

  #result({ shapes, views }: Sizes, index: number): HostTensor {
    const { inputs, outputs } = this.#request.program
    const at = inputs.length + index
    return new CpuTensor(outputs[index]?.[1] ?? 'f32', shapes[at] ?? [], (views[at] as TypedArray).slice())
  }

  measure(): { readonly dispatches: number; readonly arenaBytes: number } {
    const { program, place } = this.#request
    return {
      dispatches: program.counts[1],
      arenaBytes: this.#sizes ? this.#arenaBytes : (place(program.arena(...smallest(program))).at(-1) ?? 0),
    }
  }

  dispose(): void {
    this.#sizes = undefined
    this.#run = () => {}
  }

  #prepare(dims: readonly number[], shapes: readonly (readonly number[])[]): Sizes {
    const { program, data, place } = this.#request
    const slots = [...program.inputs, ...program.outputs]
    const arena = place(program.arena(...dims))
    this.#arenaBytes = arena.at(-1) ?? 0
    let next = this.#free + align(this.#arenaBytes)
    const places = slots.map(([, dtype], index) => {
      const at = next
      next += align(sizeOf(shapes[index] ?? []) * arrayOf[dtype].BYTES_PER_ELEMENT)
      return at
    })
    const missing = pagesOf(next) - this.#memory.buffer.byteLength / PAGE
    if (missing > 0) grow(this.#memory, missing, next)
    const table = new Int32Array(this.#memory.buffer, POOL_END)
    table.set(places)
    const firstDim = slots.length + data.weights.length + data.constants.length
    table.set(dims, firstDim)
    table.set(
      Array.from({ length: (arena.length - 1) / 2 }, (_, i) => this.#free + (arena[2 * i] ?? 0)),
      firstDim + dims.length + 1,
    )
    const views = slots.map(
      ([, dtype], i) => new arrayOf[dtype](this.#memory.buffer, places[i], sizeOf(shapes[i] ?? [])),
    )
    this.#sizes = { dims: [...dims], shapes, views }
    return this.#sizes
  }
}

/** Throws `target_limit_exceeded` where the engine has no such memory. */
function grow(memory: WebAssembly.Memory, pages: number, bytes: number): void {
  try {
    memory.grow(pages)
  } catch (cause) {
    const message = `weights, scratch memory, inputs and outputs take ${bytes} bytes: no WebAssembly memory holds that here`
    throw new TsjitError('target_limit_exceeded', message, { cause })
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / MARGIN) * MARGIN
}

function pagesOf(bytes: number): number {
  return Math.ceil((bytes + MARGIN) / PAGE)
}

function smallest({ dims }: WasmProgramData): readonly number[] {
  return dims.map(([, min, , of]) => Math.ceil((min || 1) / (of || 1)) * (of || 1))
}

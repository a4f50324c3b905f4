// session: one loaded program in one memory, run by the thread that calls it
import type { Call, HostTensor, OpenRequest, Session, TypedArray, WasmProgramData } from '@tsjit/host'
import { arrayOf, POOL_END, sizeOf, TsjitError } from '@tsjit/host'
import { importsOf, type TellLaunch } from './host-functions.ts'
import { Layout, type Placement } from './layout.ts'
import { hold } from './memory.ts'
import { CpuTensor } from './tensor.ts'

/** Elements of a large copy. */
const LARGE = 1 << 16

/** Runs a program, as `WasmProgramData.run` says. */
export type RunProgram = (
  table: number,
  from?: number,
  to?: number,
  own?: number,
  begin?: number,
  end?: number,
  asks?: number,
) => void

/** Hears of the launches of a program that is marked, while it is to be profiled. */
export interface Watch {
  readonly isOn: boolean
  /** A launch and the time when it began, in milliseconds, and so on; -1 and the time when a run ended. */
  readonly notes: number[]
  /** Notes a launch that begins now, or with -1 the end. */
  readonly mark: TellLaunch
}

/** Other threads that a session may use. What makes one is a file that a page loads only then. */
export interface Team {
  /** The most threads that take part, this one included. */
  readonly threads: number
  /** Memory that they share. */
  readonly memory: WebAssembly.Memory
  /** Resolves to how many threads take part when they know the program. */
  join(module: WebAssembly.Module, scratch: number): Promise<number>
  /** Returns what runs the program at some sizes, from their `Placement.parts`. */
  divide(run: RunProgram, parts: readonly number[]): () => void
  /** Runs a launch inside of a loop or branch of the program that is being run. */
  take(launch: number): void
  leave(): void
}

/** What is prepared for one combination of sizes. */
interface Sizes extends Placement {
  /** The memory of inputs, then outputs. */
  readonly views: readonly TypedArray[]
  /** Runs it on several threads, where that is worth it. */
  divided: (() => void) | undefined
}

/** A loaded program. */
export class WasmSession implements Session {
  declare readonly device: string
  declare readonly kernels: number
  readonly #request: OpenRequest<WasmProgramData>
  readonly #layout: Layout
  readonly #memory: WebAssembly.Memory
  readonly #team: Team | undefined
  readonly #module: Promise<WebAssembly.Module>
  readonly #pending: Promise<unknown>
  /** How many threads take part, once they do. */
  #joined: Promise<number> | undefined
  #threads = 1
  #run: RunProgram = () => {}
  #sizes: Sizes | undefined
  #isDisposed = false

  constructor(
    module: Promise<WebAssembly.Module>,
    request: OpenRequest<WasmProgramData>,
    team?: Team,
    mark?: TellLaunch,
  ) {
    const { data, program } = request
    this.device = 'CPU'
    this.kernels = program.counts[0]
    this.#request = request
    this.#module = module
    this.#team = team
    this.#layout = new Layout(request, team?.threads ?? 1)
    this.#memory = team?.memory ?? new WebAssembly.Memory({ initial: 1 })
    holdOrThrow(this.#memory, this.#layout.free)
    for (const [index, [dtype, , elements]] of data.constants.entries()) {
      this.#view(dtype, this.#layout.constants[index], elements.length).set(elements)
    }
    this.#pending = module.then(async (compiled) => {
      const { exports } = await WebAssembly.instantiate(compiled, importsOf(this.#memory, team?.take, mark))
      this.#run = exports[program.run] as RunProgram
      if (team && this.#layout.atLeast().isDivided) await this.#join()
    })
    this.#pending.catch(() => {})
  }

  isLost(): boolean {
    return false
  }

  upload(index: number, elements: TypedArray): void {
    const dtype = this.#request.data.weights[index]?.[1] ?? 'f32'
    this.#view(dtype, this.#layout.weights[index], elements.length).set(elements)
  }

  async download(index: number): Promise<TypedArray> {
    const [, dtype = 'f32', shape = []] = this.#request.data.weights[index] ?? []
    return this.#view(dtype, this.#layout.weights[index], sizeOf(shape)).slice()
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
    if (this.#team && sizes.parts.length > 0 && !sizes.divided) {
      await this.#join()
      if (this.#isDisposed) throw new TsjitError('model_disposed', `\`${this.#request.data.name}\` is disposed`)
      if (this.#threads > 1) sizes.divided = this.#team.divide(this.#run, sizes.parts)
    }
    this.#execute(sizes)
    return wanted.map((index) => this.#result(sizes, index))
  }

  /** As `QuickSession` says. */
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
    this.#execute(sizes)
    const results: Record<string, HostTensor> = {}
    for (let i = 0; i < outputs.length; i++) results[outputs[i]?.[0] ?? ''] = this.#result(sizes, i)
    return results
  }

  measure(): ReturnType<Session['measure']> {
    const least = this.#sizes ?? this.#layout.atLeast()
    const { counts } = this.#request.program
    return { dispatches: counts[1], arenaBytes: least.arenaBytes, threads: this.#threads }
  }

  dispose(): void {
    this.#isDisposed = true
    this.#sizes = undefined
    this.#run = () => {}
    this.#team?.leave()
  }

  #execute({ divided }: Sizes): void {
    if (divided) divided()
    else this.#run(POOL_END)
  }

  async #join(): Promise<number> {
    const team = this.#team
    if (!team) return 1
    this.#joined ??= this.#module.then((module) => team.join(module, this.#layout.scratch))
    this.#threads = await this.#joined
    if (this.#isDisposed) team.leave()
    return this.#threads
  }

  #result({ shapes, views }: Sizes, index: number): HostTensor {
    const { inputs, outputs } = this.#request.program
    const at = inputs.length + index
    const dtype = outputs[index]?.[1] ?? 'f32'
    const view = views[at] as TypedArray
    // Large copies are faster made than sliced, small ones the other way round.
    return new CpuTensor(dtype, shapes[at] ?? [], view.length > LARGE ? new arrayOf[dtype](view) : view.slice())
  }

  #prepare(dims: readonly number[], shapes: readonly (readonly number[])[]): Sizes {
    const { inputs, outputs } = this.#request.program
    const placement = this.#layout.place(dims, shapes)
    holdOrThrow(this.#memory, placement.end)
    new Int32Array(this.#memory.buffer, POOL_END).set(placement.table)
    const views = [...inputs, ...outputs].map(([, dtype], i) =>
      this.#view(dtype, placement.places[i], sizeOf(shapes[i] ?? [])),
    )
    this.#sizes = { ...placement, views, divided: undefined }
    return this.#sizes
  }

  #view(dtype: keyof typeof arrayOf, at: number | undefined, length: number): TypedArray {
    return new arrayOf[dtype](this.#memory.buffer, at, length)
  }
}

/** Throws `target_limit_exceeded` where the engine has no such memory. */
export function holdOrThrow(memory: WebAssembly.Memory, bytes: number): void {
  try {
    hold(memory, bytes)
  } catch (cause) {
    throw tooLarge(bytes, cause)
  }
}

/** Returns the error for memory that the engine does not have. */
export function tooLarge(bytes: number, cause: unknown): TsjitError {
  const message = `weights, scratch memory, inputs and outputs take ${bytes} bytes: no WebAssembly memory holds that here`
  return new TsjitError('target_limit_exceeded', message, { cause })
}

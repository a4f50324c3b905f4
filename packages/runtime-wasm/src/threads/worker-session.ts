// worker-session: one loaded program in a worker of its own
//
// What a session does at once is sent as messages here; where everything lies is decided on this side.
import type { Call, HostTensor, OpenRequest, Session, TypedArray, WasmProgramData } from '@tsjit/host'
import type { Layout, Placement } from '../layout.ts'
import type { Team, Watch } from '../session.ts'
import type { Tools } from '../tools.ts'
import { join, type Membership } from './pool.ts'
import type { ServerCall } from './serve.ts'
import { stepsOf } from './steps.ts'
import { WorkerLine } from './worker-line.ts'

/** What a session works with. */
export interface WorkerMeans {
  readonly tools: Tools
  /** Memory that helpers may take part with, where there is any. */
  readonly shared: Pick<Team, 'memory' | 'threads'> | undefined
  readonly watch: Watch | undefined
}

/** A loaded program. */
export class WorkerSession implements Session {
  declare readonly device: string
  declare readonly kernels: number
  readonly #request: OpenRequest<WasmProgramData>
  readonly #layout: Layout
  readonly #module: Promise<WebAssembly.Module>
  readonly #tools: Tools
  readonly #shared: WorkerMeans['shared']
  readonly #watch: Watch | undefined
  readonly #line: WorkerLine
  readonly #ready: Promise<void>
  #joined: Promise<Membership | undefined> | undefined
  #membership: Membership | undefined
  #placement: Placement | undefined
  /** Whether the worker has the table of the placement. */
  #isPlaced = false
  #isDisposed = false
  #isOver = false
  #running = 0
  #count = 0

  constructor(
    module: Promise<WebAssembly.Module>,
    request: OpenRequest<WasmProgramData>,
    { tools, shared, watch }: WorkerMeans,
  ) {
    const { data, program } = request
    this.device = 'CPU'
    this.kernels = program.counts[0]
    this.#request = request
    this.#module = module
    this.#tools = tools
    this.#shared = shared
    this.#watch = watch
    this.#layout = new tools.Layout(request, shared?.threads ?? 1)
    const opening = { role: 'serve', memory: shared?.memory, bytes: this.#layout.free, table: tools.table } as const
    this.#line = new WorkerLine(opening, tools, () => this.#end())
    for (const [index, [dtype, , elements]] of data.constants.entries()) {
      this.#write(this.#layout.constants[index], new tools.arrayOf[dtype](elements))
    }
    this.#ready = this.#open()
    this.#ready.catch(() => {})
  }

  isLost(): boolean {
    return this.#line.isLost
  }

  upload(index: number, elements: TypedArray): void {
    this.#write(this.#layout.weights[index], elements.slice())
  }

  async download(index: number): Promise<TypedArray> {
    const [, dtype = 'f32', shape = []] = this.#request.data.weights[index] ?? []
    const { sizeOf, arrayOf } = this.#tools
    const length = sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT
    const outputs = [{ at: this.#layout.weights[index] ?? 0, length }]
    const reading = {
      call: this.#count++,
      isRead: true,
      sizes: undefined,
      inputs: [],
      outputs,
      help: undefined,
      isWatched: false,
    } as const
    const { results } = await this.#line.call(reading, this.#layout.free)
    const [bytes] = results
    return new arrayOf[dtype](bytes ?? new ArrayBuffer())
  }

  ready(): Promise<void> {
    return this.#ready
  }

  accepts(tensor: HostTensor): boolean {
    return tensor instanceof this.#tools.CpuTensor
  }

  async run(call: Call): Promise<readonly HostTensor[]> {
    this.#running++
    try {
      return await this.#runOnce(call)
    } finally {
      this.#running--
      this.#close()
    }
  }

  measure(): ReturnType<Session['measure']> {
    const least = this.#placement ?? this.#layout.atLeast()
    const { counts } = this.#request.program
    return { dispatches: counts[1], arenaBytes: least.arenaBytes, threads: this.#membership?.threads ?? 1 }
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#close()
  }

  async #open(): Promise<void> {
    await this.#line.open(await this.#module, this.#request.program.run)
    if (this.#layout.atLeast().isDivided) await this.#join()
  }

  async #runOnce({ inputs, dims, shapes, outputs: wanted }: Call): Promise<readonly HostTensor[]> {
    if (this.#placement?.dims.join() !== dims.join()) {
      this.#placement = this.#layout.place(dims, shapes)
      this.#isPlaced = false
    }
    const { places, table, end, parts } = this.#placement as Placement
    const { program } = this.#request
    const { arrayOf, CpuTensor, sizeOf } = this.#tools
    // before the first await: the arrays belong to the app
    const copies = inputs.map((given, i) => ({
      at: places[i] ?? 0,
      bytes: bytesOf((given instanceof CpuTensor ? given.elements : (given as TypedArray)).slice()),
    }))
    const outputs = wanted.map((index) => {
      const at = program.inputs.length + index
      const [, dtype] = program.outputs[index] ?? ['', 'f32']
      const shape = shapes[at] ?? []
      return { dtype, shape, at: places[at] ?? 0, length: sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT }
    })
    const call: ServerCall = {
      help: await this.#helpWith(parts),
      call: this.#count++,
      sizes: this.#isPlaced ? undefined : { table, end },
      inputs: copies,
      outputs: outputs.map(({ at, length }) => ({ at, length })),
      isWatched: this.#watch?.isOn === true,
    }
    const { results, notes } = await this.#line.call(call, end)
    this.#watch?.notes.push(...notes)
    this.#isPlaced = true
    return outputs.map(
      ({ dtype, shape }, i) => new CpuTensor(dtype, shape, new arrayOf[dtype](results[i] ?? new ArrayBuffer())),
    )
  }

  async #helpWith(parts: readonly number[]): Promise<ServerCall['help']> {
    const membership = parts.length === 0 ? undefined : await this.#join()
    if (!membership) return undefined
    const { splitWork, innerWork } = this.#tools
    const { threads } = membership.crew
    return stepsOf({ parts, launches: this.#request.program.counts[1], threads, splitWork, innerWork })
  }

  /** Lets helpers know the program, and the worker the helpers. */
  async #join(): Promise<Membership | undefined> {
    if (this.#shared === undefined) return undefined
    this.#joined ??= this.#joinWith(this.#shared)
    return this.#joined
  }

  async #joinWith({ memory, threads }: Pick<Team, 'memory' | 'threads'>): Promise<Membership | undefined> {
    const { run } = this.#request.program
    const { scratch } = this.#layout
    const membership = await join(
      { module: await this.#module, memory, run, table: this.#tools.table, scratch },
      threads,
    )
    if (membership) this.#line.send({ crew: membership.crew })
    this.#membership = membership
    if (this.#isOver) membership?.leave()
    return membership
  }

  /** Ends the worker when the last run is done. */
  #close(): void {
    if (this.#isDisposed && this.#running === 0) this.#line.send({ close: true })
  }

  #end(): void {
    this.#isOver = true
    this.#membership?.leave()
  }

  #write(at: number | undefined, elements: TypedArray): void {
    const bytes = bytesOf(elements)
    this.#line.send({ write: bytes, at: at ?? 0 }, [bytes.buffer as ArrayBuffer])
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

// worker-session: one loaded program in a worker of its own
//
// What a session does at once is sent as messages here; where everything lies is decided on this side.
import {
  arrayOf,
  type Call,
  type HostTensor,
  type OpenRequest,
  POOL_END,
  type Session,
  sizeOf,
  TsjitError,
  type TypedArray,
  type WasmProgramData,
} from '@tsjit/host'
import { Layout, type Placement } from '../layout.ts'
import { tooLarge } from '../session.ts'
import { CpuTensor } from '../tensor.ts'
import { join, type Membership } from './pool.ts'
import type { ThreadPort } from './port.ts'
import { startThread } from './start-thread.ts'
import type { ServerAnswer, ServerCall, ServerMail, ServeRequest } from './serve.ts'
import { stepsOf } from './steps.ts'

type Answer = Extract<ServerAnswer, { readonly call: number }>

interface Pending {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** A loaded program. */
export class WorkerSession implements Session {
  declare readonly device: string
  declare readonly kernels: number
  readonly #request: OpenRequest<WasmProgramData>
  readonly #layout: Layout
  readonly #module: Promise<WebAssembly.Module>
  readonly #shared: { readonly memory: WebAssembly.Memory; readonly threads: number } | undefined
  readonly #port: ThreadPort
  readonly #ready: Promise<void>
  readonly #calls = new Map<number, Pending>()
  #failure: TsjitError | undefined
  #opened: Pending | undefined
  #joined: Promise<Membership | undefined> | undefined
  #membership: Membership | undefined
  #placement: Placement | undefined
  /** Whether the worker has the table of the placement. */
  #isSent = false
  #isReady = false
  #isDisposed = false
  #running = 0
  #count = 0

  constructor(
    module: Promise<WebAssembly.Module>,
    request: OpenRequest<WasmProgramData>,
    shared: { readonly memory: WebAssembly.Memory; readonly threads: number } | undefined,
  ) {
    const { data, program } = request
    this.device = 'CPU'
    this.kernels = program.counts[0]
    this.#request = request
    this.#module = module
    this.#shared = shared
    this.#layout = new Layout(request, shared?.threads ?? 1)
    this.#port = this.#start()
    const opened: ServeRequest = {
      role: 'serve',
      memory: shared?.memory,
      bytes: this.#layout.free,
      table: POOL_END,
    }
    this.#port.post(opened)
    for (const [index, [dtype, , elements]] of data.constants.entries()) {
      const copy = new arrayOf[dtype](elements.length)
      copy.set(elements)
      this.#write(this.#layout.constants[index], copy)
    }
    this.#ready = this.#open(program.run)
    this.#ready.catch(() => {})
  }

  isLost(): boolean {
    return this.#failure !== undefined
  }

  upload(index: number, elements: TypedArray): void {
    this.#write(this.#layout.weights[index], elements.slice())
  }

  ready(): Promise<void> {
    return this.#ready
  }

  accepts(tensor: HostTensor): boolean {
    return tensor instanceof CpuTensor
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

  async #runOnce({ inputs, dims, shapes, outputs: wanted }: Call): Promise<readonly HostTensor[]> {
    if (this.#placement?.dims.join() !== dims.join()) {
      this.#placement = this.#layout.place(dims, shapes)
      this.#isSent = false
    }
    const placement = this.#placement as Placement
    const { program } = this.#request
    const copies = inputs.map((given, i) => ({
      at: placement.places[i] ?? 0,
      bytes: bytesOf((given instanceof CpuTensor ? given.elements : (given as TypedArray)).slice()),
    }))
    const outputs = wanted.map((index) => {
      const at = program.inputs.length + index
      const [, dtype] = program.outputs[index] ?? ['', 'f32']
      const shape = placement.shapes[at] ?? []
      return { dtype, shape, at: placement.places[at] ?? 0, length: sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT }
    })
    const help = await this.#helpWith(placement)
    const answer = await this.#call({
      call: this.#count++,
      sizes: this.#isSent ? undefined : { table: placement.table, end: placement.end },
      inputs: copies,
      outputs: outputs.map(({ at, length }) => ({ at, length })),
      help,
    })
    if ('error' in answer) {
      if (answer.isMemory) throw tooLarge(placement.end, new RangeError(answer.error))
      throw new Error(answer.error)
    }
    this.#isSent = true
    return outputs.map(
      ({ dtype, shape }, i) => new CpuTensor(dtype, shape, new arrayOf[dtype](answer.results[i] ?? new ArrayBuffer())),
    )
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

  /** Ends the worker when the last run is done. */
  #close(): void {
    if (this.#isDisposed && this.#running === 0) this.#send({ close: true })
  }

  async #open(run: string): Promise<void> {
    const module = await this.#module
    if (this.#isDisposed) return
    await new Promise<unknown>((resolve, reject) => {
      if (this.#failure) reject(this.#failure)
      this.#opened = { resolve, reject }
      this.#port.keep(true)
      this.#send({ module, run })
    })
    if (this.#shared && this.#layout.atLeast().isDivided) await this.#join()
  }

  async #helpWith({ parts }: Placement): Promise<ServerCall['help']> {
    if (!this.#shared || parts.length === 0) return undefined
    const membership = this.#membership ?? (await this.#join())
    return membership && stepsOf(parts, this.#request.program.counts[1], this.#shared.threads)
  }

  async #join(): Promise<Membership | undefined> {
    const { memory, threads } = this.#shared ?? {}
    if (!memory || !threads) return undefined
    this.#joined ??= this.#module.then((module) => {
      const { run } = this.#request.program
      return join({ module, memory, run, table: POOL_END, scratch: this.#layout.scratch }, threads)
    })
    const membership = await this.#joined
    if (membership && !this.#membership) this.#send({ crew: membership.crew })
    this.#membership = membership
    return membership
  }

  #call(call: ServerCall): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      this.#calls.set(call.call, { resolve, reject })
      this.#port.keep(true)
      return this.#send(
        call,
        call.inputs.map(({ bytes }) => bytes.buffer as ArrayBuffer),
      )
    })
  }

  #write(at: number | undefined, elements: TypedArray): void {
    const bytes = bytesOf(elements)
    this.#send({ write: bytes, at: at ?? 0 }, [bytes.buffer as ArrayBuffer])
  }

  #send(mail: ServerMail, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.post(mail, transfer)
  }

  #start(): ThreadPort {
    try {
      return startThread({
        message: (data) => this.#receive(data as ServerAnswer),
        error: (cause) => this.#fail(cause),
      })
    } catch (cause) {
      throw new TsjitError('target_unavailable', `no worker can be started: ${textOf(cause)}`, { cause })
    }
  }

  #receive(answer: ServerAnswer): void {
    if ('ready' in answer) {
      this.#isReady = true
      this.#opened?.resolve({ call: -1, results: [] })
    } else if ('failed' in answer) {
      const cause = new RangeError(answer.failed)
      this.#opened?.reject(answer.isMemory ? tooLarge(this.#layout.free, cause) : new Error(answer.failed))
    } else if ('closed' in answer) this.#membership?.leave()
    else {
      this.#calls.get(answer.call)?.resolve(answer)
      this.#calls.delete(answer.call)
    }
    if (this.#calls.size === 0) this.#port.keep(false)
  }

  #fail(cause: unknown): void {
    this.#membership?.leave()
    const code = this.#isReady ? 'target_device_lost' : 'target_unavailable'
    this.#failure = new TsjitError(code, `the worker of the model cannot run: ${textOf(cause)}`, { cause })
    this.#opened?.reject(this.#failure)
    for (const { reject } of this.#calls.values()) reject(this.#failure)
    this.#calls.clear()
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

// worker-line: the messages between a session and the worker that runs its program
//
// Knows which answers are awaited, and whether the worker lives. A process stays for it only while an answer is awaited.
import type { Tools } from '../tools.ts'
import type { ThreadPort } from './port.ts'
import type { ServerAnswer, ServerCall, ServerMail, ServeRequest } from './serve.ts'
import { startThread } from './start-thread.ts'

/** The bytes of outputs, and what a watch is to note. */
type Results = Pick<Extract<ServerAnswer, { readonly results: unknown }>, 'results' | 'notes'>

interface Pending {
  resolve(results: Results): void
  reject(error: unknown): void
}

/** The key of what is awaited before the first call. */
const OPENING = -1

/** A worker that runs a program. */
export class WorkerLine {
  readonly #tools: Tools
  readonly #port: ThreadPort
  readonly #bytes: number
  readonly #ended: () => void
  /** What is awaited, by the number of the call; with the bytes that it needs. */
  readonly #pending = new Map<number, Pending & { readonly bytes: number }>()
  #failure: unknown
  #isReady = false

  /** Starts a worker. Throws `target_unavailable` where there are none. `ended` is called when it has ended, or died. */
  constructor(request: ServeRequest, tools: Tools, ended: () => void) {
    this.#tools = tools
    this.#bytes = request.bytes
    this.#ended = ended
    try {
      this.#port = startThread({
        message: (data) => this.#receive(data as ServerAnswer),
        error: (cause) => this.#die(cause),
      })
    } catch (cause) {
      throw new tools.TsjitError('target_unavailable', `no worker can be started: ${textOf(cause)}`, { cause })
    }
    this.#port.post(request)
  }

  /** Whether it has failed for good. */
  get isLost(): boolean {
    return this.#failure !== undefined
  }

  send(mail: ServerMail, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.post(mail, transfer)
  }

  /** Resolves when the program is ready to be called. */
  async open(module: WebAssembly.Module, run: string): Promise<void> {
    await this.#await(OPENING, this.#bytes, () => this.send({ module, run }))
  }

  /** Resolves to what becomes of a call that needs memory up to `bytes`. */
  call(call: ServerCall, bytes: number): Promise<Results> {
    const transfer = call.inputs.map((input) => input.bytes.buffer as ArrayBuffer)
    return this.#await(call.call, bytes, () => this.send(call, transfer))
  }

  #await(key: number, bytes: number, send: () => void): Promise<Results> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      this.#pending.set(key, { resolve, reject, bytes })
      this.#port.keep(true)
      return send()
    })
  }

  #receive(answer: ServerAnswer): void {
    if ('closed' in answer) this.#ended()
    else if ('ready' in answer) {
      this.#isReady = true
      this.#settle(OPENING, (pending) => pending.resolve({ results: [], notes: [] }))
    } else if ('results' in answer) this.#settle(answer.call, (pending) => pending.resolve(answer))
    else if ('call' in answer) this.#settle(answer.call, ({ reject, bytes }) => reject(this.#errorOf(answer, bytes)))
    else this.#fail(this.#errorOf(answer, this.#bytes))
  }

  #settle(key: number, action: (pending: Pending & { readonly bytes: number }) => void): void {
    const pending = this.#pending.get(key)
    this.#pending.delete(key)
    if (this.#pending.size === 0) this.#port.keep(false)
    if (pending) action(pending)
  }

  #die(cause: unknown): void {
    const code = this.#isReady ? 'target_device_lost' : 'target_unavailable'
    this.#fail(new this.#tools.TsjitError(code, `the worker of the model cannot run: ${textOf(cause)}`, { cause }))
    this.#ended()
  }

  #errorOf({ error, isMemory }: Extract<ServerAnswer, { readonly error: string }>, bytes: number): Error {
    return isMemory ? this.#tools.tooLarge(bytes, new RangeError(error)) : new Error(error)
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    for (const key of this.#pending.keys()) this.#settle(key, ({ reject }) => reject(this.#failure))
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

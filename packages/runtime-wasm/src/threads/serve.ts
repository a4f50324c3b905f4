// serve: a thread that runs a program for another
//
// Messages are handled in order. What it is told are bytes and addresses; it knows nothing of tensors.
import { importsOf } from '../host-functions.ts'
import { hold } from '../memory.ts'
import { type Conductor, createConductor, type Crew, type Step } from './conduct.ts'
import type { RunLaunches } from './control.ts'
import type { Port } from './port.ts'

/** The first message to a thread that runs a program. */
export interface ServeRequest {
  readonly role: 'serve'
  /** Memory that helpers have too; without it the thread makes its own. */
  readonly memory: WebAssembly.Memory | undefined
  /** Bytes that it has to hold before the first call. */
  readonly bytes: number
  /** The address of the program's table. */
  readonly table: number
}

/** What a thread is told later. */
export type ServerMail =
  | { readonly write: Uint8Array; readonly at: number }
  | { readonly module: WebAssembly.Module; readonly run: string }
  | { readonly crew: Crew }
  | ServerCall
  | { readonly close: true }

/** One run, or only what is to be read of the memory. */
export interface ServerCall {
  readonly call: number
  readonly isRead?: true
  /** What is new since the last call where the sizes are others: the table, and where memory ends. */
  readonly sizes: { readonly table: Int32Array; readonly end: number } | undefined
  readonly inputs: readonly { readonly at: number; readonly bytes: Uint8Array }[]
  readonly outputs: readonly { readonly at: number; readonly length: number }[]
  /** Its steps, where the crew helps. */
  readonly help: readonly Step[] | undefined
  /** Whether to note its launches. */
  readonly isWatched: boolean
}

/** What a thread answers: when its code is ready, after each call, where something else has failed, and last of all. */
export type ServerAnswer =
  | { readonly ready: true }
  /** With notes as `Watch` has them. */
  | { readonly call: number; readonly results: readonly ArrayBuffer[]; readonly notes: readonly number[] }
  | { readonly call: number; readonly error: string; readonly isMemory: boolean }
  | { readonly error: string; readonly isMemory: boolean }
  | { readonly closed: true }

/** Returns what a thread that runs a program does with a message. */
export function createServer(port: Port, request: ServeRequest): (mail: ServerMail) => void {
  const memory = request.memory ?? new WebAssembly.Memory({ initial: 1 })
  const answer = (message: ServerAnswer, transfer?: readonly ArrayBuffer[]): void => port.post(message, transfer)
  const failureOf = (error: unknown): { readonly error: string; readonly isMemory: boolean } => ({
    error: error instanceof Error ? error.message : String(error),
    isMemory: error instanceof RangeError,
  })
  let program: RunLaunches = () => {}
  let conductor: Conductor | undefined
  let notes: number[] | undefined
  const mark = (launch: number): void => void notes?.push(launch, performance.now())
  const imports = importsOf(memory, (launch) => conductor?.take(launch), mark)
  const attempt = (action: () => void): void => {
    try {
      action()
    } catch (error) {
      answer(failureOf(error))
    }
  }
  attempt(() => hold(memory, request.bytes))
  return (mail) => {
    if ('write' in mail) attempt(() => write(memory, mail.at, mail.write))
    else if ('module' in mail) {
      attempt(() => {
        program = new WebAssembly.Instance(mail.module, imports).exports[mail.run] as RunLaunches
        answer({ ready: true })
      })
    } else if ('crew' in mail) conductor = createConductor(mail.crew, mark)
    else if ('call' in mail) {
      try {
        const { sizes, inputs, outputs, help, isWatched } = mail
        if (sizes) {
          hold(memory, sizes.end)
          new Int32Array(memory.buffer, request.table).set(sizes.table)
        }
        for (const { at, bytes } of inputs) write(memory, at, bytes)
        notes = isWatched ? [] : undefined
        if (help && conductor) conductor.conduct(program, request.table, help)
        else if (!mail.isRead) (program as (table: number) => void)(request.table)
        const results = outputs.map(({ at, length }) => new Uint8Array(memory.buffer, at, length).slice().buffer)
        answer({ call: mail.call, results, notes: notes ?? [] }, results)
      } catch (error) {
        answer({ call: mail.call, ...failureOf(error) })
      }
    } else {
      answer({ closed: true })
      port.end()
    }
  }
}

function write(memory: WebAssembly.Memory, at: number, bytes: Uint8Array): void {
  new Uint8Array(memory.buffer, at).set(bytes)
}

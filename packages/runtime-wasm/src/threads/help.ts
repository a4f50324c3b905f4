// help: a thread that takes pieces of what others conduct
//
// It sleeps unless there is something on offer. Messages do not reach a thread that sleeps, so the bell rings for them
// too, and it goes back to the event loop until it has read as many as were sent.
import { importsOf } from '../host-functions.ts'
import { lookOut, type RunLaunches, takePieces, type ThreadProgram, words } from './control.ts'
import type { Port } from './port.ts'

/** The first message to a helper. */
export interface HelpRequest {
  readonly role: 'help'
  readonly control: Int32Array
  /** From 1: the thread that conducts is 0. */
  readonly index: number
}

/** A program to know from now on, or one to forget. */
export type HelperMail =
  | {
      readonly learn: number
      readonly module: WebAssembly.Module
      readonly memory: WebAssembly.Memory
      /** The export that runs it. */
      readonly run: string
      readonly table: number
      readonly own: number
    }
  | { readonly forget: number }

/** What a helper answers when it has learned a program. */
export interface HelperAnswer {
  readonly learned: number
  readonly error?: string
}

/** Returns what a helper does with a message. */
export function createHelper(port: Port, { control, index }: HelpRequest): (mail: HelperMail) => void {
  const programs = new Map<number, ThreadProgram>()
  let read = 0
  return (mail) => {
    read++
    if ('learn' in mail) port.post(learn(programs, mail))
    else programs.delete(mail.forget)
    attend()
  }

  /** Returns when a message has been sent. */
  function attend(): void {
    for (;;) {
      const bell = Atomics.load(control, words.bell)
      takePieces(control, index, (id) => programs.get(id))
      if (Atomics.load(control, words.mail + index) !== read) return
      if (lookOut(() => Atomics.load(control, words.bell) !== bell)) continue
      Atomics.add(control, words.sleepers, 1)
      Atomics.wait(control, words.bell, bell)
    }
  }
}

function learn(
  programs: Map<number, ThreadProgram>,
  { learn: id, module, memory, run, table, own }: Extract<HelperMail, { readonly learn: number }>,
): HelperAnswer {
  try {
    const { exports } = new WebAssembly.Instance(module, importsOf(memory))
    programs.set(id, { run: exports[run] as RunLaunches, table, own })
    return { learned: id }
  } catch (error) {
    return { learned: id, error: String(error) }
  }
}

// pool: the helpers of a page, shared by all its models
//
// They are started for the first program that can use them, and ended with the last.
import { CONTROL_BYTES, MOST_HELPERS, words } from './control.ts'
import type { Crew } from './conduct.ts'
import type { HelperAnswer, HelperMail, HelpRequest } from './help.ts'
import type { ThreadPort } from './port.ts'
import { startThread } from './start-thread.ts'

/** A program that helpers are to know. */
export interface SharedProgram {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** The export that runs it. */
  readonly run: string
  /** The address of its table. */
  readonly table: number
  /** Bytes of scratch memory of a thread. */
  readonly scratch: number
}

/** A program's share in the helpers. */
export interface Membership {
  readonly crew: Crew
  /** Threads that take part. */
  readonly threads: number
  /** Gives it up. Does nothing when called again. */
  leave(): void
}

interface Helper {
  readonly port: ThreadPort
  /** Programs that it is learning. */
  readonly learning: Map<number, (error?: unknown) => void>
  isAlive: boolean
}

interface Pool {
  readonly control: Int32Array
  readonly helpers: Helper[]
  readonly programs: Set<number>
}

// One for all models of this thread.
const current: { pool?: Pool; programs: number } = { programs: 0 }

/** Returns how many threads a program that asks for so many can have. */
export function mostThreads(wanted: number): number {
  return Math.min(wanted, MOST_HELPERS + 1)
}

/** Lets helpers know a program; resolves when they do. Undefined where none could be started. */
export async function join(program: SharedProgram, wanted: number): Promise<Membership | undefined> {
  const threads = mostThreads(wanted)
  const pool = (current.pool ??= {
    control: new Int32Array(new SharedArrayBuffer(CONTROL_BYTES)),
    helpers: [],
    programs: new Set(),
  })
  const id = ++current.programs
  pool.programs.add(id)
  const all = Array.from({ length: threads - 1 }, (_, i) => teach(pool, i + 1, id, program))
  const ready = (await Promise.all(all)).filter(Boolean).length
  const leave = (): void => leavePool(pool, id)
  if (ready > 0) return { crew: { control: pool.control, id, threads }, threads: ready + 1, leave }
  leave()
  return undefined
}

function leavePool(pool: Pool, id: number): void {
  if (!pool.programs.delete(id)) return
  if (pool.programs.size > 0) {
    pool.helpers.forEach((helper, i) => send(pool, helper, i + 1, { forget: id }))
    return
  }
  for (const helper of pool.helpers) end(helper)
  if (current.pool === pool) delete current.pool
}

/** Resolves to whether the helper of an index knows the program now. */
async function teach(pool: Pool, index: number, id: number, { scratch, ...program }: SharedProgram): Promise<boolean> {
  let helper: Helper | undefined
  try {
    helper = pool.helpers[index - 1] ??= start(pool.control, index)
    const { learning, port } = helper
    if (!helper.isAlive) return false
    await new Promise<void>((resolve, reject) => {
      learning.set(id, (error) => (error === undefined ? resolve() : reject(error)))
      port.keep(true)
      send(pool, helper as Helper, index, { learn: id, ...program, own: index * scratch })
    })
    return true
  } catch {
    // One that does not know a program must not be offered it.
    if (helper) end(helper)
    return false
  }
}

function start(control: Int32Array, index: number): Helper {
  const learning: Helper['learning'] = new Map()
  const finish = (id: number, error?: unknown): void => {
    learning.get(id)?.(error)
    learning.delete(id)
    if (learning.size === 0) helper.port.keep(false)
  }
  const helper: Helper = {
    learning,
    isAlive: true,
    port: startThread({
      message(data) {
        const { learned, error } = data as HelperAnswer
        finish(learned, error)
      },
      error(cause) {
        helper.isAlive = false
        for (const id of learning.keys()) finish(id, cause)
      },
    }),
  }
  const request: HelpRequest = { role: 'help', control, index }
  helper.port.post(request)
  return helper
}

function send({ control }: Pool, { port, isAlive }: Helper, index: number, mail: HelperMail): void {
  if (!isAlive) return
  Atomics.add(control, words.mail + index, 1)
  port.post(mail)
  Atomics.add(control, words.bell, 1)
  Atomics.notify(control, words.bell)
}

function end(helper: Helper): void {
  helper.isAlive = false
  helper.port.end()
}

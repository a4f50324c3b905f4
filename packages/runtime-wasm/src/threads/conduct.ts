// conduct: one run of a program, its large launches divided among threads
import { lookOut, type RunLaunches, takePieces, words } from './control.ts'

/** Launches that run together, or one that is cut into pieces. */
export interface Step {
  readonly from: number
  readonly to: number
  readonly groups: number
  readonly pieces: number
}

/** The threads that a program may use. Plain data: it is sent to the thread that conducts. */
export interface Crew {
  readonly control: Int32Array
  /** The program, as the helpers know it. */
  readonly id: number
  readonly threads: number
}

const EVERY_GROUP = 2 ** 31 - 1

/** Runs a program. Where another program is being run on these threads, this one runs on its own. */
export function conduct(crew: Crew, run: RunLaunches, table: number, steps: readonly Step[]): void {
  const { control } = crew
  const isFree = Atomics.compareExchange(control, words.conductor, 0, 1) === 0
  try {
    for (const step of steps) {
      if (isFree && step.pieces > 1) divide(crew, run, table, step)
      else run(table, step.from, step.to, 0, 0, EVERY_GROUP)
    }
  } finally {
    if (isFree) Atomics.store(control, words.conductor, 0)
  }
}

function divide({ control, id, threads }: Crew, run: RunLaunches, table: number, step: Step): void {
  Atomics.store(control, words.program, id)
  Atomics.store(control, words.launch, step.from)
  Atomics.store(control, words.groups, step.groups)
  Atomics.store(control, words.pieces, step.pieces)
  Atomics.store(control, words.left, step.pieces)
  Atomics.store(control, words.offer, (threads << 16) | step.pieces)
  Atomics.add(control, words.bell, 1)
  if (Atomics.load(control, words.sleepers) > 0) Atomics.notify(control, words.bell)
  const own = { run, table, own: 0 }
  const failure = takePieces(control, 0, () => own)
  awaitPieces(control)
  if (Atomics.exchange(control, words.hasFailed, 0) === 0) return
  throw failure ?? new Error('internal: a launch has failed in another thread')
}

/** Returns when nothing is left: what is left now is being computed. */
function awaitPieces(control: Int32Array): void {
  while (!lookOut(() => Atomics.load(control, words.left) === 0)) {
    if (!maySleep(control)) continue
    Atomics.store(control, words.isWaiting, 1)
    const left = Atomics.load(control, words.left)
    if (left > 0) Atomics.wait(control, words.left, left)
    Atomics.store(control, words.isWaiting, 0)
  }
}

/** Whether this thread may sleep: that of a page may not. */
function maySleep(control: Int32Array): boolean {
  try {
    // of another value than there ever is: returns at once
    Atomics.wait(control, words.left, -1, 0)
    return true
  } catch {
    return false
  }
}

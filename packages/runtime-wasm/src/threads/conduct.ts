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

/** Runs a program. Where another program is being run on these threads, this one runs on its own. */
export type Conduct = (run: RunLaunches, table: number, steps: readonly Step[]) => void

const EVERY_GROUP = 2 ** 31 - 1
/** How long a helper may be late beyond what this thread has computed meanwhile, in milliseconds. */
const LATE = 0.1
/** The most launches that are not offered to helpers that were late. */
const MOST_ALONE = 64

/**
 * Returns what runs a program with a crew. Where the system keeps helpers from running (it has other work), launches are
 * not offered for a while, the longer the more often that happens.
 */
export function createConductor(crew: Crew): Conduct {
  const { control } = crew
  let alone = 0
  let penalty = 0
  const divide = (run: RunLaunches, table: number, step: Step): void => {
    if (offer(crew, run, table, step)) penalty >>= 1
    else alone = penalty = Math.min(MOST_ALONE, 2 * penalty + 1)
  }
  return (run, table, steps) => {
    const isFree = Atomics.compareExchange(control, words.conductor, 0, 1) === 0
    try {
      for (const step of steps) {
        if (isFree && step.pieces > 1 && alone-- <= 0) divide(run, table, step)
        else run(table, step.from, step.to, 0, 0, EVERY_GROUP)
      }
    } finally {
      if (isFree) Atomics.store(control, words.conductor, 0)
    }
  }
}

/** Computes a step with whoever helps. Returns whether all were in time. */
function offer({ control, id, threads }: Crew, run: RunLaunches, table: number, step: Step): boolean {
  Atomics.store(control, words.program, id)
  Atomics.store(control, words.launch, step.from)
  Atomics.store(control, words.groups, step.groups)
  Atomics.store(control, words.pieces, step.pieces)
  Atomics.store(control, words.left, step.pieces)
  Atomics.store(control, words.offer, (threads << 16) | step.pieces)
  Atomics.add(control, words.bell, 1)
  if (Atomics.exchange(control, words.sleepers, 0) > 0) Atomics.notify(control, words.bell)
  const own = { run, table, own: 0 }
  const start = performance.now()
  const failure = takePieces(control, 0, () => own)
  const end = performance.now()
  awaitPieces(control)
  if (Atomics.exchange(control, words.hasFailed, 0) !== 0) {
    throw failure ?? new Error('internal: a launch has failed in another thread')
  }
  return performance.now() - end <= end - start + LATE
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

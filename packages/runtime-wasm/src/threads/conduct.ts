// conduct: one run of a program, its large launches divided among threads
import { lookOut, type RunLaunches, takePieces, words } from './control.ts'

/** Launches that run together, or one that is cut into pieces. */
export interface Step {
  readonly from: number
  readonly to: number
  readonly groups: number
  readonly pieces: number
  /** Whether the program says when, because it is inside of a loop or branch. */
  readonly isInner?: true
}

/** The threads that a program may use. Plain data: it is sent to the thread that conducts. */
export interface Crew {
  readonly control: Int32Array
  /** The program, as the helpers know it. */
  readonly id: number
  readonly threads: number
}

/** Runs programs with a crew. */
export interface Conductor {
  /** Runs a program. Where another program is being run on these threads, this one runs on its own. */
  conduct(run: RunLaunches, table: number, steps: readonly Step[]): void
  /** Runs a launch inside of a loop or branch of the program that is being run. */
  take(launch: number): void
}

const EVERY_GROUP = 2 ** 31 - 1
/**
 * How many times as long as helpers were late launches are not offered to them: no more than that share of the time is
 * lost to a system that keeps them from running, because it has other work.
 */
const REST = 4

/**
 * Returns what runs programs with a crew. Where the system keeps helpers from running (it has other work), launches are
 * not offered for a while. `mark` is told what the program does not tell: of launches that are divided and not inside of
 * anything, and with -1 of the end.
 */
export function createConductor(crew: Crew, mark?: (launch: number) => void): Conductor {
  const { control } = crew
  let restsUntil = 0
  let take: (launch: number) => void = () => {}
  const perform = (run: RunLaunches, table: number, step: Step): void => {
    if (step.pieces < 2 || performance.now() < restsUntil) run(table, step.from, step.to, 0, 0, EVERY_GROUP)
    else {
      if (!step.isInner) mark?.(step.from)
      const late = offer(crew, run, table, step)
      if (late > 0) restsUntil = performance.now() + REST * late
    }
  }
  return {
    take: (launch) => take(launch),
    conduct(run, table, steps) {
      if (Atomics.compareExchange(control, words.conductor, 0, 1) !== 0) {
        run(table, 0, 0, 0, 0, 0)
        return
      }
      try {
        const inner = new Map(steps.filter(({ isInner }) => isInner).map((step) => [step.from, step]))
        const asks = inner.size > 0 ? 1 : 0
        take = (launch) =>
          perform(run, table, inner.get(launch) ?? { from: launch, to: launch + 1, groups: 0, pieces: 1 })
        for (const step of steps) {
          if (step.isInner) continue
          if (step.pieces > 1) perform(run, table, step)
          else run(table, step.from, step.to, 0, 0, EVERY_GROUP, asks)
        }
        mark?.(-1)
      } finally {
        Atomics.store(control, words.conductor, 0)
      }
    },
  }
}

/** Computes a step with whoever helps. Returns how much longer this thread has waited than computed, in milliseconds. */
function offer({ control, id, threads }: Crew, run: RunLaunches, table: number, step: Step): number {
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
  return performance.now() - end - (end - start)
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

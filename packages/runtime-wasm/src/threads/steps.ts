// steps: what threads may divide -> the steps of a run
import type { Step } from './conduct.ts'

/** Pieces for each thread: those that are done first take what others would be late with. */
const PIECES = 4

/** A run at some sizes. */
export interface DividedRun {
  /** As of `WasmProgramData.parts`. */
  readonly parts: readonly number[]
  readonly launches: number
  readonly threads: number
  /** How much a launch has to compute to be divided; a piece computes half as much at least. */
  readonly splitWork: number
  /** The same for launches inside of loops and branches. */
  readonly innerWork: number
}

/** Returns the steps of a run. */
export function stepsOf({ parts, launches, threads, splitWork, innerWork }: DividedRun): readonly Step[] {
  const steps: Step[] = []
  let done = 0
  const finish = (to: number): void => {
    if (to > done) steps.push({ from: done, to, groups: 0, pieces: 1 })
    done = to
  }
  for (let i = 0; i < parts.length; i += 3) {
    const [launch = 0, groups = 0, work = 0] = parts.slice(i)
    const pieces = Math.min(PIECES * threads, groups, Math.floor(work / (splitWork / 2)))
    if (pieces < 2 || work < splitWork) continue
    if (launch >= launches) {
      if (work >= innerWork) steps.push({ from: launch, to: launch + 1, groups, pieces, isInner: true })
      continue
    }
    finish(launch)
    done = launch + 1
    steps.push({ from: launch, to: done, groups, pieces })
  }
  finish(launches)
  return steps
}

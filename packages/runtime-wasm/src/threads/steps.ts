// steps: what threads may divide -> the steps of a run
import { SPLIT_WORK } from '@tsjit/host'
import type { Step } from './conduct.ts'

/** Pieces for each thread: those that are done first take what others would be late with. */
const PIECES = 4
/** What a piece computes at least. */
const PIECE_WORK = SPLIT_WORK / 2

/** Returns the steps of a run of `launches` launches on some threads; `parts` as of `WasmProgramData.parts`. */
export function stepsOf(parts: readonly number[], launches: number, threads: number): readonly Step[] {
  const steps: Step[] = []
  let done = 0
  const finish = (to: number): void => {
    if (to > done) steps.push({ from: done, to, groups: 0, pieces: 1 })
    done = to
  }
  for (let i = 0; i < parts.length; i += 3) {
    const [launch = 0, groups = 0, work = 0] = parts.slice(i)
    const pieces = Math.min(PIECES * threads, groups, Math.floor(work / PIECE_WORK))
    if (pieces < 2 || work < SPLIT_WORK) continue
    finish(launch)
    done = launch + 1
    steps.push({ from: launch, to: done, groups, pieces })
  }
  finish(launches)
  return steps
}

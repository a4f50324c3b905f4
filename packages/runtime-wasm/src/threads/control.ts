// control: how threads divide the launches of a run
//
// Memory that all threads of a page share. One thread at a time conducts: it offers a launch cut into pieces and takes
// pieces itself; helpers that are awake take others. Nobody waits for a thread that has taken nothing, so one that the
// system keeps from running costs nothing but its help.

/** Words of the control memory; what threads wait for has a cache line of its own. */
export const words = {
  /** Pieces that nobody has taken, and how many threads may take them: `threads << 16 | pieces`. */
  offer: 0,
  /** Pieces that are not done. */
  left: 16,
  /** Rises with every offer and every message; helpers sleep on it. */
  bell: 32,
  /** Helpers that went to sleep since they were last woken. */
  sleepers: 33,
  /** Whether the conductor sleeps until nothing is left. */
  isWaiting: 34,
  /** 1 while a thread conducts. */
  conductor: 48,
  /** Whether a piece has failed. */
  hasFailed: 49,
  /** Of the launch on offer: the program, its index, its groups, and the pieces that they are cut into. */
  program: 50,
  launch: 51,
  groups: 52,
  pieces: 53,
  /** By helper: messages that were sent to it. */
  mail: 64,
} as const

/** Helpers that there may be. */
export const MOST_HELPERS = 63

/** Bytes of the control memory. */
export const CONTROL_BYTES: number = 4 * (words.mail + MOST_HELPERS + 1)

/** How long a thread looks out for work before it sleeps: milliseconds, and looks where the clock is a coarse one. */
const PATIENCE = 0.2
const MOST_LOOKS = 100_000
const LOOKS_A_CLOCK = 100

/** Runs launches of a program, as `WasmProgramData.parts` says. */
export type RunLaunches = (
  table: number,
  from: number,
  to: number,
  own: number,
  begin: number,
  end: number,
  asks?: number,
) => void

/** A program in the hands of one thread. */
export interface ThreadProgram {
  readonly run: RunLaunches
  /** The address of its table. */
  readonly table: number
  /** How many bytes further on the scratch memory of this thread is. */
  readonly own: number
}

/**
 * Takes pieces of what is on offer until there are none, for the thread of an index (0 conducts). A piece that fails is
 * done; returns the error of the first.
 */
export function takePieces(
  control: Int32Array,
  index: number,
  programOf: (id: number) => ThreadProgram | undefined,
): unknown {
  let failure: unknown
  for (;;) {
    const offer = Atomics.load(control, words.offer)
    if ((offer & 0xffff) === 0 || offer >> 16 <= index) return failure
    if (Atomics.compareExchange(control, words.offer, offer, offer - 1) !== offer) continue
    // From here on the offer stays as it is: its conductor waits for this piece.
    const program = programOf(Atomics.load(control, words.program))
    const launch = Atomics.load(control, words.launch)
    const groups = Atomics.load(control, words.groups)
    const pieces = Atomics.load(control, words.pieces)
    const piece = pieces - (offer & 0xffff)
    try {
      if (!program) throw new Error('internal: a thread lacks the program')
      const begin = Math.floor((piece * groups) / pieces)
      const end = Math.floor(((piece + 1) * groups) / pieces)
      program.run(program.table, launch, launch + 1, program.own, begin, end)
    } catch (error) {
      failure ??= error
      Atomics.store(control, words.hasFailed, 1)
    }
    if (Atomics.sub(control, words.left, 1) === 1 && Atomics.load(control, words.isWaiting)) {
      Atomics.notify(control, words.left)
    }
  }
}

/** Looks until something is so, for a short while. Returns whether it is. */
export function lookOut(isSo: () => boolean): boolean {
  const until = performance.now() + PATIENCE
  for (let looks = 1; looks <= MOST_LOOKS; looks++) {
    if (isSo()) return true
    if (looks % LOOKS_A_CLOCK === 0 && performance.now() > until) break
  }
  return isSo()
}

// latest-only: work that is not worth doing twice
//
// While one piece is under way only the latest request waits; those between are dropped.

/** Returns a function that starts `work`, or has it start when the piece under way has ended. */
export function latestOnly<T>(work: (value: T) => Promise<void>, fail: (error: unknown) => void): (value: T) => void {
  let isBusy = false
  let waiting: { readonly value: T } | undefined
  const start = (value: T): void => {
    isBusy = true
    // A frame between two pieces, so that a slow target leaves the page alive.
    void work(value)
      .catch(fail)
      .then(() => requestAnimationFrame(next))
  }
  const next = (): void => {
    isBusy = false
    const latest = waiting
    waiting = undefined
    if (latest) start(latest.value)
  }
  return (value) => {
    if (isBusy) waiting = { value }
    else start(value)
  }
}

// latest-only: work that is not worth doing twice
//
// While one piece is under way only the latest request waits; those between are dropped.

/** Returns a function that starts `work`, or has it start when the piece under way has ended. */
export function latestOnly<T>(work: (value: T) => Promise<void>, fail: (error: unknown) => void): (value: T) => void {
  let isBusy = false
  let waiting: { readonly value: T } | undefined
  const start = (value: T): void => {
    isBusy = true
    void work(value)
      .catch(fail)
      .then(() => {
        isBusy = false
        const next = waiting
        waiting = undefined
        // A frame between, so that a slow target leaves the page alive.
        if (next) requestAnimationFrame(() => request(next.value))
      })
  }
  const request = (value: T): void => {
    if (isBusy) waiting = { value }
    else start(value)
  }
  return request
}

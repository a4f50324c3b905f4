// completion: events -> promises, without blocking
//
// Events of one stream complete in order, so only the oldest is asked after: between turns of the event loop at first, then
// by one thread of Node's pool that waits, however many promises there are.
import { check, type DeviceLost, NOT_READY } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'

/** How long the event loop is kept busy, in milliseconds, before a thread waits. */
const POLLING = 1
/** How often to ask, in milliseconds, where threads of the pool know nothing of the context. */
const INTERVAL = 1

interface Waiting {
  readonly event: Handle
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The events of one stream. */
export interface Completion {
  /** Resolves when the event has happened. Events are waited for in the order in which they were recorded. */
  wait(event: Handle): Promise<void>
  /** Rejects everything that waits. */
  fail(error: unknown): void
}

/** Returns the completion of a stream; `failed` hears of an error of the device, and returns what to reject with. */
export function createCompletion(api: DriverApi, failed: (error: DeviceLost) => unknown): Completion {
  const queue: Waiting[] = []
  let isRunning = false
  const fail = (error: unknown): void => {
    for (const { reject } of queue.splice(0)) reject(error)
  }
  const run = async (): Promise<void> => {
    isRunning = true
    let since = performance.now()
    try {
      for (let [oldest] = queue; oldest; [oldest] = queue) {
        let result = api.cuEventQuery(oldest.event)
        if (result === NOT_READY && performance.now() - since > POLLING) result = await park(api, oldest.event)
        if (result === NOT_READY) {
          await new Promise(setImmediate)
          continue
        }
        check(api, result, 'a run')
        queue.shift()?.resolve()
        since = performance.now()
      }
    } catch (error) {
      fail(failed(error as DeviceLost))
    } finally {
      isRunning = false
    }
  }
  return {
    wait(event) {
      return new Promise((resolve, reject) => {
        queue.push({ event, resolve, reject })
        if (!isRunning) void run()
      })
    },
    fail,
  }
}

async function park(api: DriverApi, event: Handle): Promise<number> {
  const INVALID_CONTEXT = 201
  const result = await api.waitFor(event)
  if (result !== INVALID_CONTEXT) return result
  await new Promise((resolve) => setTimeout(resolve, INTERVAL))
  return NOT_READY
}

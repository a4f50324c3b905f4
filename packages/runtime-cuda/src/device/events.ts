// events: marks in a stream, lent and taken back
import { valueOf } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'

/** CU_EVENT_BLOCKING_SYNC, and CU_EVENT_DISABLE_TIMING. */
const BLOCKING = 1
const UNTIMED = 2

/** Events to lend. */
export interface EventPool {
  take(): Handle
  /** Takes an event back that nobody waits for any more. */
  give(event: Handle): void
}

/** Returns an empty pool, of events that say when they happened where they are timed. */
export function createEventPool(api: DriverApi, isTimed: boolean = false): EventPool {
  const flags = isTimed ? BLOCKING : BLOCKING | UNTIMED
  const spare: Handle[] = []
  return {
    take: () => spare.pop() ?? valueOf(api, 'cuEventCreate', (out) => api.cuEventCreate(out, flags)),
    give: (event) => void spare.push(event),
  }
}

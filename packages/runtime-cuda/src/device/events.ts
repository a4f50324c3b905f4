// events: marks in a stream, lent and taken back
import { valueOf } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'

/** CU_EVENT_BLOCKING_SYNC and CU_EVENT_DISABLE_TIMING. */
const FLAGS = 3

/** Events to lend. */
export interface EventPool {
  take(): Handle
  /** Takes an event back that nobody waits for any more. */
  give(event: Handle): void
}

/** Returns an empty pool. */
export function createEventPool(api: DriverApi): EventPool {
  const spare: Handle[] = []
  return {
    take: () => spare.pop() ?? valueOf(api, 'cuEventCreate', (out) => api.cuEventCreate(out, FLAGS)),
    give: (event) => void spare.push(event),
  }
}

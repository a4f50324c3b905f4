// count-calls: what the runtime asks of the driver, by function
import { loadDriver } from '../../src/api/load-driver.ts'

/** A count under way. */
export interface Counting {
  /** Ends it and returns how often each function was called, but those that only ask whether something has happened. */
  stop(): Readonly<Record<string, number>>
}

/** Counts the calls from here on. */
export async function countCalls(): Promise<Counting> {
  const api: Record<string, unknown> = (await loadDriver()) as unknown as Record<string, unknown>
  const counts: Record<string, number> = {}
  const own = Object.entries(api).filter(([name]) => name.startsWith('cu') && name !== 'cuEventQuery')
  for (const [name, call] of own) {
    api[name] = (...given: unknown[]) => {
      counts[name] = (counts[name] ?? 0) + 1
      return (call as (...all: unknown[]) => unknown)(...given)
    }
  }
  return {
    stop() {
      for (const [name, call] of own) api[name] = call
      return counts
    },
  }
}

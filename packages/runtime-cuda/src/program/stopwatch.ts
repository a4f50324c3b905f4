// stopwatch: how long launches take, by events around each
//
// Graphs say nothing of what is in them, so a run that is timed enqueues its launches one by one.
import { type CudaProgramData, type KernelName, kernelNameOf, type Laps } from '@tsjit/host'
import { check } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import { type CudaDevice, guard } from '../device/device.ts'
import { createEventPool } from '../device/events.ts'
import { enqueueLaunch } from './launch.ts'
import type { Prepared } from './prepare.ts'
import { type Kind, unrecorded } from './record.ts'
import type { Slot } from './slot.ts'

/** Launches that are noted before their times are read. */
const AT_ONCE = 2048

/** Times the launches of a model on one device. */
export interface Stopwatch {
  /** Whether runs leave state as it is. */
  readonly isTrial: boolean
  /** Whether their launches are to be timed. */
  readonly isTiming: boolean
  /** Returns what enqueues each segment of a run, each launch between two events. */
  workOf(program: CudaProgramData, prepared: Prepared, slot: Slot, kind: Kind): readonly (() => void)[]
}

interface Noted {
  readonly kernel: KernelName | undefined
  readonly start: Handle
  readonly end: Handle
}

/** Returns what times launches while the laps are timing. */
export function createStopwatch(device: CudaDevice, laps: Laps): Stopwatch {
  const { api, stream } = device
  const events = createEventPool(api, true)
  const noted: Noted[] = []
  const mark = (): Handle => {
    const event = events.take()
    check(api, api.cuEventRecord(event, stream), 'cuEventRecord')
    return event
  }
  const read = (): void => {
    check(api, api.cuStreamSynchronize(stream), 'cuStreamSynchronize')
    const out = new Float32Array(1)
    for (const { kernel, start, end } of noted.splice(0)) {
      check(api, api.cuEventElapsedTime(out, start, end), 'cuEventElapsedTime')
      laps.add(kernel, out[0] ?? 0)
      events.give(start)
      events.give(end)
    }
  }
  const finish = async (): Promise<void> => guard(device, read)
  return {
    get isTrial() {
      return laps.isOn
    },
    get isTiming() {
      return laps.isTiming
    },
    workOf(program, prepared, slot, kind) {
      return unrecorded(device, prepared, slot, kind, (launch) => {
        if (!laps.unread.includes(finish)) {
          // of a run that failed
          noted.length = 0
          laps.unread.push(finish)
        }
        const start = mark()
        enqueueLaunch(device, launch, slot)
        noted.push({ kernel: kernelNameOf(program, launch.kernel), start, end: mark() })
        if (noted.length === AT_ONCE) read()
      })
    },
  }
}

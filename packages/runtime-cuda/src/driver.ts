// driver: CUDA as a target
import type { CudaProgramData, Driver, Laps, OpenRequest, Session } from '@tsjit/host'
import { check } from './api/check.ts'
import { acquireDevice, guard } from './device/device.ts'
import { CudaSession } from './program/session.ts'
import { createStopwatch } from './program/stopwatch.ts'

/** The driver of CUDA. `device` of `load` is the number of a GPU. */
export const cuda: Driver<CudaProgramData> = { target: 'cuda', open: (request) => open(request) }

/** Opens a session, whose launches are timed while the laps say so. */
export async function open(request: OpenRequest<CudaProgramData>, laps?: Laps): Promise<Session<CudaProgramData>> {
  const { device: number, libraries = 'never' } = request.options
  // What is no such option is explained by the host.
  if (libraries !== 'auto' && libraries !== 'never') throw new TypeError('internal: refused')
  const device = await acquireDevice(number)
  if (!laps) return new CudaSession(device, request)
  const { api, stream } = device
  laps.settle = async () => {
    guard(device, () => check(api, api.cuStreamSynchronize(stream), 'cuStreamSynchronize'))
  }
  return new CudaSession(device, request, { stopwatch: createStopwatch(device, laps) })
}

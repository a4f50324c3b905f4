// driver: CUDA as a target
import type { CudaProgramData, Driver } from '@tsjit/host'
import { acquireDevice } from './device/device.ts'
import { CudaSession } from './program/session.ts'

/** The driver of CUDA. `device` of `load` is the number of a GPU. */
export const cuda: Driver<CudaProgramData> = {
  target: 'cuda',
  open: async (request) => new CudaSession(await acquireDevice(request.options.device), request),
}

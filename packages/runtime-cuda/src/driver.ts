// driver: CUDA as a target
import type { CudaProgramData, Driver } from '@tsjit/host'
import { acquireDevice } from './device/device.ts'
import { CudaSession } from './program/session.ts'

/** The driver of CUDA. `device` of `load` is the number of a GPU. */
export const cuda: Driver<CudaProgramData> = {
  target: 'cuda',
  open: async (request) => {
    const { device, libraries = 'never' } = request.options
    // What is no such option is explained by the host.
    if (libraries !== 'auto' && libraries !== 'never') throw new TypeError('internal: refused')
    return new CudaSession(await acquireDevice(device), request)
  },
}

// driver: WebGPU as a target
import { TsjitError, type Driver, type DType, type HostTensor, type WebgpuProgramData } from '@tsjit/host'
import { COPY_SRC } from './flags.ts'
import { acquireGpu } from './gpu.ts'
import { openSession } from './session.ts'
import { AppBuffer } from './tensor.ts'

/** The driver of WebGPU. */
export const webgpu: Driver<WebgpuProgramData> = {
  target: 'webgpu',
  open: async (request) => openSession(await acquireGpu(request.device), request),
  adopt(value: object, dtype: DType): HostTensor | undefined {
    if (!('mapState' in value)) return undefined
    const buffer = value as GPUBuffer
    if (buffer.usage & COPY_SRC) return new AppBuffer(buffer, dtype)
    throw new TsjitError('model_input_dtype', 'a GPUBuffer that is an input needs the usage COPY_SRC')
  },
}

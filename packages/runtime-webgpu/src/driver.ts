// driver: WebGPU as a target
import { TsjitError, type Driver, type DType, type HostTensor, type WebgpuProgramData } from '@tsjit/host'
import { ELEMENT_BYTES } from './elements.ts'
import { COPY_SRC } from './flags.ts'
import { acquireGpu } from './gpu.ts'
import { GpuSession } from './session.ts'

/** A buffer of the app that stands for an input: flat, and never disposed here. */
interface AppBuffer extends HostTensor {
  readonly buffer: GPUBuffer
}

/** The driver of WebGPU. */
export const webgpu: Driver<WebgpuProgramData> = {
  target: 'webgpu',
  open: async (request) => new GpuSession(await acquireGpu(request.device), request),
  adopt(value: object, dtype: DType): AppBuffer | undefined {
    if (!('mapState' in value)) return undefined
    const buffer = value as GPUBuffer
    const refuse = async (): Promise<never> => {
      throw new TsjitError('model_input_dtype', 'a GPUBuffer that is an input needs the usage COPY_SRC')
    }
    const size = buffer.size / ELEMENT_BYTES
    if (buffer.usage & COPY_SRC)
      return { dtype, size, shape: [size], buffer, data: refuse, toArray: refuse, dispose() {} }
    throw new TsjitError('model_input_dtype', 'a GPUBuffer that is an input needs the usage COPY_SRC')
  },
}

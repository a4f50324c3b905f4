// driver: WebGPU as a target
import { TsjitError, type Driver, type DType, type WebgpuProgramData } from '@tsjit/host'
import { ELEMENT_BYTES } from './elements.ts'
import { COPY_SRC } from './flags.ts'
import { acquireGpu } from './gpu.ts'
import { GpuSession } from './session.ts'

/** The driver of WebGPU. */
export const webgpu: Driver<WebgpuProgramData> = {
  target: 'webgpu',
  open: async (request) => new GpuSession(await acquireGpu(request.device), request),
  adopt(value: object, _dtype: DType): number | undefined {
    if (!('mapState' in value)) return undefined
    const { size, usage } = value as GPUBuffer
    if (usage & COPY_SRC) return size / ELEMENT_BYTES
    throw new TsjitError('model_input_dtype', 'as an input, a GPUBuffer needs the usage COPY_SRC')
  },
}

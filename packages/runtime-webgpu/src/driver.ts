// driver: WebGPU as a target
import type { Driver, DType, WebgpuProgramData } from '@tsjit/host'
import { ELEMENT_BYTES } from './elements.ts'
import { COPY_SRC } from './flags.ts'
import { acquireGpu } from './gpu.ts'
import { GpuSession } from './session.ts'

/** The driver of WebGPU. */
export const webgpu: Driver<WebgpuProgramData> = {
  target: 'webgpu',
  open: async (request) => new GpuSession(await acquireGpu(request.options.device), request),
  // A value that is none lacks the usage: `explainCall` says which it is.
  adopt(value: object, _dtype: DType): number | undefined {
    const { size, usage } = value as GPUBuffer
    return usage & COPY_SRC ? size / ELEMENT_BYTES : undefined
  },
}

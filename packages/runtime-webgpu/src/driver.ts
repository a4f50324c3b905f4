// driver: WebGPU as a target
import type { Driver, DType, HostTensor, WebgpuProgramData } from '@tsjit/host'
import { acquireGpu } from './gpu.ts'
import { openSession } from './session.ts'
import { GpuTensor } from './tensor.ts'

/** The driver of WebGPU. */
export const webgpu: Driver<WebgpuProgramData> = {
  target: 'webgpu',
  open: async (request) => openSession(await acquireGpu(request.device), request),
  adopt(value: object, dtype: DType): HostTensor | undefined {
    const isBuffer = 'mapState' in value && 'size' in value
    return isBuffer ? GpuTensor.over(value as GPUBuffer, dtype) : undefined
  },
}

// compile: a kernel's code -> its pipeline, once a device
import { TsjitError, type WgslKernelData } from '@tsjit/host'
import { COMPUTE } from './flags.ts'
import { deviceLost, type Gpu } from './gpu.ts'

/**
 * Returns the pipeline of a kernel; equal kernels share one. Rejects with `target_unavailable` for a feature that
 * the device lacks; the build keeps to the limits that every device has.
 */
export function compileKernel(
  gpu: Gpu,
  { code, access, uniform, features = [] }: WgslKernelData,
): Promise<GPUComputePipeline> {
  const { device, pipelines } = gpu
  const letters = uniform ? `${access}u` : access
  const create = async (): Promise<GPUComputePipeline> => {
    const missing = features.find((feature) => !device.features.has(feature))
    if (missing) throw new TsjitError('target_unavailable', `this device lacks ${missing}`)
    const entries = Array.from(letters, (letter, binding): GPUBindGroupLayoutEntry => {
      const type = letter === 'r' ? 'read-only-storage' : letter === 'w' ? 'storage' : 'uniform'
      return { binding, visibility: COMPUTE, buffer: { type } }
    })
    const layout = device.createPipelineLayout({ bindGroupLayouts: [device.createBindGroupLayout({ entries })] })
    try {
      return await device.createComputePipelineAsync({
        layout,
        compute: { module: device.createShaderModule({ code }) },
      })
    } catch (cause) {
      throw gpu.lost ? deviceLost(gpu) : new Error(`internal: ${String(cause)}`, { cause })
    }
  }
  const key = letters + code
  const made = pipelines.get(key) ?? create()
  pipelines.set(key, made)
  made.catch(() => pipelines.delete(key))
  return made
}

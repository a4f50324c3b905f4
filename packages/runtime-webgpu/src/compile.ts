// compile: a kernel's code -> its pipeline, once a device
import { TsjitError, type WgslKernelData } from '@tsjit/host'
import { COMPUTE } from './flags.ts'
import { beyondLimit, deviceLost, type Gpu } from './gpu.ts'

/**
 * Returns the pipeline of a kernel; equal kernels share one. Rejects with `target_unavailable` for a feature and
 * `target_limit_exceeded` for a limit that the device lacks.
 */
export function compileKernel(gpu: Gpu, kernel: WgslKernelData): Promise<GPUComputePipeline> {
  const key = layoutKey(kernel) + kernel.code
  const known = gpu.pipelines.get(key)
  if (known) return known
  const made = createPipeline(gpu, kernel)
  gpu.pipelines.set(key, made)
  made.catch(() => gpu.pipelines.delete(key))
  return made
}

/** Returns the layout of a kernel's bindings: its storage parameters, and the uniform behind them. */
export function layoutOf(gpu: Gpu, kernel: WgslKernelData): GPUBindGroupLayout {
  const key = layoutKey(kernel)
  const known = gpu.layouts.get(key)
  if (known) return known
  const types: Readonly<Record<string, GPUBufferBindingType>> = { r: 'read-only-storage', w: 'storage', u: 'uniform' }
  const entries = Array.from(key, (letter, binding): GPUBindGroupLayoutEntry => {
    return { binding, visibility: COMPUTE, buffer: { type: types[letter] ?? 'storage' } }
  })
  const layout = gpu.device.createBindGroupLayout({ entries })
  gpu.layouts.set(key, layout)
  return layout
}

function layoutKey({ access, uniform }: WgslKernelData): string {
  return uniform ? `${access}u` : access
}

async function createPipeline(gpu: Gpu, kernel: WgslKernelData): Promise<GPUComputePipeline> {
  const { device } = gpu
  const { code, access, features = [] } = kernel
  const missing = features.find((feature) => !device.features.has(feature))
  if (missing) throw new TsjitError('target_unavailable', `a kernel needs ${missing}, which this device lacks`)
  const allowed = device.limits.maxStorageBuffersPerShaderStage
  if (access.length > allowed) throw beyondLimit('storage buffers of a kernel', access.length, allowed)
  const layout = device.createPipelineLayout({ bindGroupLayouts: [layoutOf(gpu, kernel)] })
  try {
    return await device.createComputePipelineAsync({ layout, compute: { module: device.createShaderModule({ code }) } })
  } catch (cause) {
    throw gpu.lost ? deviceLost(gpu) : new Error(`internal: ${String(cause)}`, { cause })
  }
}

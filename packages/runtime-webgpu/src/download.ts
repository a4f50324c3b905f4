// download: a weight on the device -> its elements
//
// A page loads it only when an app saves what a model has learned.
import type { TypedArray, WeightData } from '@tsjit/host'
import type { Gpu } from './gpu.ts'
import type { GpuTensor } from './tensor.ts'

/** Returns the elements of a weight as they are now. */
export function download(
  gpu: Gpu,
  Tensor: typeof GpuTensor,
  buffer: GPUBuffer | undefined,
  [, dtype, shape]: WeightData | [undefined?, 'f32'?, undefined?] = [],
): Promise<TypedArray> {
  const encoder = gpu.device.createCommandEncoder()
  // every weight has a buffer
  const slot = { buffer: buffer as GPUBuffer, version: 0, isRead: true }
  const tensor = new Tensor(gpu, slot, dtype ?? 'f32', shape ?? [], encoder)
  gpu.device.queue.submit([encoder.finish()])
  return tensor.data()
}

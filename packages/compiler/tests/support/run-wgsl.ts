// run-wgsl: runs one printed kernel on a WebGPU device, and reads its buffers back
import type { PrintedKernel } from '../../src/ir/kernel/printed-kernel.ts'

/** What a buffer holds, by its bits. */
export type BufferData = Float32Array | Int32Array | Uint32Array

/** What a launch needs besides the kernel. */
export interface LaunchData {
  /** One per parameter. */
  readonly buffers: readonly BufferData[]
  readonly groups: readonly [number, number, number]
  /** Values of the dims, then scalars. */
  readonly words?: readonly number[]
}

/** Returns the compilation messages of a module, as `line: text`. */
export async function messagesOf(device: GPUDevice, code: string): Promise<readonly string[]> {
  device.pushErrorScope('validation')
  const info = await device.createShaderModule({ code }).getCompilationInfo()
  await device.popErrorScope()
  return info.messages.map(({ lineNum, message }) => `${lineNum}: ${message}`)
}

/** Runs a kernel and returns all buffers as the kernel left them. Throws where WebGPU reports an error. */
export async function runWgsl(device: GPUDevice, kernel: PrintedKernel, data: LaunchData): Promise<BufferData[]> {
  device.pushErrorScope('validation')
  const compute = { module: device.createShaderModule({ code: kernel.code }) }
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute })
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
  const buffers = data.buffers.map((array) => upload(device, array, usage))
  const words = Int32Array.from([...(data.words ?? []), 0, 0, 0, 0])
  const padded = words.slice(0, Math.max(4, words.length - (words.length % 4)))
  const uniform = kernel.uniform ? [upload(device, padded, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)] : []
  const entries = [...buffers, ...uniform].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(...data.groups)
  pass.end()
  const copies = buffers.map((buffer) => {
    const copy = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ })
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
    return copy
  })
  device.queue.submit([encoder.finish()])
  const error = await device.popErrorScope()
  if (error !== null) throw new Error(`${error.message}\n${kernel.code}`)
  return Promise.all(copies.map((copy, i) => download(copy, data.buffers[i]!)))
}

function upload(device: GPUDevice, array: BufferData, usage: number): GPUBuffer {
  const buffer = device.createBuffer({ size: Math.max(16, Math.ceil(array.byteLength / 16) * 16), usage })
  device.queue.writeBuffer(buffer, 0, array.buffer as ArrayBuffer, array.byteOffset, array.byteLength)
  return buffer
}

async function download(copy: GPUBuffer, like: BufferData): Promise<BufferData> {
  await copy.mapAsync(GPUMapMode.READ)
  const bytes = copy.getMappedRange().slice(0, like.byteLength)
  copy.destroy()
  return like instanceof Float32Array
    ? new Float32Array(bytes)
    : like instanceof Int32Array
      ? new Int32Array(bytes)
      : new Uint32Array(bytes)
}

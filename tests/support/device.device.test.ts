// Proves that the device that device tests use computes, before any of them is blamed.
import { expect, test } from 'vitest'
import { describeDevice, requestTestDevice } from './device.ts'

const doubled = `
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { data[id.x] = data[id.x] * 2; }`

await describeDevice('device', () => {
  test('runs a compute shader', async () => {
    const { device } = await requestTestDevice()
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const buffer = device.createBuffer({ size: 16, usage })
    const result = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ })
    device.queue.writeBuffer(buffer, 0, new Float32Array([1, 2, 3, 4]))
    const compute = { module: device.createShaderModule({ code: doubled }) }
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute })
    const entries = [{ binding: 0, resource: { buffer } }]
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(1)
    pass.end()
    encoder.copyBufferToBuffer(buffer, 0, result, 0, 16)
    device.queue.submit([encoder.finish()])
    await result.mapAsync(GPUMapMode.READ)
    expect([...new Float32Array(result.getMappedRange())]).toEqual([2, 4, 6, 8])
    device.destroy()
  })
})

// count-calls: how often a library calls WebGPU; loaded before any library

/** Calls so far, by name. */
export const counts = {}

count('dispatches', globalThis.GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatchWorkgroupsIndirect')
count('submits', globalThis.GPUQueue, 'submit')
count('writes', globalThis.GPUQueue, 'writeBuffer')
count('buffers', globalThis.GPUDevice, 'createBuffer')
count('bindGroups', globalThis.GPUDevice, 'createBindGroup')

function count(name, type, ...methods) {
  counts[name] = 0
  for (const method of methods) {
    const own = type?.prototype[method]
    if (own === undefined) continue
    type.prototype[method] = function (...args) {
      counts[name] += 1
      return own.apply(this, args)
    }
  }
}

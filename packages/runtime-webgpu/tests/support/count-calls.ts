// count-calls: a device -> how often each of its methods that cost something is called
/** Calls so far, by method. */
export interface Calls {
  submit: number
  createBuffer: number
  createBindGroup: number
  createPipeline: number
  beginPass: number
}

/** Counts calls on a device from here on. */
export function countCalls(device: GPUDevice): Calls {
  const calls: Calls = { submit: 0, createBuffer: 0, createBindGroup: 0, createPipeline: 0, beginPass: 0 }
  const wrap = <K extends string>(target: Record<K, unknown>, method: K, name: keyof Calls): void => {
    const original = (target[method] as (...args: unknown[]) => unknown).bind(target)
    Object.defineProperty(target, method, {
      configurable: true,
      value: (...args: unknown[]) => {
        calls[name]++
        return original(...args)
      },
    })
  }
  wrap(device.queue as unknown as Record<'submit', unknown>, 'submit', 'submit')
  const on = device as unknown as Record<string, unknown>
  wrap(on, 'createBuffer', 'createBuffer')
  wrap(on, 'createBindGroup', 'createBindGroup')
  wrap(on, 'createComputePipeline', 'createPipeline')
  wrap(on, 'createComputePipelineAsync', 'createPipeline')
  const create = device.createCommandEncoder.bind(device)
  Object.defineProperty(device, 'createCommandEncoder', {
    configurable: true,
    value: (descriptor?: GPUCommandEncoderDescriptor) => {
      const encoder = create(descriptor)
      wrap(encoder as unknown as Record<string, unknown>, 'beginComputePass', 'beginPass')
      return encoder
    },
  })
  return calls
}

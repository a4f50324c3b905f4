// ort: onnxruntime-web, its WebGPU and WebAssembly execution providers
let ort

/** Loads the build of the library that has the provider. */
export async function start({ target, threads = 1 }) {
  ort = target === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm')
  ort = ort.default ?? ort
  ort.env.wasm.wasmPaths = `${location.origin}/ort/`
  ort.env.wasm.numThreads = threads
  ort.env.logLevel = 'error'
}

/** Opens a session on the workload's ONNX model; caches stay on the device. */
export async function build(name, { get, inputs, resident }, { target }) {
  const model = new Uint8Array(await (await fetch(`/data/${name}.onnx`)).arrayBuffer())
  const settings = { executionProviders: [target], graphOptimizationLevel: 'all' }
  const session = await ort.InferenceSession.create(model, settings)
  const tensor = (key) => new ort.Tensor('float32', get(key).data, get(key).shape)
  const device = target === 'webgpu' ? await ort.env.webgpu.device : undefined
  const keep = (key) => {
    if (device === undefined) return tensor(key)
    const { shape, data } = get(key)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const buffer = device.createBuffer({ size: data.byteLength, usage })
    device.queue.writeBuffer(buffer, 0, data)
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: shape })
  }
  const kept = Object.fromEntries(resident.map((key) => [key, keep(key)]))
  return {
    async run() {
      const feeds = { ...kept }
      for (const key of inputs) feeds[key] = tensor(key)
      const { y } = await session.run(feeds)
      const { data } = y
      y.dispose()
      return data
    },
  }
}

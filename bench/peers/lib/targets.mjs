// targets: what can be timed; `family` is what ratios compare with: the target of tsjit on the same ground

/** Every target by name. `options` go to page/targets/<library>.js, or to run_torch.py. */
export const targets = {
  'tsjit-wasm': { library: 'tsjit', family: 'wasm', options: { target: 'wasm' } },
  'ort-wasm-1t': { library: 'ort', family: 'wasm', options: { target: 'wasm', threads: 1 } },
  'ort-wasm-2t': { library: 'ort', family: 'wasm', options: { target: 'wasm', threads: 2 } },
  'tfjs-wasm': { library: 'tfjs', family: 'wasm', options: { target: 'wasm' } },
  'jaxjs-wasm': { library: 'jaxjs', family: 'wasm', options: { target: 'wasm' } },
  'tsjit-webgpu': { library: 'tsjit', family: 'webgpu', options: { target: 'webgpu' } },
  'ort-webgpu': { library: 'ort', family: 'webgpu', options: { target: 'webgpu' } },
  'tfjs-webgpu': { library: 'tfjs', family: 'webgpu', options: { target: 'webgpu' } },
  'jaxjs-webgpu': { library: 'jaxjs', family: 'webgpu', options: { target: 'webgpu' } },
  'torch-1t': { library: 'torch', family: 'wasm', options: { threads: 1 } },
  'torch-2t': { library: 'torch', family: 'wasm', options: { threads: 2 } },
}

/** The libraries that run in the page, and the packages that they come from; tsjit is this repository. */
export const isPeer = (library) => !['tsjit', 'torch'].includes(library)

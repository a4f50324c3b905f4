// targets: what can be timed
//
// `family` says which target of tsjit a ratio compares with, `mark` which mark of the picture stands for the target,
// `options` go to page/targets/<library>.js, or to run_torch.py.

/** Every target by name. */
export const targets = {
  'tsjit-wasm': { library: 'tsjit', family: 'wasm', options: { target: 'wasm' } },
  'ort-wasm-1t': { library: 'ort', family: 'wasm', mark: 0, options: { target: 'wasm', threads: 1 } },
  'ort-wasm-2t': { library: 'ort', family: 'wasm', mark: 1, options: { target: 'wasm', threads: 2 } },
  'tfjs-wasm': { library: 'tfjs', family: 'wasm', mark: 2, options: { target: 'wasm' } },
  'jaxjs-wasm': { library: 'jaxjs', family: 'wasm', mark: 3, options: { target: 'wasm' } },
  'tsjit-webgpu': { library: 'tsjit', family: 'webgpu', options: { target: 'webgpu' } },
  'ort-webgpu': { library: 'ort', family: 'webgpu', mark: 0, options: { target: 'webgpu' } },
  'tfjs-webgpu': { library: 'tfjs', family: 'webgpu', mark: 2, options: { target: 'webgpu' } },
  'jaxjs-webgpu': { library: 'jaxjs', family: 'webgpu', mark: 3, options: { target: 'webgpu' } },
  'torch-1t': { library: 'torch', family: 'wasm', mark: 4, options: { threads: 1 } },
  'torch-2t': { library: 'torch', family: 'wasm', mark: 5, options: { threads: 2 } },
}

/** The libraries that run in the page, and the packages that they come from; tsjit is this repository. */
export const isPeer = (library) => !['tsjit', 'torch'].includes(library)

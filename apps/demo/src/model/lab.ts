// lab: one model, loaded for each target at most once, with the times of its runs

import type { Definition, HostTensor, Instance, LoadProgress, TypedArray } from '@tsjit/host'

/** The targets that this page offers. */
export type LabTarget = 'webgpu' | 'wasm' | 'eager'

/** A model under observation. */
export interface Lab {
  /** Loads the model for a target, or returns what has been loaded. A failure is not remembered. */
  load(target: LabTarget): Promise<Instance>
  /** Runs the model and returns one output; counts the time until its elements have arrived. */
  run(target: LabTarget, inputs: Readonly<Record<string, unknown>>, output: string): Promise<TypedArray>
  /** The median time of the latest runs in milliseconds, or undefined. The first run of a target is not counted. */
  median(target: LabTarget): number | undefined
}

const remembered = 25

/** Returns a lab for a model and its weights. */
export function createLab(definition: Definition, weights: string, onProgress?: (progress: LoadProgress) => void): Lab {
  const instances = new Map<LabTarget, Promise<Instance>>()
  const times = new Map<LabTarget, number[]>()
  const load = (target: LabTarget): Promise<Instance> => {
    const known = instances.get(target)
    if (known) return known
    const instance = definition.load({ weights, target, ...(onProgress ? { onProgress } : {}) })
    instances.set(target, instance)
    instance.catch(() => instances.delete(target))
    return instance
  }
  return {
    load,
    async run(target, inputs, output) {
      const instance = await load(target)
      const start = performance.now()
      const outputs: Readonly<Record<string, unknown>> = await instance.run(inputs)
      const tensor = outputs[output] as HostTensor
      const data = await tensor.data()
      const known = times.get(target)
      if (known) times.set(target, [...known, performance.now() - start].slice(-remembered))
      else times.set(target, [])
      tensor.dispose()
      return data
    },
    median(target) {
      const sorted = [...(times.get(target) ?? [])].sort((a, b) => a - b)
      return sorted[Math.floor(sorted.length / 2)]
    },
  }
}

// tsjit: models that the plugin has compiled, for WebGPU and WebAssembly
import { models } from 'virtual:models'

/** Nothing to load before a model. */
export async function start() {}

/** Loads the model of a workload with its weights. */
export async function build(name, { get, inputs }, { target, threads }) {
  const module = await models[name]()
  const [definition] = Object.values(module).filter((each) => typeof each?.load === 'function')
  const net = await definition.load({ weights: `/data/${name}.safetensors`, target, ...(threads && { threads }) })
  return {
    facts: () => ({ info: { dispatches: net.info.dispatches, arenaBytes: net.info.arenaBytes } }),
    async run() {
      const outputs = await net.run(Object.fromEntries(inputs.map((input) => [input, get(input)])))
      const data = await outputs.output.data()
      outputs.output.dispose()
      return data
    },
  }
}

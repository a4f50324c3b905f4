// tsjit: models that the plugin has compiled, for WebGPU and WebAssembly
import { models } from 'virtual:models'

let module

/** Imports the compiled model: there is no library without one. */
export async function start(_options, name) {
  module = await models[name]()
}

/** Loads the model of a workload with its weights. */
export async function build(name, { get, inputs }, { target, threads }) {
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

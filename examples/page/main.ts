// main: the four models in a page, for a test to run

import type { Definition, HostTensor, Instance, Target } from '@tsjit/host'
import { adder } from '../adder/adder.tsjit'
import adderWeights from '../adder/weights.safetensors?url'
import { digits } from '../digits/digits.tsjit'
import digitsWeights from '../digits/weights.safetensors?url'
import { spade } from '../spade/spade.tsjit'
import spadeWeights from '../spade/weights.safetensors?url'
import { wave } from '../wave/wave.tsjit'
import waveWeights from '../wave/weights.safetensors?url'

/** A tensor on its way to the page or from it. */
export interface Sent {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

const examples: Readonly<Record<string, { readonly definition: Definition; readonly weights: string }>> = {
  digits: { definition: digits, weights: digitsWeights },
  adder: { definition: adder, weights: adderWeights },
  wave: { definition: wave, weights: waveWeights },
  spade: { definition: spade, weights: spadeWeights },
}
const loaded = new Map<string, Promise<Instance>>()

/** Runs an example on a target and returns one of its outputs. */
export async function runExample(
  target: Target,
  name: string,
  inputs: Readonly<Record<string, Sent>>,
  output: string,
): Promise<Sent> {
  const { definition, weights } = examples[name] ?? fail(`no example ${name}`)
  const key = `${name} ${target}`
  const loading = loaded.get(key) ?? definition.load({ weights, target })
  loaded.set(key, loading)
  const outputs = (await (await loading).run(inputs)) as Readonly<Record<string, HostTensor>>
  const tensor = outputs[output] ?? fail(`${name} has no output ${output}`)
  const data = Array.from(await tensor.data(), Number)
  tensor.dispose()
  return { shape: tensor.shape, data }
}

function fail(message: string): never {
  throw new Error(message)
}

Object.assign(globalThis, { runExample })

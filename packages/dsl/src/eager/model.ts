// model: `model({ … })` -> a definition that runs eagerly on the CPU
//
// Loads and runs through the host API that every target has, so that weights, inputs and errors are the same.

import {
  CONTRACT_VERSION,
  type CallOf,
  type Definition,
  type HostTensor,
  type InitData,
  type Instance,
  type LoadOptions,
  type Profile,
  type ProfileOptions,
  type TypedArray,
  type WeightData,
  createDefinition,
  manyPrograms,
  profiled,
} from '@tsjit/host'
import { absencesOf } from '../declare/absences.ts'
import type { Initialiser } from '../declare/initialiser.ts'
import { type NamedWeight, flattenWeights } from '../declare/layer.ts'
import { ModelDeclaration } from '../declare/model.ts'
import type { Tensor } from '../operations/tensor.ts'
import { createEagerDriver } from './driver.ts'
import { createProgram } from './program.ts'

/** What a model is made of. `forward` receives the inputs, then the layers, in the structures declared here. */
export interface ModelParts<Inputs, Layers, Outputs> {
  readonly inputs: Inputs
  readonly layers?: Layers
  readonly forward: (inputs: Inputs, layers: Layers) => Outputs
}

/** A model as the app imports it: cheap, no work until `load`. */
export interface Model<Inputs, Outputs> extends Omit<Definition, 'load'> {
  load(options?: LoadOptions): Promise<ModelInstance<Inputs, Outputs>>
}

/** A loaded model. */
export interface ModelInstance<Inputs, Outputs> extends Omit<Instance, 'run' | 'profile'> {
  run(...call: CallOf<InputValues<Inputs>>): Promise<OutputValues<Outputs>>
  profile(...call: CallOf<InputValues<Inputs>, ProfileOptions>): Promise<Profile>
}

/** What an app may pass for a tensor. */
export type InputValue =
  | number
  | boolean
  | TypedArray
  | HostTensor
  | NestedValues
  | { readonly data: TypedArray; readonly shape: readonly number[] }
  | object

/** Nested arrays of numbers or truth values. */
export type NestedValues = readonly (number | boolean | NestedValues)[]

/** What an app passes for declared inputs. */
export type InputValues<Inputs> = Inputs extends Tensor
  ? InputValue
  : Inputs extends readonly unknown[]
    ? { readonly [K in keyof Inputs]: PartValues<Inputs[K]> }
    : { readonly [K in keyof Inputs as undefined extends Inputs[K] ? never : K]: PartValues<Inputs[K]> } & {
        readonly [K in keyof Inputs as undefined extends Inputs[K] ? K : never]?: PartValues<Inputs[K]>
      }

type PartValues<Part> = undefined extends Part ? InputValues<NonNullable<Part>> | undefined : InputValues<Part>

/** What an app receives for what `forward` returns. */
export type OutputValues<Outputs> = Outputs extends Tensor | number | boolean
  ? { readonly output: HostTensor }
  : NestedOutputs<Outputs>

type NestedOutputs<Outputs> = {
  readonly [K in keyof Outputs]: Outputs[K] extends Tensor | number | boolean ? HostTensor : NestedOutputs<Outputs[K]>
}

/**
 * Defines a model. Throws what is wrong with its inputs and layers: model_bad_input, model_bad_layer,
 * model_duplicate_parameter, dim_conflict.
 */
export function model<const Inputs, const Layers, Outputs>(
  parts: ModelParts<Inputs, Layers, Outputs>,
): Model<Inputs, Outputs> {
  const declaration = new ModelDeclaration(parts.inputs, parts.layers ?? {}, parts.forward)
  const weights = flattenWeights(declaration.layers)
  const [none = new Set<string>(), ...absences] = absencesOf(declaration.inputs)
  const programIn = (training: boolean) => (absent: ReadonlySet<string>) =>
    createProgram(declaration, weights, { training, absent })
  const [inEval, inTraining] = [programIn(false), programIn(true)]
  const data = {
    contract: CONTRACT_VERSION,
    name: 'model',
    weights: weights.map(weightData),
    constants: [],
    programs: { eval: inEval(none), train: inTraining(none) },
    many: manyPrograms,
    ...(absences.length === 0 ? {} : { without: { eval: absences.map(inEval), train: absences.map(inTraining) } }),
  }
  // the host types runs without their names, which the type parameters know
  return profiled(data.name, (laps) => createDefinition(data, createEagerDriver(laps))) as unknown as Model<
    Inputs,
    Outputs
  >
}

function weightData({ path, declaration }: NamedWeight): WeightData {
  const { dtype, shape, init, role } = declaration
  return [path, dtype, shape, initData(init), role]
}

function initData(init: Initialiser): InitData {
  switch (init.kind) {
    case 'constant':
      return init.value
    case 'uniform':
      return ['uniform', init.low, init.high]
    case 'normal':
      return ['normal', init.mean, init.deviation]
  }
}

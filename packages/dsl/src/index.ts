// What `.tsjit` files import: the operations on eager tensors, templates, and what models are declared with.
//
// The compiler imports its vocabulary from `@tsjit/dsl/compiler` instead.

export * from './eager/operations.gen.ts'
export { check, print } from './eager/checks.ts'
export {
  type Carried,
  type Carrying,
  type ScanOptions,
  type MapAxes,
  type MapOptions,
  type ScanTurn,
  type WhileOptions,
  associativeScan,
  cond,
  forLoop,
  scan,
  vmap,
  select,
  whileLoop,
} from './eager/combinators.ts'
export {
  type WeightArguments,
  type WeightOptions,
  bf16,
  bool,
  buffer,
  dim,
  f16,
  f32,
  i32,
  i8,
  isTraining,
  optional,
  param,
  range,
  u32,
  u8,
} from './eager/declarations.ts'
export { type HostArray, type HostElements, type HostReturn, type HostTensors, host } from './eager/host.ts'
export { type Layer, layer } from './eager/layer.ts'
export {
  type InputValue,
  type InputValues,
  type Model,
  type ModelInstance,
  type ModelParts,
  type NestedValues,
  type OutputValues,
  model,
} from './eager/model.ts'
export { random } from './eager/random.ts'
export { assign } from './eager/state.ts'
export { TemplateFault, tj } from './eager/template.ts'

export type { DimensionOptions } from './declare/dimension.ts'
export { DeclarationError } from './declare/declaration-error.ts'
export type { Init, InitialiserName } from './declare/initialiser.ts'
export type { Tensor, TensorLike } from './operations/tensor.ts'
export type { DType } from './types/dtype.ts'
export { OperationError } from './types/errors.ts'

// What the compiler shares with the library: types, dimensions, primitives, operations, templates, declarations.
//
// Users import from `@tsjit/dsl`; nothing here runs a tensor.

export * as dims from './types/dim.ts'
export type { Decision, Dim, DimOptions } from './types/dim.ts'
export {
  type Atom,
  type FunctionAtom,
  type Interval,
  Polynomial,
  type SymbolAtom,
  type Term,
} from './types/polynomial.ts'
export { type DType, type DTypeKind, DTYPES, bytesOf, kindOf, promote } from './types/dtype.ts'
export { type Shape, TensorBase, type TensorType, printType } from './types/tensor-type.ts'
export {
  type ErrorPlace,
  OperationError,
  type OperationErrorCode,
  type OperationErrorDetails,
  type OperationErrorParams,
} from './types/errors.ts'

export type { Builder, ControlBuilder, LoopResult, LoopSpec, Turn } from './primitives/builder.ts'
export { computePrimitive } from './primitives/compute.ts'
export { createElements } from './primitives/elements.ts'
export type { Computed, Elements } from './primitives/elements.ts'
export {
  type ElementwiseKind,
  PRIMITIVE_KINDS,
  classes as primitiveClass,
  isPrimitiveKind,
} from './primitives/classes.ts'
export { inferType } from './primitives/infer.ts'
export * as numbers from './primitives/numbers.ts'
export { type Lanes, type Operand as MappedOperand, applyToLanes, freshLabel } from './primitives/batch-rules.ts'
export { LaneBuilder } from './primitives/lanes.ts'
export { Streams, aside, withRegions } from './primitives/streams.ts'
export type { NoParams, PrimitiveClass, PrimitiveKind, PrimitiveParams, Reducer } from './primitives/params.ts'

export { COMBINATOR_NAMES, type CombinatorName, applyCombinator, combinators } from './combinators/combinators.ts'
export type { ControlMachine } from './combinators/machine.ts'

export { type Signature, bindArguments, isOptions } from './operations/bind.ts'
export { bindDefinitions, bindOperations, createApply } from './operations/bind-operations.ts'
export type { Bound, Definition, Result } from './operations/definition.ts'
export { camelCase, didYouMean } from './operations/did-you-mean.ts'
export {
  OPERATION_NAMES,
  type OperationName,
  type Operations,
  definitions,
  findOperation,
  groupOf,
  isMethod,
  isOperationName,
} from './operations/operations.ts'
export type { IndexItem, IndexRange, Operand, Param, ParamKind } from './operations/signature.ts'

export type * from './template/ast.ts'
export { parseTemplate, type ParsedTemplate } from './template/parse.ts'
export { evaluateTemplate } from './template/evaluate.ts'
export type { TemplateMachine, TemplateResult } from './template/machine.ts'

export {
  DeclarationError,
  type DeclarationErrorCode,
  type DeclarationErrorParams,
} from './declare/declaration-error.ts'
export { type DimensionOptions, declareDimension } from './declare/dimension.ts'
export {
  type Init,
  type Initialiser,
  type InitialiserName,
  defaultInitialiser,
  readInitialiser,
} from './declare/initialiser.ts'
export { type HostResult, hostResultsOf, nestHostResults } from './declare/host-signature.ts'
export { assignedValue } from './declare/assignment.ts'
export { absencesOf, isAbsent } from './declare/absences.ts'
export {
  LayerDeclaration,
  type NamedWeight,
  type TreeReader,
  flattenWeights,
  isPlainTree,
  joinPath,
  layerOf,
  mapTree,
} from './declare/layer.ts'
export {
  ModelDeclaration,
  type NamedInput,
  type NamedOutput,
  dimsOfInputs,
  flattenInputs,
  flattenOutputs,
  mapInputs,
} from './declare/model.ts'
export { OptionalDeclaration, TensorDeclaration, declareOptional, declareTensor } from './declare/tensor.ts'
export { WeightDeclaration, type WeightRole, declareWeight } from './declare/weight.ts'

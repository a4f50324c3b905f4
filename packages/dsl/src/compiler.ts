// compiler: the vocabulary that the compiler shares with the eager library
//
// Not for models: `.tsjit` files import `@tsjit/dsl`. Types, the dimension algebra (`dims`), primitives with their rules,
// operations, the template language and declarations.

export * as dims from './types/dim.ts'
export type { Decision, Dim, DimOptions } from './types/dim.ts'
export { isDimExpression, printDim } from './types/dim.ts'
export type { DType, DTypeKind } from './types/dtype.ts'
export { DTYPES, bytesOf, kindOf, promote } from './types/dtype.ts'
export type { Shape, TensorType } from './types/tensor-type.ts'
export { TensorBase, printType } from './types/tensor-type.ts'
export type { OperationErrorParams } from './types/errors.ts'
export { OperationError } from './types/errors.ts'
export type { Builder } from './primitives/builder.ts'
export type { NoParams, PrimitiveClass, PrimitiveKind, PrimitiveParams, Reducer } from './primitives/params.ts'
export { classes as primitiveClass } from './primitives/classes.ts'
export { inferType } from './primitives/infer.ts'

// declaration-error: what a declaration refuses, as data
//
// Each code is a diagnostic code of the compiler, with the same parameters. An eager run shows `message` as it is.

/** The parameters of each refusal, by code. */
export interface DeclarationErrorParams {
  readonly dim_not_positive: { readonly option: string; readonly name: string; readonly got: number | string }
  readonly dim_empty: { readonly name: string; readonly bounds: string }
  readonly dim_conflict: { readonly name: string }
  readonly dim_in_parameter: { readonly path: string; readonly name: string }
  readonly model_bad_input: { readonly path: string; readonly got: string }
  readonly model_bad_layer: { readonly path: string; readonly got: string }
  readonly model_bad_output: { readonly path: string; readonly got: string }
  readonly model_duplicate_parameter: { readonly path: string }
  readonly model_many_optional: { readonly count: number; readonly most: number }
  readonly model_undeclared_layer: { readonly callee: string }
}

/** The code of a refusal. */
export type DeclarationErrorCode = keyof DeclarationErrorParams

const messages: { readonly [C in DeclarationErrorCode]: (p: DeclarationErrorParams[C]) => string } = {
  dim_not_positive: (p) => `the '${p.option}' of dimension '${p.name}' is ${p.got}, which is not a size`,
  dim_empty: (p) => `no size satisfies the bounds of dimension '${p.name}': ${p.bounds}`,
  dim_conflict: (p) => `the dimension '${p.name}' is declared twice with different bounds`,
  dim_in_parameter: (p) =>
    `the parameter '${p.path}' has the dimension '${p.name}' in its shape, but weights have one size`,
  model_bad_input: (p) => `the input '${p.path}' is ${p.got}, not the type of a tensor`,
  model_bad_layer: (p) => `'${p.path}' is ${p.got}, not a layer, param or buffer`,
  model_bad_output: (p) => `the output '${p.path}' is ${p.got}, not a tensor`,
  model_duplicate_parameter: (p) => `two parameters have the name '${p.path}'`,
  model_many_optional: (p) => `${p.count} inputs are optional, and each combination is a program: ${p.most} may be`,
  model_undeclared_layer: (p) => `'${p.callee}' is not declared in 'layers', so its weights have no name`,
}

/** Thrown by declarations for a mistake of the user; never for a bug of the library. */
export class DeclarationError<C extends DeclarationErrorCode = DeclarationErrorCode> extends Error {
  override readonly name: string = 'DeclarationError'
  readonly code: C
  readonly params: DeclarationErrorParams[C]

  constructor(code: C, params: DeclarationErrorParams[C]) {
    super(messages[code](params))
    this.code = code
    this.params = params
  }
}

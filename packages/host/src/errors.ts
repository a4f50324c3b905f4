// errors: what goes wrong at load and at call
//
// Codes are those of docs/errors, where each has a page. A fault of tsjit itself is a plain Error: `internal: …`.
// The texts that need details are made by the explain-*.ts files, which a page loads only when something is wrong.

/** What a TsjitError reports. Permanent, as every code. */
export type ErrorCode =
  | 'contract_mismatch'
  | 'dim_call_conflict'
  | 'dim_out_of_bounds'
  | 'model_check_failed'
  | 'model_disposed'
  | 'model_host_result'
  | 'model_input_dtype'
  | 'model_input_missing'
  | 'model_input_shape'
  | 'model_input_unexpected'
  | 'model_not_profiled'
  | 'model_output_unknown'
  | 'option_invalid'
  | 'option_unknown'
  | 'target_device_lost'
  | 'target_limit_exceeded'
  | 'target_unavailable'
  | 'weight_dtype_mismatch'
  | 'weight_invalid_file'
  | 'weight_mismatch'
  | 'weight_missing'
  | 'weight_shape_mismatch'
  | 'weight_unavailable'
  | 'weight_unexpected'

/** One thing that is wrong. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
}

/** Why something is refused; `problems` where that is more than one thing. */
export interface Refusal extends Problem {
  readonly problems?: readonly Problem[]
}

/** A mistake of the app or a limit of the machine; `code` and `url` say which, the message names the tensor and sizes. */
export class TsjitError extends Error {
  override readonly name: string = 'TsjitError'
  declare readonly code: ErrorCode
  /** The page of the code. */
  declare readonly url: string
  /** Everything that is wrong, where that is more than one thing. */
  declare readonly problems: readonly Problem[]

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & Partial<Refusal>) {
    const url = `https://tsjit.dev/e/${code}`
    super(`${message}\n${url}`, options)
    this.code = code
    this.url = url
    this.problems = options?.problems ?? []
  }
}

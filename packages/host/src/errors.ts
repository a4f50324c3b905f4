// errors: what goes wrong at load and at call
//
// Codes are those of docs/errors, where each has a page. A fault of tsjit itself is a plain Error: `internal: …`.

/** What a TsjitError reports. Permanent, as every code. */
export type ErrorCode =
  | 'contract_mismatch'
  | 'dim_call_conflict'
  | 'dim_out_of_bounds'
  | 'model_disposed'
  | 'model_input_dtype'
  | 'model_input_missing'
  | 'model_input_shape'
  | 'model_input_unexpected'
  | 'model_output_unknown'
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

/** One of several things wrong with the same weights. */
export interface Problem {
  readonly code: ErrorCode
  /** The tensor. */
  readonly name: string
  readonly message: string
}

/** A mistake of the app or a limit of the machine; `code` and `url` say which, the message names the tensor and sizes. */
export class TsjitError extends Error {
  override readonly name: string = 'TsjitError'
  readonly code: ErrorCode
  /** The page of the code. */
  readonly url: string
  /** Everything that is wrong, where that is more than one thing. */
  readonly problems: readonly Problem[]

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { readonly problems?: readonly Problem[] }) {
    const url = `https://tsjit.dev/e/${code}`
    super(`${message}\n${url}`, options)
    this.code = code
    this.url = url
    this.problems = options?.problems ?? []
  }
}

/** Returns the error for a file of weights that cannot be read. */
export function invalid(message: string, cause?: unknown): TsjitError {
  return new TsjitError('weight_invalid_file', `the weights cannot be read: ${message}`, { cause })
}

/** Returns the error for an address that gives no bytes. */
export function unavailable(address: string, cause: unknown): TsjitError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TsjitError('weight_unavailable', `the weights at \`${address.slice(0, 200)}\` cannot be loaded: ${why}`, {
    cause,
  })
}

/** Returns `; did you mean …?` with the candidate nearest to the name, or nothing where none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best = ''
  let least = Math.max(1, name.length / 3) + 0.1
  for (const candidate of candidates) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase())
    if (far < least) [best, least] = [candidate, far]
  }
  return best && `; did you mean \`${best}\`?`
}

/** Returns a tensor type as the messages print it: `f32[B, 784]`. */
export function showType(dtype: string, axes: readonly (string | number)[]): string {
  return `${dtype}[${axes.join(', ')}]`
}

// Optimal string alignment: insert, delete, replace, swap neighbours.
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, i) => i)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1
      const isSwap = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Infinity
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost, swapped)
    }
  }
  return at(left.length, right.length)
}

// invariant: failures that are the compiler's own
//
// A user's mistake is a diagnostic; what these functions throw is a bug in the compiler, and says so
// by starting with `internal:`. No test accepts such an error as an expected result.

/** Throws `internal: <message>` unless the condition holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) internalError(message)
}

/** Throws `internal: <message>`. For places that correct code never reaches. */
export function internalError(message: string): never {
  throw new Error(`internal: ${message}`)
}

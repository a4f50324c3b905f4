// unsupported: a workload that a library has no way to run; shown as such, not as a failure

/** Thrown by `build` of a target. */
export class Unsupported extends Error {
  name = 'Unsupported'
}

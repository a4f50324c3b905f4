// terminal: what a command may do to the world around it, beside files

/** Where a command runs and what it prints to. */
export interface Terminal {
  readonly cwd: string
  /** Whether what is printed may have colors. */
  readonly isColored: boolean
  /** Whether complaints may, which may go elsewhere. */
  readonly isComplaintColored: boolean
  /** Prints a line of results. */
  print(text: string): void
  /** Prints a line about the run itself. */
  complain(text: string): void
}

/** The exit codes: all is well, there is an error in a file or a run, the command line makes no sense. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const

/** A command line that makes no sense, or a file that it names and that is not there. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/** Returns whether a stream shows colors: a terminal that can, where NO_COLOR (no-color.org) is not set. */
export function isColored(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

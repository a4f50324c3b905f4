// command: the form of a command

import type { Terminal } from '../terminal.ts'

/** An option of a command. */
export interface CommandOption {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string
  readonly help: string
  /** The only values that it takes. */
  readonly choices?: readonly string[]
  readonly isRequired?: boolean
}

/** The parsed command line of a command. */
export interface Arguments {
  readonly files: readonly string[]
  /** Returns the value of an option, or undefined where it was not given. */
  text(name: string): string | undefined
  /** Returns whether a flag was given. */
  has(name: string): boolean
  /** Returns the value of an option as a whole number, or undefined. Throws a usage error where it is none. */
  count(name: string): number | undefined
}

/** A command of the command line. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** What the positional arguments are: `FILE`, `[files…]`, or nothing. */
  readonly files: '' | 'FILE' | '[files…]'
  readonly options: Readonly<Record<string, CommandOption>>
  run(args: Arguments, terminal: Terminal): Promise<number>
}

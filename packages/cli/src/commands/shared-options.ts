// shared-options: options that several commands have

import type { CommandOption } from './command.ts'

/** Which export is meant. */
export const exportOption: CommandOption = {
  type: 'string',
  value: 'NAME',
  help: 'which model (default: the only one of the file)',
}

/** Which target is meant; the first is the default. */
export function targetOption(choices: readonly string[]): CommandOption {
  return { type: 'string', choices, help: `where it runs (default ${choices[0] ?? ''})` }
}

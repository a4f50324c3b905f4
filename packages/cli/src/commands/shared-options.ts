// shared-options: options that several commands have

import { isArchitecture } from 'unplugin-tsjit/api'
import { UsageError } from '../terminal.ts'
import type { Arguments, CommandOption } from './command.ts'

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

/** Which architectures of NVIDIA's are meant. */
export function architectureOption(help: string): CommandOption {
  return { type: 'string', value: 'sm_90[,…]', help }
}

/** Whether products of f32 may be less exact. */
export const tf32Option: CommandOption = {
  type: 'boolean',
  help: 'for cuda: round the factors of products of f32 to tf32 (10 bits of mantissa)',
}

/** Returns whether products of f32 are rounded to tf32. Throws a usage error where there is no use for that. */
export function tf32Of(args: Arguments): boolean {
  const isCuda = args.text('target') === 'cuda' || (args.text('target') === 'c' && args.text('device') === 'cuda')
  if (args.has('cuda-tf32') && !isCuda)
    throw new UsageError('--cuda-tf32 is for --target cuda, or c with --device cuda')
  return args.has('cuda-tf32')
}

/** Returns the architectures; none where the option was not given. Throws a usage error where there is no use for them. */
export function architecturesOf(args: Arguments): readonly string[] {
  const given = args.text('cuda-arch')
  if (given === undefined) return []
  if (args.text('target') !== 'cuda') throw new UsageError('--cuda-arch is for --target cuda')
  const all = given.split(',').map((each) => each.trim())
  const wrong = all.find((each) => !isArchitecture(each))
  if (wrong !== undefined) throw new UsageError(`--cuda-arch takes architectures such as sm_90,sm_120, not '${wrong}'`)
  return [...new Set(all)]
}

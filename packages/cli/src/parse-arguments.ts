// parse-arguments: words -> the arguments of a command
//
// node:util's parseArgs reads them; what it would call unknown is answered here with the name that was probably meant.

import { parseArgs } from 'node:util'
import { didYouMean } from '@tsjit/compiler'
import type { Arguments, Command } from './commands/command.ts'
import { UsageError } from './terminal.ts'

/** Returns the arguments of a command. Throws a usage error that names the first word that makes no sense. */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const { options } = command
  const types = Object.entries(options).map(([name, { type }]) => [name, { type }] as const)
  const { tokens, positionals } = parseArgs({
    args: [...words],
    options: Object.fromEntries(types),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values = new Map<string, string | true>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = options[token.name]
    if (!option || token.rawName.startsWith('-') !== token.rawName.startsWith('--')) {
      throw new UsageError(unknownOption(command, token.rawName))
    }
    values.set(token.name, valueOf(token, option))
  }
  checkPresence(command, values, positionals)
  return {
    files: positionals,
    text: (name) => {
      const value = values.get(name)
      return typeof value === 'string' ? value : undefined
    },
    has: (name) => values.has(name),
    count(name) {
      const value = values.get(name)
      if (typeof value !== 'string') return undefined
      if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value)))
        throw new UsageError(`--${name} takes a whole number, not '${value}'`)
      return Number(value)
    },
  }
}

interface OptionToken {
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function valueOf({ rawName, value, inlineValue }: OptionToken, option: Command['options'][string]): string | true {
  if (option.type === 'boolean') {
    if (value !== undefined && inlineValue) throw new UsageError(`${rawName} takes no value`)
    return true
  }
  // A next option is not a value, unless it was written with an equals sign.
  if (value === undefined || (value.startsWith('--') && inlineValue !== true)) {
    const values = option.value ?? option.choices?.join('|') ?? ''
    throw new UsageError(`${rawName} needs a value: ${rawName} ${values}`)
  }
  if (option.choices && !option.choices.includes(value)) {
    const near = didYouMean(value, option.choices)
    const hint = near === undefined ? '' : `; did you mean '${near}'?`
    throw new UsageError(`${rawName} is one of ${option.choices.join(', ')}, not '${value}'${hint}`)
  }
  return value
}

function checkPresence(
  { files, options }: Command,
  values: ReadonlyMap<string, unknown>,
  positionals: readonly string[],
): void {
  if (files === 'FILE' && positionals.length === 0) throw new UsageError('which file?')
  const most = files === 'FILE' ? 1 : files === '' ? 0 : Number.POSITIVE_INFINITY
  const extra = positionals[most]
  if (extra !== undefined) throw new UsageError(`one word too many: '${extra}'`)
  for (const [name, { isRequired }] of Object.entries(options)) {
    if (isRequired === true && !values.has(name)) throw new UsageError(`--${name} is missing`)
  }
}

function unknownOption({ name, options }: Command, rawName: string): string {
  const names = Object.keys(options).map((each) => `--${each}`)
  const near = didYouMean(rawName, names)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return `'tsjit ${name}' has no option ${rawName}${hint}`
}

/** Returns the help of a command. */
export function usageOf({ name, summary, files, options }: Command): string {
  const entries = Object.entries(options).map(([option, { value, help, choices, isRequired }]) => {
    const shown = choices ? choices.join('|') : value
    return {
      flag: `--${option}${shown === undefined ? '' : ` ${shown}`}`,
      help: `${help}${isRequired === true ? ' (required)' : ''}`,
    }
  })
  const width = Math.max(0, ...entries.map(({ flag }) => flag.length))
  const lines = entries.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`)
  return [
    `tsjit ${[name, files, lines.length > 0 ? '[options]' : ''].filter(Boolean).join(' ')}`,
    `  ${summary}`,
    ...(lines.length > 0 ? ['', ...lines] : []),
  ].join('\n')
}

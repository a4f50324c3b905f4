// main: a command line -> an exit code
//
// Knows the commands and nothing of what they do.

import { didYouMean } from '@tsjit/compiler'
import { build } from './commands/build.ts'
import { check } from './commands/check.ts'
import type { Command } from './commands/command.ts'
import { explain } from './commands/explain.ts'
import { init } from './commands/init.ts'
import { run } from './commands/run.ts'
import { typegen } from './commands/typegen.ts'
import { parseArguments, usageOf } from './parse-arguments.ts'
import { exitCodes, UsageError } from './terminal.ts'
import type { Terminal } from './terminal.ts'
import { versionOf } from './version.ts'

const commands: readonly Command[] = [check, run, explain, build, typegen, init]

/** Runs a command line and returns its exit code: 0, 1 for a mistake in a file, 2 for one in the command line. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '--help', ...rest] = argv
  if (name === '--version' || name === '-v') {
    terminal.print(versionOf())
    return exitCodes.ok
  }
  if (name === '--help' || name === '-h' || name === 'help') return printHelp(rest[0], terminal)
  const command = commands.find((each) => each.name === name)
  if (!command) return complain(unknownCommand(name), terminal)
  if (rest.includes('--help') || rest.includes('-h')) return printHelp(name, terminal)
  try {
    return await command.run(parseArguments(command, rest), terminal)
  } catch (error) {
    if (error instanceof UsageError) return complain(`${error.message}\n\n${usageOf(command)}`, terminal)
    terminal.complain(error instanceof Error ? textOf(error) : String(error))
    return exitCodes.failed
  }
}

function printHelp(name: string | undefined, terminal: Terminal): number {
  const command = commands.find((each) => each.name === name)
  if (name !== undefined && !command) return complain(unknownCommand(name), terminal)
  if (command) terminal.print(usageOf(command))
  else {
    const width = Math.max(...commands.map((each) => each.name.length))
    const lines = commands.map((each) => `  ${each.name.padEnd(width)}  ${each.summary}`)
    terminal.print(['tsjit <command>', '', ...lines, '', '`tsjit <command> --help` has the options.'].join('\n'))
  }
  return exitCodes.ok
}

function unknownCommand(name: string): string {
  const names = commands.map((each) => each.name)
  const near = didYouMean(name, [...names, '--help', '--version'])
  return `there is no command '${name}'${near === undefined ? `: ${names.join(', ')}` : `; did you mean '${near}'?`}`
}

function complain(message: string, terminal: Terminal): number {
  terminal.complain(`tsjit: ${message}`)
  return exitCodes.usage
}

// What users and their files caused has a name or a code; anything else is a fault of tsjit, and worth its stack.
function textOf(error: Error): string {
  const isCaused = error.name === 'TsjitError' || error.name === 'CompileError' || 'code' in error
  return isCaused ? error.message.trim() : (error.stack ?? error.message)
}

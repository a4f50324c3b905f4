// check: files -> all their diagnostics

import { renderAll, toGithub, toJson, toSarif } from '@tsjit/compiler'
import type { Diagnostic, SourceTexts } from '@tsjit/compiler'
import { files } from '../compile-clean.ts'
import { findFiles } from '../find-files.ts'
import { exitCodes } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { versionOf } from '../version.ts'
import type { Command } from './command.ts'

/** `tsjit check`. */
export const check: Command = {
  name: 'check',
  summary: 'Reports everything that is wrong with modules, as a build would',
  files: '[files…]',
  options: {
    format: {
      type: 'string',
      choices: ['pretty', 'json', 'github', 'sarif'],
      help: 'how to print it (default pretty)',
    },
  },
  async run(args, terminal) {
    const paths = await findFiles(args.files, terminal.cwd)
    const { diagnostics, sources } = await diagnose(paths)
    const format = args.text('format') ?? 'pretty'
    const text = print(format, diagnostics, sources, terminal)
    if (text !== '') terminal.print(text)
    else if (format === 'pretty') terminal.print(`${paths.length} ${paths.length === 1 ? 'file' : 'files'}, no errors`)
    return diagnostics.some(({ severity }) => severity === 'error') ? exitCodes.failed : exitCodes.ok
  },
}

interface Diagnosis {
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: SourceTexts
}

// A module that several others import is compiled with each of them; what is wrong with it is said once.
async function diagnose(paths: readonly string[]): Promise<Diagnosis> {
  const found = new Map<string, Diagnostic>()
  const texts: SourceTexts[] = []
  for (const path of paths) {
    const { diagnostics, sources } = await files.compileFile(path)
    texts.push(sources)
    for (const each of diagnostics) found.set(JSON.stringify([each.code, each.span, each.message]), each)
  }
  const sources: SourceTexts = {
    get: (file) => texts.map((each) => each.get(file)).find((text) => text !== undefined),
  }
  return { diagnostics: [...found.values()], sources }
}

function print(format: string, diagnostics: readonly Diagnostic[], sources: SourceTexts, terminal: Terminal): string {
  const { cwd, isColored } = terminal
  if (format === 'json') return toJson(diagnostics, sources, { cwd })
  if (format === 'github') return toGithub(diagnostics, sources, { cwd })
  if (format === 'sarif') return toSarif(diagnostics, sources, { cwd, version: versionOf() })
  return renderAll(diagnostics, sources, { cwd, color: isColored })
}

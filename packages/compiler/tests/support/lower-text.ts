// lower-text: module texts -> graphs and rendered diagnostics, without files

import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseProgram } from '../../src/1-parse/parse.ts'
import { type LowerOptions, type LoweredModule, lowerProgram } from '../../src/2-lower/lower.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { createReporter } from '../../src/diagnostics/reporter.ts'
import { printGraph } from '../../src/ir/graph/print.ts'
import { verifyGraph } from '../../src/ir/graph/verify.ts'
import type { SourceHost } from '../../src/ir/source.ts'

const packages = fileURLToPath(new URL('../../..', import.meta.url))

/** A module and what was said of it. */
export interface Lowered {
  readonly module: LoweredModule | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** `line:column code: message` of each diagnostic, columns from 1. */
  readonly messages: readonly string[]
  /** The source text that each diagnostic points at. */
  readonly places: readonly string[]
  /** The printed graphs. */
  readonly text: string
}

/** Returns a host for texts by path; `@tsjit/nn` and absolute paths are read from disk. */
export function createHost(files: Readonly<Record<string, string>> = {}): SourceHost {
  return {
    resolve(specifier, importer) {
      if (specifier === '@tsjit/nn') return `${packages}nn/src/index.tsjit`
      if (!specifier.startsWith('.')) return undefined
      const path = resolve(dirname(importer), specifier)
      return path in files || existsSync(path) ? path : undefined
    },
    read: (file) => files[file] ?? readFileSync(file, 'utf8'),
  }
}

/** Lowers a module; `files` are the other modules. */
export async function lowerText(
  text: string,
  options: LowerOptions = {},
  files: Readonly<Record<string, string>> = {},
  file: string = '/app/m.tsjit',
): Promise<Lowered> {
  const reporter = createReporter()
  const program = await parseProgram(file, text, createHost(files), reporter)
  const module = program === undefined ? undefined : lowerProgram(program, options, reporter)
  const { diagnostics } = reporter
  if (!reporter.hasErrors) for (const graph of module?.graphs ?? []) verifyGraph(graph, 'lower')
  const textOf = (name: string): string => (name === file ? text : (files[name] ?? ''))
  return {
    module,
    diagnostics,
    messages: diagnostics.map(
      ({ code, message, span }) => `${place(textOf(span.file), span.start)} ${code}: ${message}`,
    ),
    places: diagnostics.map(({ span }) => textOf(span.file).slice(span.start, span.end)),
    text: (module?.graphs ?? []).map(printGraph).join('\n'),
  }
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}

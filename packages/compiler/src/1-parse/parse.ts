// parse: text -> source program
//
// Reads the entry module and every module that it reaches, each once. Checks the syntax and what stands at the top of
// each module; evaluates nothing. All problems of all modules are reported in one go.

import type { File, ImportDeclaration, Statement, StringLiteral } from '@babel/types'
import type { Span } from '../base/span.ts'
import type { Reporter } from '../diagnostics/reporter.ts'
import type { ImportTarget, SourceHost, SourceImport, SourceModule, SourceProgram } from '../ir/source.ts'
import { checkModule, isRefused } from './check-module.ts'
import { readSyntax } from './read-syntax.ts'
import { resolveImport } from './resolve-import.ts'

/**
 * Parses the module `file` with the given text and everything that it imports. Returns undefined where a module has a
 * syntax error; problems of imports and of what stands at the top of a module are reported, and the program returned.
 */
export async function parseProgram(
  file: string,
  text: string,
  host: SourceHost,
  reporter: Reporter,
): Promise<SourceProgram | undefined> {
  const reading: Reading = { host, reporter, modules: new Map(), failed: new Set() }
  await readModule(reading, file, text, [])
  const entry = reading.modules.get(file)
  if (entry === undefined || reading.failed.size > 0) return undefined
  return { entry, modules: reading.modules }
}

/** One run of the parser: what has been read so far. */
interface Reading {
  readonly host: SourceHost
  readonly reporter: Reporter
  readonly modules: Map<string, SourceModule>
  /** Files with a syntax error. */
  readonly failed: Set<string>
}

async function readModule(reading: Reading, file: string, text: string, path: readonly string[]): Promise<void> {
  const ast = readSyntax(file, text, reading.reporter)
  if (ast === undefined) {
    reading.failed.add(file)
    return
  }
  checkModule(file, ast.program.body, reading.reporter)
  const imports: SourceImport[] = []
  for (const { source, span } of importedSources(file, ast.program.body)) {
    const target = await follow(reading, source.value, span, [...path, file])
    imports.push({ specifier: source.value, target, start: span.start, end: span.end })
  }
  reading.modules.set(file, { file, text, ast: withoutRefused(ast), imports })
}

// What is refused here and declares nothing would be refused again, in other words, by who evaluates it.
function withoutRefused(ast: File): File {
  const body = ast.program.body.filter((statement) => declaresNames(statement) || !isRefused(statement))
  return body.length === ast.program.body.length ? ast : { ...ast, program: { ...ast.program, body } }
}

function declaresNames({ type }: Statement): boolean {
  return /Declaration$|^TS/.test(type) && type !== 'ClassDeclaration'
}

/** Resolves one import and reads the module that it means, unless that is being read already. */
async function follow(reading: Reading, specifier: string, span: Span, path: readonly string[]): Promise<ImportTarget> {
  const { host, reporter, modules, failed } = reading
  const known = (file: string): boolean => modules.has(file) || path.includes(file)
  const target = await resolveImport(specifier, span.file, host, known)
  if (target.kind === 'unresolved') {
    reporter.report('source_unknown_import', span, { module: specifier }, { help: target.help })
    return { kind: 'invalid' }
  }
  if (target.kind !== 'module') return target
  if (path.includes(target.file)) {
    const cycle = [...path.slice(path.indexOf(target.file)), target.file].map(shortName).join(' → ')
    reporter.report('source_cyclic_import', span, { cycle })
    return { kind: 'invalid' }
  }
  if (modules.has(target.file)) return target
  if (failed.has(target.file)) return { kind: 'invalid' }
  const text = await host.read(target.file)
  if (text === undefined) {
    const help = `the file \`${target.file}\` cannot be read`
    reporter.report('source_unknown_import', span, { module: specifier }, { help })
    return { kind: 'invalid' }
  }
  await readModule(reading, target.file, text, path)
  return failed.has(target.file) ? { kind: 'invalid' } : target
}

interface ImportedSource {
  readonly source: StringLiteral
  readonly span: Span
}

/** Returns the sources of imports and re-exports that bind values, in the order of the text. */
function importedSources(file: string, statements: readonly Statement[]): readonly ImportedSource[] {
  const found: ImportedSource[] = []
  for (const statement of statements) {
    const source = sourceOf(statement)
    if (source) found.push({ source, span: { file, start: source.start ?? 0, end: source.end ?? 0 } })
  }
  return found
}

function sourceOf(statement: Statement): StringLiteral | null | undefined {
  if (statement.type === 'ImportDeclaration') return isTypeOnly(statement) ? undefined : statement.source
  const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration'
  return isExport && statement.exportKind !== 'type' ? statement.source : undefined
}

function isTypeOnly({ importKind, specifiers }: ImportDeclaration): boolean {
  if (importKind === 'type' || importKind === 'typeof') return true
  return (
    specifiers.length > 0 &&
    specifiers.every((specifier) => specifier.type === 'ImportSpecifier' && specifier.importKind === 'type')
  )
}

function shortName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}

// generate-messages: messages/*.md -> src/diagnostics/codes.gen.ts and docs/errors/*.md
//
// `node scripts/generate-messages.mjs` writes them, with `--check` it writes nothing and exits with 1
// where a file differs from what it would write. Output depends on the messages alone.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageParts, parametersOf, placeholderTypes, readMessages } from './parse-messages.mjs'

const packageFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const docsFolder = resolve(packageFolder, '../../docs/errors')

const moments = {
  compile: 'by the compiler',
  load: 'when a model is loaded',
  call: 'when a program is called',
  config: 'when the compiler is set up',
}

/** The address of a code's page. */
export const urlOf = (code) => `https://tsjit.dev/e/${code}`

/** Returns the text of `codes.gen.ts`. */
export function renderTable(pages) {
  return `// codes: every diagnostic the compiler and the runtimes know
//
// Generated from messages/*.md by scripts/generate-messages.mjs: edit those, not this file.

import type { Severity } from './diagnostic.ts'
import { show } from './placeholder.ts'

/** The parameters of a code that takes none. */
export type NoParams = Readonly<Record<string, never>>

/** The parameters of each code. */
export interface DiagnosticParams {
${pages.map(renderParams).join('\n')}
}

/** The name of a diagnostic. Permanent: never renamed, never used again for something else. */
export type DiagnosticCode = keyof DiagnosticParams

/** What is known about a code before it is reported. */
export interface DiagnosticEntry<P> {
  readonly severity: Severity
  /** Returns the message: one sentence without a final period. */
  readonly message: (params: P) => string
  /** Returns what to write instead. */
  readonly help: (params: P) => string
  readonly url: string
}

/** An entry for every code. */
export type DiagnosticTable = { readonly [C in DiagnosticCode]: DiagnosticEntry<DiagnosticParams[C]> }

/** The diagnostics by code. */
export const diagnosticTable: DiagnosticTable = {
${pages.map(renderEntry).join('\n')}
}
`
}

/** Returns the documentation page of one code. */
export function renderPage(page) {
  const when = moments[page.fields.where ?? 'compile']
  const planned = page.fields.status === 'planned' ? '\n\n*Planned: not reported by this version.*' : ''
  const labels = { bad: 'Reported for', good: 'Write instead' }
  const examples = page.examples.map(
    ({ language, verdict, text }) =>
      `${labels[verdict]}:\n\n\`\`\`${language === 'tsjit' ? 'ts' : 'text'}\n${text}\`\`\``,
  )
  return `<!-- Generated from packages/compiler/messages/${page.subject}.md: edit that. -->

# ${page.code}

> ${inWords(page.message)}

*${page.fields.severity[0].toUpperCase()}${page.fields.severity.slice(1)}, reported ${when}.*${planned}

${page.explanation}

**What to do:** ${inWords(page.help)}

${examples.join('\n\n')}
`
}

/** Returns the page that lists all codes by subject. */
export function renderIndex(pages) {
  const subjects = [...new Set(pages.map((page) => page.subject))].sort()
  const sections = subjects.map((subject) => {
    const rows = pages
      .filter((page) => page.subject === subject)
      .map(
        (page) =>
          `| [${page.code}](./${page.code}.md) | ${page.fields.severity} | ${inWords(page.message).replaceAll('|', '\\|')} |`,
      )
    return `## ${subject}\n\n| code | severity | message |\n| --- | --- | --- |\n${rows.join('\n')}`
  })
  return `<!-- Generated from packages/compiler/messages: edit those. -->

# Errors and warnings

Every message of the compiler and the runtimes ends with a link to its page here. A code never changes its meaning.

${sections.join('\n\n')}
`
}

function renderParams(page) {
  const fields = parametersOf(page).map(({ name, kind }) => `readonly ${name}: ${placeholderTypes[kind]}`)
  return `  readonly ${page.code}: ${fields.length === 0 ? 'NoParams' : `{ ${fields.join('; ')} }`}`
}

function renderEntry(page) {
  return `  ${page.code}: {
    severity: '${page.fields.severity}',
    message: ${renderText(page.message)},
    help: ${renderText(page.help)},
    url: '${urlOf(page.code)}',
  },`
}

function renderText(message) {
  const parts = messageParts(message)
  if (!parts.some((part) => 'name' in part)) return `() => ${quote(message)}`
  const body = parts.map((part) =>
    'name' in part ? `\${show.${part.kind}(params.${part.name})}` : escapeTemplate(part.text),
  )
  return `(params) => \`${body.join('')}\``
}

function quote(text) {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replace(/[\\']/g, '\\$&')}'`
}

function escapeTemplate(text) {
  return text.replace(/[\\`]|\$\{/g, '\\$&')
}

// In documentation a placeholder is shown by its name.
function inWords(message) {
  const shown = ({ name, kind }) => (kind === 'name' || kind === 'code' ? `\`${name}\`` : `*${name}*`)
  return messageParts(message)
    .map((part) => ('name' in part ? shown(part) : part.text))
    .join('')
}

function main(isCheck) {
  const pages = readMessages(join(packageFolder, 'messages'))
  const outputs = new Map([[join(packageFolder, 'src/diagnostics/codes.gen.ts'), renderTable(pages)]])
  for (const page of pages) outputs.set(join(docsFolder, `${page.code}.md`), renderPage(page))
  outputs.set(join(docsFolder, 'index.md'), renderIndex(pages))
  const existing = existsSync(docsFolder) ? readdirSync(docsFolder).map((name) => join(docsFolder, name)) : []
  const stale = existing.filter((file) => file.endsWith('.md') && !outputs.has(file))
  const changed = [...outputs].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
  const dirty = [...changed.map(([file]) => file), ...stale].map((file) => relative(process.cwd(), file))
  if (isCheck && dirty.length > 0) {
    process.stderr.write(`not as generated, run scripts/generate-messages.mjs:\n  ${dirty.join('\n  ')}\n`)
    return 1
  }
  if (isCheck) return 0
  mkdirSync(docsFolder, { recursive: true })
  for (const [file, text] of changed) writeFileSync(file, text)
  for (const file of stale) rmSync(file)
  process.stdout.write(`${pages.length} codes, ${dirty.length} files changed\n`)
  return 0
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.includes('--check'))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

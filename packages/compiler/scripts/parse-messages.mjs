// parse-messages: messages/*.md -> pages
//
// Reads one heading per code with its fields, message, explanation, help and examples, and refuses
// whatever the generated table, the documentation or the test of the examples could not rely on.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The kinds of placeholder and the TypeScript type of their parameter; `src/diagnostics/placeholder.ts` shows them. */
export const placeholderTypes = {
  name: 'string',
  code: 'string',
  type: 'string',
  text: 'string',
  int: 'number',
  dim: 'number | string',
}

const fieldValues = {
  severity: ['error', 'warning', 'info'],
  where: ['compile', 'load', 'call', 'config'],
  status: ['ready', 'planned'],
}

const placeholder = /\{([A-Za-z]\w*):(\w+)\}/g

/** Reads every subject of a folder. Returns pages sorted by code; throws one error that lists every problem. */
export function readMessages(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
  const files = names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  return parseMessages(files)
}

/** Parses the texts of the subjects and of `retired.md`. Returns pages sorted by code; throws on any problem. */
export function parseMessages(files) {
  const problems = []
  const retired = new Set()
  const pages = new Map()
  for (const { name, text } of files) {
    if (name !== 'retired.md') continue
    for (const [, code] of text.matchAll(/^## (\w+)\s*$/gm)) retired.add(code)
  }
  for (const { name, text } of files) {
    if (name === 'retired.md' || name === 'README.md') continue
    for (const page of splitPages(basename(name, '.md'), text)) {
      const first = pages.get(page.code)
      if (first) problems.push(`${page.code}: is in ${first.subject}.md and in ${page.subject}.md`)
      if (retired.has(page.code)) problems.push(`${page.code}: is retired and cannot come back`)
      problems.push(...problemsOf(page))
      pages.set(page.code, page)
    }
  }
  if (problems.length > 0) throw new Error(`messages: ${problems.length} to repair\n  ${problems.join('\n  ')}`)
  return [...pages.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** Returns the pieces of a message: `{ text }` or `{ name, kind }`. */
export function messageParts(message) {
  const parts = []
  let end = 0
  for (const match of message.matchAll(placeholder)) {
    if (match.index > end) parts.push({ text: message.slice(end, match.index) })
    parts.push({ name: match[1], kind: match[2] })
    end = match.index + match[0].length
  }
  if (end < message.length) parts.push({ text: message.slice(end) })
  return parts
}

/** Returns the placeholders of the message, then those that only the help has, each once. */
export function parametersOf(page) {
  const parameters = new Map()
  for (const part of [...messageParts(page.message), ...messageParts(page.help)]) {
    if ('name' in part && !parameters.has(part.name)) parameters.set(part.name, part)
  }
  return [...parameters.values()]
}

function splitPages(subject, text) {
  const pages = []
  let page
  let fence
  for (const line of text.split(/\r?\n/)) {
    if (fence) {
      if (line === '```') fence = undefined
      else fence.text += `${line}\n`
      continue
    }
    const heading = /^## (\S+)\s*$/.exec(line)
    if (heading) {
      page = { code: heading[1], subject, fields: {}, message: '', explanation: '', help: '', examples: [] }
      pages.push(page)
    } else if (page) {
      fence = readLine(page, line)
    }
  }
  for (const each of pages) each.explanation = each.explanation.trim().replace(/\n{3,}/g, '\n\n')
  return pages
}

// Adds one line to the page. Returns the example that the line opens, if it opens one.
function readLine(page, line) {
  const fence = /^```(\w+) ?(\w*)$/.exec(line)
  if (fence) {
    const example = { language: fence[1], verdict: fence[2], text: '' }
    page.examples.push(example)
    return example
  }
  const field = /^(severity|where|status): (\S+)$/.exec(line)
  if (field && page.message === '') page.fields[field[1]] = field[2]
  else if (line.startsWith('> ')) page.message = `${page.message} ${line.slice(2).trim()}`.trim()
  else if (line.startsWith('help: ')) page.help = line.slice(6).trim()
  else page.explanation += `${line}\n`
  return undefined
}

function problemsOf(page) {
  const found = []
  const { code, subject, fields, message, help, explanation, examples } = page
  if (!/^[a-z]+(_[a-z0-9]+)+$/.test(code)) found.push('is not a code of the form <subject>_<problem>')
  if (!code.startsWith(`${subject}_`)) found.push(`does not start with the name of its subject, ${subject}_`)
  for (const [field, values] of Object.entries(fieldValues)) {
    const value = fields[field]
    if (value === undefined && field === 'severity') found.push('has no severity')
    if (value !== undefined && !values.includes(value)) found.push(`has ${field}: ${value}, not ${values.join(', ')}`)
  }
  if (message === '') found.push('has no message')
  if (message.endsWith('.')) found.push('has a message that ends with a period')
  if (explanation.length < 20) found.push('has no explanation')
  if (help === '') found.push('has no help')
  found.push(...placeholderProblems(page), ...exampleProblems(page, examples))
  return found.map((problem) => `${code}: ${problem}`)
}

function placeholderProblems({ message, help }) {
  const found = []
  const kinds = new Map()
  for (const { name, kind } of [...messageParts(message), ...messageParts(help)].filter((part) => 'name' in part)) {
    if (!Object.hasOwn(placeholderTypes, kind)) found.push(`has a placeholder of unknown kind, {${name}:${kind}}`)
    if (kinds.has(name) && kinds.get(name) !== kind)
      found.push(`shows ${name} as two kinds, ${kinds.get(name)} and ${kind}`)
    kinds.set(name, kind)
  }
  return found
}

// A code that one file cannot show (where: load, call or config) has text examples; every other has modules.
function exampleProblems({ fields }, examples) {
  const language = ['load', 'call', 'config'].includes(fields.where) ? 'text' : 'tsjit'
  const found = []
  for (const verdict of ['bad', 'good']) {
    const count = examples.filter((example) => example.verdict === verdict).length
    if (count === 0) found.push(`has no ${verdict} example`)
  }
  for (const example of examples) {
    if (!['bad', 'good'].includes(example.verdict)) found.push(`has an example that is neither bad nor good`)
    if (example.language !== language) found.push(`has an example in ${example.language}, not in ${language}`)
    if (example.text.trim() === '') found.push('has an empty example')
  }
  return found
}

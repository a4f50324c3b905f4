// explain-options: options of `load` and `run` -> the first one that is wrong
//
// A page loads it only when a load or a call is refused; the code that they fail tells nothing.
import { didYouMean } from './did-you-mean.ts'
import type { Problem } from './errors.ts'

/** What an option must be, in words, and whether a value is that. */
type Rule = readonly [expected: string, holds: (value: object | string | number | boolean) => boolean]

/** The rules of a function's options, by name. */
export type OptionRules = Readonly<Record<string, Rule>>

const isBoolean: Rule = ['true or false', (value) => typeof value === 'boolean']
const signal: Rule = [
  'an AbortSignal (of an AbortController: controller.signal)',
  (value) => typeof value === 'object' && 'throwIfAborted' in value,
]

/** The options of `load`. */
export const loadRules: OptionRules = {
  weights: ['a URL, a path (Node), an ArrayBuffer, a typed array, a Blob or { seed: a whole number }', isSource],
  device: ['a GPUDevice', (value) => typeof value === 'object' && 'queue' in value && 'lost' in value],
  target: ["'webgpu', 'cuda', 'wasm' or 'eager'", (value) => /^(webgpu|cuda|wasm|eager)$/.test(String(value))],
  signal,
  onProgress: ['a function', (value) => typeof value === 'function'],
  cache: isBoolean,
  strict: isBoolean,
  mode: ["'eval' or 'train'", isMode],
  threads: ['a whole number of at least 1', (value) => Number.isSafeInteger(value) && Number(value) > 0],
  worker: isBoolean,
  libraries: ["'auto' or 'never'", (value) => value === 'auto' || value === 'never'],
}

/** The options of `run`. */
export const runRules: OptionRules = {
  signal,
  seed: ['a whole number', Number.isSafeInteger],
  outputs: ['an array of names', (value) => Array.isArray(value) && value.every((name) => typeof name === 'string')],
  mode: ["'eval' or 'train'", isMode],
}

/** Returns what is wrong with the options of a function, or undefined. */
export function explainOptions(method: string, options: unknown, rules: OptionRules): Problem | undefined {
  if (typeof options !== 'object' || options === null) {
    return { code: 'option_invalid', message: `the options of \`${method}\` must be an object, not ${nameOf(options)}` }
  }
  for (const [name, value] of Object.entries(options) as [string, Parameters<Rule[1]>[0] | null | undefined][]) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!rule) {
      const known = Object.keys(rules)
      const hint = didYouMean(name, known) || `: its options are ${known.join(', ')}`
      return { code: 'option_unknown', message: `\`${method}\` has no option \`${name}\`${hint}` }
    }
    const [expected, holds] = rule
    if (value === undefined || value === null || holds(value)) continue
    const message = `the option \`${name}\` of \`${method}\` must be ${expected}, not ${nameOf(value)}`
    return { code: 'option_invalid', message: message }
  }
  return undefined
}

/** Returns what a value is, for messages: `null`, `'text'`, `1.5`, `a Promise: await it first`. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`
  if (typeof value === 'bigint') return `the bigint ${value}n`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('then' in value) return 'a Promise: await it first'
  const { name = 'object' } = (value as { readonly constructor?: { readonly name?: string } }).constructor ?? {}
  if (name === 'Response') return 'a Response: pass its address, or `await response.arrayBuffer()`'
  if (name === 'Object' || name === 'Array') return show(value)
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

function isMode(value: unknown): boolean {
  return value === 'eval' || value === 'train'
}

function show(value: object): string {
  try {
    const text = JSON.stringify(value)
    return text.length > 120 ? `${text.slice(0, 120)}…` : text
  } catch {
    return Array.isArray(value) ? 'an array' : 'an object'
  }
}

function isSource(value: unknown): boolean {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) return true
  if (typeof value !== 'object' || value === null) return false
  if ('seed' in value) return Number.isSafeInteger(value.seed)
  // By tag and not by class: the value may come from another frame.
  return /^\[object (URL|ArrayBuffer|Blob|File|ReadableStream)\]$/.test(Object.prototype.toString.call(value))
}

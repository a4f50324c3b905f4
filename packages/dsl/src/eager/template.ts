// template: the `tj` tag
//
// Parses once per place in the source and evaluates on eager tensors. Errors show the formula with a mark under the
// part that is wrong.

import { layerOf } from '../declare/layer.ts'
import { camelCase } from '../operations/did-you-mean.ts'
import type { Tensor } from '../operations/tensor.ts'
import type { Template, TemplateError, TemplatePlace } from '../template/ast.ts'
import { evaluateTemplate } from '../template/evaluate.ts'
import type { TemplateMachine } from '../template/machine.ts'
import { parseTemplate } from '../template/parse.ts'
import { applyOperation } from './apply.ts'
import { associativeScan, cond, forLoop, scan, select, whileLoop } from './combinators.ts'

/** Thrown by `tj` for a formula that is wrong. */
export class TemplateFault extends Error {
  override readonly name: string = 'TemplateFault'
  readonly code: string
  readonly errors: readonly TemplateError[]

  constructor(errors: readonly TemplateError[], quasis: readonly string[]) {
    super(errors.map((error) => showError(error, quasis)).join('\n\n'), { cause: errors[0]?.cause })
    this.code = errors[0]?.code ?? 'template_syntax'
    this.errors = errors
  }
}

// A memory of what is parsed, by the place in the source; it holds nothing that a run could see.
const parsed: WeakMap<TemplateStringsArray, Template> = new WeakMap()

/**
 * Evaluates a formula with operators as in Python and NumPy; every operation is in scope by name, values of JavaScript
 * come in through `${…}`. Lines are bindings, the last line is the value; a tuple gives an array. Throws TemplateFault.
 */
export function tj(strings: TemplateStringsArray, ...values: readonly unknown[]): Tensor {
  const result = evaluateTemplate(templateOf(strings), values, machine)
  if (!result.ok) throw new TemplateFault(result.errors, strings.raw)
  // A tuple is an array; a Tensor is iterable to TypeScript, so that both can be taken apart.
  return result.value as Tensor
}

const machine: TemplateMachine = {
  apply: applyOperation,
  isCallable: (value) => typeof value === 'function',
  call: (callee, args) => (typeof callee === 'function' ? Reflect.apply(callee, undefined, args) : undefined),
  member: (object, name) =>
    typeof object === 'function' && layerOf(object) !== undefined ? Reflect.get(object, name) : undefined,
  combinator: (name) => combinators.get(camelCase(name)),
  at: (_, step) => step(),
}

const combinators: ReadonlyMap<string, unknown> = new Map<string, unknown>(
  Object.entries({ cond, select, whileLoop, forLoop, scan, associativeScan }),
)

function templateOf(strings: TemplateStringsArray): Template {
  const known = parsed.get(strings)
  if (known !== undefined) return known
  const result = parseTemplate(strings.raw)
  if (result.template === undefined) throw new TemplateFault(result.errors, strings.raw)
  parsed.set(strings, result.template)
  return result.template
}

const messages: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string>> = {
  template_syntax: (p) => `this is not a formula: ${String(p['message'])}`,
  template_unknown_name: (p) => `there is no '${String(p['name'])}' in this template`,
  template_operand: (p) => `'${String(p['operator'])}' cannot take ${String(p['got'])}`,
  template_bad_value: (p) => `a template cannot take ${String(p['got'])}`,
  template_index: (p) => `a tensor cannot be indexed by ${String(p['got'])}`,
}

function showError(error: TemplateError, quasis: readonly string[]): string {
  const message = messages[error.code]?.(error.params) ?? error.cause?.message ?? error.code
  const hint =
    error.cause === undefined && error.suggestion !== undefined ? `; did you mean '${error.suggestion}'?` : ''
  return `${message}${hint}\n${frame(error, quasis)}`
}

function frame({ span }: TemplateError, quasis: readonly string[]): string {
  const text = quasis.join(hole)
  const start = offsetOf(span.start, quasis)
  const end = Math.max(start + 1, offsetOf(span.end, quasis))
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', start)
  const line = text.slice(from, next < 0 ? text.length : next)
  return `  ${line}\n  ${' '.repeat(start - from)}${'^'.repeat(Math.max(1, Math.min(end, from + line.length) - start))}`
}

const hole = '${…}'

function offsetOf(place: TemplatePlace, quasis: readonly string[]): number {
  const before = quasis.slice(0, place.quasi).reduce((sum, text) => sum + text.length + hole.length, 0)
  return before + place.offset
}

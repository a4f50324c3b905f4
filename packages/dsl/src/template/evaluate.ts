// evaluate: syntax tree, interpolated values -> the template's value, or errors at their places
//
// One evaluator for eager and compiled runs (see machine.ts). A line that fails poisons the names it binds, so that
// one run shows every error of a template once.

import { settle } from '../operations/coerce.ts'
import { camelCase, didYouMean } from '../operations/did-you-mean.ts'
import { OperationError } from '../types/errors.ts'
import { isDimExpression } from '../types/dim.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type {
  Binding,
  CallFormula,
  Formula,
  IndexEntry,
  IndexFormula,
  MemberFormula,
  NameFormula,
  Template,
  TemplateError,
  TemplateSpan,
  ValueFormula,
} from './ast.ts'
import { describe } from './describe.ts'
import { type EvaluatedEntry, indexArray, indexTensor, partsAlongFirst } from './index-value.ts'
import { type CallOptions, type TemplateMachine, TemplateFailure, type TemplateResult, failure } from './machine.ts'
import { applyBinary, applyUnary } from './operators.ts'

/**
 * Evaluates a template on `machine` with the values of its interpolations. Reports template_unknown_name,
 * template_operand, template_bad_value, template_index and whatever operations report, each at its formula.
 */
export function evaluateTemplate(
  template: Template,
  values: readonly unknown[],
  machine: TemplateMachine,
): TemplateResult {
  const scope: Scope = { values, machine, names: new Map() }
  const errors: TemplateError[] = []
  let failed = false
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch (error) {
      if (!(error instanceof TemplateFailure)) throw error
      failed = true
      if (error.error !== undefined) errors.push(error.error)
      return undefined
    }
  }
  for (const binding of template.bindings) {
    const parts = attempt(() => partsOf(binding, scope))
    binding.names.forEach((name, i) => scope.names.set(name.name, parts === undefined ? poison : parts[i]))
  }
  const value = attempt(() => evaluate(template.value, scope))
  return failed ? { ok: false, errors } : { ok: true, value }
}

interface Scope {
  readonly values: readonly unknown[]
  readonly machine: TemplateMachine
  readonly names: Map<string, unknown>
}

/** What a name is bound to whose line failed. */
const poison: unique symbol = Symbol('poison')

function partsOf(binding: Binding, scope: Scope): readonly unknown[] {
  const value = evaluate(binding.value, scope)
  if (!binding.takesApart) return [value]
  const parts = value instanceof TensorBase ? tensorParts(value, binding, scope) : value
  if (!Array.isArray(parts))
    throw failure('template_operand', { operator: ',', got: describe(value) }, binding.value.span)
  if (parts.length === binding.names.length) return parts
  const message = `${binding.names.length} ${binding.names.length === 1 ? 'name' : 'names'} for ${parts.length} values`
  throw failure('template_syntax', { message }, binding.value.span)
}

function tensorParts(value: TensorBase, binding: Binding, scope: Scope): readonly unknown[] | undefined {
  return step(binding.value.span, scope, () => partsAlongFirst(value, scope.machine))
}

function evaluate(formula: Formula, scope: Scope): unknown {
  switch (formula.kind) {
    case 'number':
    case 'text':
    case 'word':
      return formula.value
    case 'value':
      return interpolated(formula, scope)
    case 'name':
      return named(formula, scope)
    case 'list':
      return formula.items.map((item) => evaluate(item, scope))
    case 'unary': {
      const operand = evaluate(formula.operand, scope)
      const result = step(formula.span, scope, () => applyUnary(formula.operator, operand, scope.machine))
      if (result === undefined)
        throw failure('template_operand', { operator: formula.operator, got: describe(operand) }, formula.span)
      return result
    }
    case 'binary': {
      const left = evaluate(formula.left, scope)
      const right = evaluate(formula.right, scope)
      const result = step(formula.span, scope, () => applyBinary(formula.operator, left, right, scope.machine))
      if (result === undefined)
        throw failure('template_operand', { operator: formula.operator, got: describePair(left, right) }, formula.span)
      return result
    }
    case 'member':
      return member(formula, scope)
    case 'call':
      return call(formula, scope)
    case 'index':
      return index(formula, scope)
  }
}

function describePair(left: unknown, right: unknown): string {
  return `${describe(left)} and ${describe(right)}`
}

/** Runs one step at its place; what an operation refuses becomes an error there. */
function step<T>(span: TemplateSpan, scope: Scope, action: () => T): T {
  try {
    const result = scope.machine.at(span, action)
    if (scope.machine.isPoison?.(result) === true) throw new TemplateFailure()
    return result
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    const { code, params, suggestion, argument } = error
    throw new TemplateFailure({
      code,
      params,
      span,
      cause: error,
      ...(argument === undefined ? {} : { argument }),
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
}

function interpolated(formula: ValueFormula, scope: Scope): unknown {
  // a dimension whose value is known (an eager run) is a number
  const value = settle(scope.values[formula.index])
  if (scope.machine.isPoison?.(value) === true) throw new TemplateFailure()
  if (!isTemplateValue(value, scope.machine))
    throw failure('template_bad_value', { got: describe(value) }, formula.span)
  return value
}

function isTemplateValue(value: unknown, machine: TemplateMachine): boolean {
  if (value instanceof TensorBase || isDimExpression(value) || value === null || value === undefined) return true
  if (typeof value === 'number' || typeof value === 'boolean' || machine.isCallable(value)) return true
  return Array.isArray(value) && value.every((item) => isTemplateValue(item, machine))
}

function named(formula: NameFormula, scope: Scope): unknown {
  if (scope.names.has(formula.name)) return boundValue(formula.name, scope)
  if (scope.machine.operations.has(camelCase(formula.name))) {
    const message = `\`${formula.name}\` is an operation: call it, \`${formula.name}(…)\``
    throw failure('template_syntax', { message }, formula.span)
  }
  throw unknownName(formula.name, formula.span, [...scope.names.keys(), ...scope.machine.operations])
}

function boundValue(name: string, scope: Scope): unknown {
  const value = scope.names.get(name)
  if (value === poison) throw new TemplateFailure()
  return value
}

function unknownName(name: string, span: TemplateSpan, candidates: readonly string[]): TemplateFailure {
  const suggestion = didYouMean(name, candidates)
  return new TemplateFailure({
    code: 'template_unknown_name',
    params: { name },
    span,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}

const properties: readonly string[] = ['shape', 'dtype', 'T', 'mT']

function member(formula: MemberFormula, scope: Scope): unknown {
  const object = evaluate(formula.object, scope)
  if (!(object instanceof TensorBase)) return ownProperty(object, formula)
  switch (formula.name) {
    case 'shape':
      return object.shape
    case 'dtype':
      return object.dtype
    case 'T':
    case 'mT':
      return step(formula.span, scope, () => scope.machine.apply('transpose', [object], undefined))
    default: {
      const candidates = [...properties, ...scope.machine.operations]
      if (!scope.machine.operations.has(camelCase(formula.name)))
        throw unknownName(formula.name, formula.nameSpan, candidates)
      throw failure('template_syntax', { message: `\`${formula.name}\` is a method: call it` }, formula.nameSpan)
    }
  }
}

function ownProperty(object: unknown, formula: MemberFormula): unknown {
  if (object !== null && typeof object === 'object' && !Array.isArray(object) && Object.hasOwn(object, formula.name)) {
    const found: unknown = Reflect.get(object, formula.name)
    return found
  }
  const names = object !== null && typeof object === 'object' && !Array.isArray(object) ? Object.keys(object) : []
  throw unknownName(formula.name, formula.nameSpan, names)
}

function call(formula: CallFormula, scope: Scope): unknown {
  const { callee } = formula
  if (callee.kind === 'name' && !scope.names.has(callee.name)) {
    const operation = camelCase(callee.name)
    if (!scope.machine.operations.has(operation))
      throw unknownName(callee.name, callee.span, [...scope.names.keys(), ...scope.machine.operations])
    return applyOperation(operation, [], formula, scope)
  }
  if (callee.kind === 'member') {
    const object = evaluate(callee.object, scope)
    if (object instanceof TensorBase) {
      const operation = camelCase(callee.name)
      if (scope.machine.operations.has(operation)) return applyOperation(operation, [object], formula, scope)
      throw unknownName(callee.name, callee.nameSpan, [...properties, ...scope.machine.operations])
    }
    return callValue(ownProperty(object, callee), formula, scope)
  }
  return callValue(evaluate(callee, scope), formula, scope)
}

function callValue(callee: unknown, formula: CallFormula, scope: Scope): unknown {
  if (!scope.machine.isCallable(callee))
    throw failure('template_operand', { operator: '(…)', got: describe(callee) }, formula.callee.span)
  const args = formula.positional.map((argument) => evaluate(argument, scope))
  const options = optionsOf(formula, scope)
  return step(formula.span, scope, () => scope.machine.call(callee, args, options))
}

function applyOperation(name: string, first: readonly unknown[], formula: CallFormula, scope: Scope): unknown {
  const args = [...first, ...formula.positional.map((argument) => evaluate(argument, scope))]
  const options = optionsOf(formula, scope)
  return step(formula.span, scope, () => scope.machine.apply(name, args, options))
}

function optionsOf(formula: CallFormula, scope: Scope): CallOptions {
  if (formula.keywords.length === 0) return undefined
  return Object.fromEntries(formula.keywords.map((keyword) => [keyword.name, evaluate(keyword.value, scope)]))
}

function index(formula: IndexFormula, scope: Scope): unknown {
  const object = evaluate(formula.object, scope)
  const entries = formula.entries.map((entry) => evaluateEntry(entry, scope))
  return step(formula.span, scope, () => {
    if (object instanceof TensorBase) return indexTensor(object, entries, scope.machine)
    if (Array.isArray(object)) return indexArray(object, entries)
    throw failure('template_operand', { operator: '[…]', got: describe(object) }, formula.object.span)
  })
}

function evaluateEntry(entry: IndexEntry, scope: Scope): EvaluatedEntry {
  if (entry.kind === 'rest') return entry
  if (entry.kind === 'at') return { kind: 'at', value: evaluate(entry.value, scope), span: entry.span }
  const bound = (formula: Formula | undefined): unknown => (formula === undefined ? null : evaluate(formula, scope))
  return {
    kind: 'slice',
    start: bound(entry.start),
    stop: bound(entry.stop),
    step: bound(entry.step),
    span: entry.span,
  }
}

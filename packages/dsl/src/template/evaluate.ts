// evaluate: syntax tree, interpolated values -> the template's value, or errors at their places
//
// One evaluator for eager and compiled runs (see machine.ts). A line that fails poisons the names it binds, so that
// one run shows every error of a template once.

import { settle } from '../operations/coerce.ts'
import { findOperation } from '../operations/operations.ts'
import { isDimExpression } from '../types/dim.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type {
  BinaryFormula,
  Binding,
  Formula,
  NameFormula,
  Template,
  TemplateError,
  UnaryFormula,
  ValueFormula,
} from './ast.ts'
import { describe } from './describe.ts'
import { partsAlongFirst } from './index-value.ts'
import { type TemplateMachine, TemplateFailure, type TemplateResult, failure } from './machine.ts'
import { applyBinary, applyUnary } from './operators.ts'
import { reachCall, reachIndex, reachMember } from './reach.ts'
import { type Scope, runStep, unknownName } from './scope.ts'

/**
 * Evaluates a template on `machine` with the values of its interpolations. Reports template_unknown_name,
 * template_operand, template_bad_value, template_index and whatever operations report, each at its formula.
 */
export function evaluateTemplate(
  template: Template,
  values: readonly unknown[],
  machine: TemplateMachine,
): TemplateResult {
  const scope: Scope = { values, machine, names: new Map(), evaluate: (formula) => evaluate(formula, scope) }
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
    binding.names.forEach(({ name }, i) => scope.names.set(name, parts === undefined ? poison : parts[i]))
  }
  const value = attempt(() => evaluate(template.value, scope))
  return failed ? { ok: false, errors } : { ok: true, value }
}

/** What a name is bound to whose line failed. */
const poison: unique symbol = Symbol('poison')

function partsOf(binding: Binding, scope: Scope): readonly unknown[] {
  const { names, value: formula } = binding
  const value = evaluate(formula, scope)
  if (!binding.takesApart) return [value]
  const parts =
    value instanceof TensorBase ? runStep(formula.span, scope, () => partsAlongFirst(value, scope.machine)) : value
  if (!Array.isArray(parts)) throw failure('template_operand', { operator: ',', got: describe(value) }, formula.span)
  if (parts.length === names.length) return parts
  const message = `${countOf(names.length, 'name')} for ${countOf(parts.length, 'value')}`
  throw failure('template_syntax', { message }, formula.span)
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function evaluate(formula: Formula, scope: Scope): unknown {
  switch (formula.kind) {
    case 'number':
    case 'text':
    case 'word':
      return formula.value
    case 'value':
      return interpolatedValue(formula, scope)
    case 'name':
      return namedValue(formula, scope)
    case 'list':
      return formula.items.map(scope.evaluate)
    case 'unary':
      return unaryValue(formula, scope)
    case 'binary':
      return binaryValue(formula, scope)
    case 'member':
      return reachMember(formula, scope)
    case 'call':
      return reachCall(formula, scope)
    case 'index':
      return reachIndex(formula, scope)
  }
}

function interpolatedValue(formula: ValueFormula, scope: Scope): unknown {
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

function namedValue(formula: NameFormula, scope: Scope): unknown {
  const { name, span } = formula
  if (scope.names.has(name)) {
    const value = scope.names.get(name)
    if (value === poison) throw new TemplateFailure()
    return value
  }
  if (findOperation(name) === undefined) throw unknownName(name, span, scope)
  throw failure('template_syntax', { message: `\`${name}\` is an operation: call it, \`${name}(…)\`` }, span)
}

function unaryValue(formula: UnaryFormula, scope: Scope): unknown {
  const { operator, span } = formula
  const operand = evaluate(formula.operand, scope)
  const result = runStep(span, scope, () => applyUnary(operator, operand, scope.machine))
  if (result === undefined) throw failure('template_operand', { operator, got: describe(operand) }, span)
  return result
}

function binaryValue(formula: BinaryFormula, scope: Scope): unknown {
  const { operator, span } = formula
  const left = evaluate(formula.left, scope)
  const right = evaluate(formula.right, scope)
  const result = runStep(span, scope, () => applyBinary(operator, left, right, scope.machine))
  if (result !== undefined) return result
  throw failure('template_operand', { operator, got: `${describe(left)} and ${describe(right)}` }, span)
}

// reach: members, calls and indices -> values

import { isSameName } from '../operations/did-you-mean.ts'
import type { Definition } from '../operations/definition.ts'
import { findOperation, isMethod, isOperationName } from '../operations/operations.ts'
import { elementsOf } from '../types/shape.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type { CallFormula, Formula, IndexEntry, IndexFormula, MemberFormula, TemplateSpan } from './ast.ts'
import { describe } from './describe.ts'
import { type EvaluatedEntry, indexArray, indexTensor } from './index-value.ts'
import { failure } from './machine.ts'
import { type Scope, runStep, unknownMember, unknownMethod, unknownName } from './scope.ts'

/** Returns `object.name`. */
export function reachMember(formula: MemberFormula, scope: Scope): unknown {
  const object = scope.evaluate(formula.object)
  if (!(object instanceof TensorBase)) return ownProperty(object, formula, scope)
  switch (formula.name) {
    case 'shape':
      return object.shape
    case 'dtype':
      return object.dtype
    case 'rank':
      return object.shape.length
    case 'size':
      return elementsOf(object.shape)
    case 'T':
    case 'mT':
      return runStep(formula.span, scope, () => scope.machine.apply('transpose', [object]))
    default:
      if (findMethod(formula.name) === undefined) throw unknownMethod(formula.name, formula.nameSpan)
      throw failure('template_syntax', { message: `\`${formula.name}\` is a method: call it` }, formula.nameSpan)
  }
}

/** Returns `callee(…)`: an operation by name, a method of a tensor, or a function that came in. */
export function reachCall(formula: CallFormula, scope: Scope): unknown {
  const { callee } = formula
  if (callee.kind === 'name' && !scope.names.has(callee.name)) {
    const operation = findOperation(callee.name)
    const combinator = operation === undefined ? scope.machine.combinator?.(callee.name) : undefined
    if (combinator !== undefined) return callValue(combinator, formula, scope)
    if (operation === undefined) throw unknownName(callee.name, callee.span, scope)
    return applyOperation(operation, [], formula, scope)
  }
  if (callee.kind !== 'member') return callValue(scope.evaluate(callee), formula, scope)
  const object = scope.evaluate(callee.object)
  if (!(object instanceof TensorBase)) return callValue(ownProperty(object, callee, scope), formula, scope)
  const method = findMethod(callee.name)
  if (method === undefined) throw unknownMethod(callee.name, callee.nameSpan)
  return applyOperation(method, [object], formula, scope)
}

/** Returns `object[…]`. */
export function reachIndex(formula: IndexFormula, scope: Scope): unknown {
  const object = scope.evaluate(formula.object)
  const entries = formula.entries.map((entry) => evaluateEntry(entry, scope))
  return runStep(formula.span, scope, () => {
    if (object instanceof TensorBase) return indexTensor(object, entries, scope.machine)
    if (Array.isArray(object)) return indexArray(object, entries)
    throw failure('template_operand', { operator: '[…]', got: describe(object) }, formula.object.span)
  })
}

function findMethod(name: string): Definition | undefined {
  const operation = findOperation(name)
  return operation !== undefined && isMethod(operation) ? operation : undefined
}

function ownProperty(object: unknown, formula: MemberFormula, scope: Scope): unknown {
  const known = scope.machine.member?.(object, formula.name)
  if (known !== undefined) return known
  if (typeof object === 'object' && object !== null && !Array.isArray(object) && Object.hasOwn(object, formula.name)) {
    const found: unknown = Reflect.get(object, formula.name)
    return found
  }
  throw unknownMember(formula.name, formula.nameSpan, object)
}

function applyOperation(operation: Definition, first: readonly unknown[], formula: CallFormula, scope: Scope): unknown {
  const { name } = operation
  if (!isOperationName(name)) throw new Error(`internal: the operation ${name} is not in its own table`)
  const args = [...first, ...argumentsOf(formula, scope)]
  const placeOf = (argument: string): TemplateSpan | undefined => {
    const index = operation.params.findIndex((param) => param.name === argument)
    const keyword = formula.keywords.find((each) => isSameName(each.name, argument))
    return keyword?.span ?? formula.positional[index - first.length]?.span
  }
  return runStep(formula.span, scope, () => scope.machine.apply(name, args), placeOf)
}

function callValue(callee: unknown, formula: CallFormula, scope: Scope): unknown {
  if (!scope.machine.isCallable(callee))
    throw failure('template_operand', { operator: '(…)', got: describe(callee) }, formula.callee.span)
  const args = argumentsOf(formula, scope)
  return runStep(formula.span, scope, () => scope.machine.call(callee, args))
}

function argumentsOf(formula: CallFormula, scope: Scope): readonly unknown[] {
  const positional = formula.positional.map(scope.evaluate)
  if (formula.keywords.length === 0) return positional
  const options = formula.keywords.map((keyword) => [keyword.name, scope.evaluate(keyword.value)])
  return [...positional, Object.fromEntries(options)]
}

function evaluateEntry(entry: IndexEntry, scope: Scope): EvaluatedEntry {
  if (entry.kind === 'rest') return entry
  if (entry.kind === 'at') return { kind: 'at', value: scope.evaluate(entry.value), span: entry.span }
  const bound = (formula: Formula | undefined): unknown => (formula === undefined ? null : scope.evaluate(formula))
  const [start, stop, step] = [bound(entry.start), bound(entry.stop), bound(entry.step)]
  return { kind: 'slice', start, stop, step, span: entry.span }
}

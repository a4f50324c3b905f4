// operations: calls of DSL operations -> ops, or a diagnostic at the argument that is wrong
//
// The definitions of the DSL check and build; what they refuse is reported at the call, or at the very argument
// expression, with the places where the tensors got their shapes.

import type { Node } from '@babel/types'
import {
  COMBINATOR_NAMES,
  DeclarationError,
  OperationError,
  type OperationName,
  type Param,
  combinators,
  definitions,
  dims,
  isMethod,
} from '@tsjit/dsl/compiler'
import { joinWords } from '../base/text.ts'
import type { Span } from '../base/span.ts'
import { diagnosticTable, type DiagnosticCode, type DiagnosticParams } from '../diagnostics/codes.gen.ts'
import type { Related } from '../diagnostics/diagnostic.ts'
import type { ReportOptions } from '../diagnostics/reporter.ts'
import { type Evaluation, originAt, spanOf, userSpan } from './evaluation.ts'
import { refuse, refuseAt } from './report.ts'
import { type CallSite, GraphTensor, type Poison, Ratio, type Value, isObject, isPoisoned, poison } from './value.ts'

/** Applies the operation `name` to arguments as written. Returns poison after reporting what it refuses. */
export function applyOperation(
  evaluation: Evaluation,
  name: OperationName,
  args: readonly Value[],
  site: CallSite,
): Value {
  if (args.some((arg) => isPoisoned(arg))) return poison
  return recordAt(evaluation, spanOf(evaluation, site.node), () => {
    try {
      return emitOperation(evaluation, name, args)
    } catch (error) {
      return refuseOperation(evaluation, error, args, site)
    }
  })
}

/** Runs `action` with what it records coming from `span`. */
export function recordAt<T>(evaluation: Evaluation, span: Span, action: () => T): T {
  const { recorder } = evaluation
  const before = recorder.origin
  recorder.origin = originAt(evaluation, span)
  try {
    return action()
  } finally {
    recorder.origin = before
  }
}

/** Applies an operation. Throws OperationError for what it refuses. */
export function emitOperation(evaluation: Evaluation, name: OperationName, args: readonly unknown[]): Value {
  const settled = args.map((arg) => (arg instanceof Ratio ? emitRatio(evaluation, arg) : arg))
  const result = evaluation.recorder.apply(name, settled)
  // the recorder makes graph tensors only, so that is what every definition gives back
  return Array.isArray(result) ? [...result] : (result as GraphTensor)
}

/** Returns a quotient of dimensions as a scalar that is computed at the call. */
export function emitRatio({ recorder }: Evaluation, { numerator, denominator }: Ratio): GraphTensor {
  const scalar = (value: dims.Dim): GraphTensor =>
    recorder.emit('cast', [recorder.emit('dimension', [], { value })], { dtype: 'f32' })
  return recorder.emit('div', [scalar(numerator), scalar(denominator)], {})
}

/** Reports what an operation refused, at the argument at fault where the error names one. Throws other errors. */
export function refuseOperation(
  evaluation: Evaluation,
  error: unknown,
  args: readonly Value[],
  site: CallSite,
): Poison {
  if (!(error instanceof OperationError) && !(error instanceof DeclarationError)) throw error
  const node = error instanceof OperationError ? argumentNode(error, site) : undefined
  const sized = error instanceof OperationError ? sizeByTensor(error, args) : undefined
  if (sized !== undefined) {
    const { op, tensor } = sized
    const related = [{ message: 'the size is computed here', span: userSpan(evaluation, tensor.origin) }]
    return refuse(evaluation, node ?? site.node, 'shape_data_dependent', { op }, { related })
  }
  const options = refusalOptions(evaluation, error, args, node ?? site.node)
  return refuseCoded(evaluation, spanOf(evaluation, node ?? site.node), error, options)
}

/** Returns the tensor that was given where a size belongs. */
function sizeByTensor(
  { code, params, argument }: OperationError,
  args: readonly Value[],
): { readonly op: string; readonly tensor: GraphTensor } | undefined {
  if ((code !== 'source_bad_argument' && code !== 'option_invalid') || !('callee' in params) || argument === undefined)
    return undefined
  const kind = paramsOf(params.callee).find(({ name }) => name === argument)?.kind
  if (kind !== 'size' && kind !== 'sizes' && kind !== 'shape' && kind !== 'int' && kind !== 'ints') return undefined
  const options = args.at(-1)
  const named = typeof options === 'object' && options !== null && isObject(options) ? options[argument] : undefined
  const value = named ?? args[positionOf(argument, params.callee)]
  const tensor = (Array.isArray(value) ? value : [value]).find((item) => item instanceof GraphTensor)
  return tensor === undefined ? undefined : { op: params.callee, tensor }
}

/** Reports a code that came with an error as data. */
export function refuseCoded(
  evaluation: Evaluation,
  span: Span,
  error: { readonly code: string; readonly params: object },
  options: ReportOptions,
): Poison {
  const { code } = error
  if (!isCode(code)) throw new Error(`internal: there is no diagnostic ${code}`)
  // the library's table of refusals has the parameters of the diagnostic of the same code
  return refuseAt(evaluation, span, code, error.params as DiagnosticParams[typeof code], options)
}

function isCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(diagnosticTable, code)
}

function refusalOptions(
  evaluation: Evaluation,
  error: OperationError | DeclarationError,
  args: readonly Value[],
  node: Node,
): ReportOptions {
  const related = shapesOf(evaluation, error.code, args)
  if (!(error instanceof OperationError) || error.suggestion === undefined) return { related }
  const { suggestion } = error
  const help = `did you mean \`${suggestion}\`?`
  const isName = node.type === 'Identifier' || node.type === 'StringLiteral'
  const text = node.type === 'StringLiteral' ? `'${suggestion}'` : suggestion
  const fix = { title: `write \`${suggestion}\``, edits: [{ span: spanOf(evaluation, node), text }] }
  return isName ? { related, help, fix } : { related, help }
}

/** Returns where the tensors of a refused call come from. */
export function shapesOf(evaluation: Evaluation, code: string, args: readonly unknown[]): readonly Related[] {
  if (!code.startsWith('shape_') && !code.startsWith('dtype_')) return []
  const tensors = args.flatMap((arg): readonly unknown[] => (Array.isArray(arg) ? arg : [arg]))
  const places = tensors.filter((arg) => arg instanceof GraphTensor)
  return places.map((tensor) => ({
    message: `${tensor.dtype}[${tensor.shape.map(dims.printDim).join(', ')}] comes from here`,
    span: userSpan(evaluation, tensor.origin),
  }))
}

/** Returns the expression of the argument that an error names: a positional one, an option's value or its name. */
function argumentNode(error: OperationError, { node, args }: CallSite): Node | undefined {
  const { argument, code } = error
  if (argument === undefined) return undefined
  const last = args.at(-1)
  const options = last?.type === 'ObjectExpression' ? last.properties : []
  for (const property of options) {
    if (property.type !== 'ObjectProperty' || property.computed) continue
    const name =
      property.key.type === 'Identifier'
        ? property.key.name
        : property.key.type === 'StringLiteral'
          ? property.key.value
          : ''
    if (name === argument) return code === 'option_unknown' ? property.key : property.value
  }
  const callee = node.type === 'CallExpression' && node.callee.type === 'Identifier' ? node.callee.name : undefined
  return args[positionOf(argument, nameOfCall(error, callee))]
}

function nameOfCall(error: OperationError, written: string | undefined): string | undefined {
  const { params } = error
  return 'callee' in params ? params.callee : 'op' in params ? params.op : written
}

function positionOf(argument: string, operation: string | undefined): number {
  return paramsOf(operation).findIndex((param) => param.name === argument)
}

/** Returns the parameters of an operation or combinator. */
function paramsOf(name: string | undefined): readonly Param[] {
  const combinator = COMBINATOR_NAMES.find((each) => each === name)
  if (combinator !== undefined) return combinators[combinator].params
  return Object.values(definitions).find((definition) => definition.name === name)?.params ?? []
}

/** Returns the names of the methods that every tensor has. */
export function methodNames(): readonly string[] {
  return Object.values(definitions)
    .filter(isMethod)
    .map(({ name }) => name)
}

/** Reports an option of a declaration that is not among those it takes. */
export function refuseUnknownOption(
  evaluation: Evaluation,
  callee: string,
  option: string,
  known: readonly string[],
  node: Node,
): Poison {
  const help = `it takes ${joinWords(
    known.map((name) => `\`${name}\``),
    'and',
  )}`
  return refuse(evaluation, node, 'option_unknown', { callee, option }, { help })
}

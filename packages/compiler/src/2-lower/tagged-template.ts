// tagged-template: `tj` templates -> values
//
// The template is parsed from its text as written, so that every place in it is a place in the file.

import type { Expression, TaggedTemplateExpression, TemplateLiteral } from '@babel/types'
import {
  OperationError,
  type ParsedTemplate,
  type TemplateError,
  type TemplateMachine,
  type TemplateSpan,
  camelCase,
  evaluateTemplate,
  parseTemplate,
} from '@tsjit/dsl/compiler'
import type { Span } from '../base/span.ts'
import { combinatorOf } from './combinators.ts'
import { type Evaluation, spanOf } from './evaluation.ts'
import { emitOperation, emitRatio, recordAt, refuseCoded, shapesOf } from './operations.ts'
import { refuse } from './report.ts'
import { layerPart } from './members.ts'
import { Builtin, LayerValue, Ratio, type Scope, type Value, isCallable, isPoisoned, poison } from './value.ts'

/** What the name `tj` means to the evaluator. */
export class TemplateTag extends Builtin {}

/** Evaluates a tagged template; `tj` is the only tag. */
export function evaluateTagged(evaluation: Evaluation, node: TaggedTemplateExpression, scope: Scope): Value {
  const tag = evaluation.parts.evaluate(node.tag, scope)
  if (!(tag instanceof TemplateTag)) {
    if (isPoisoned(tag)) return poison
    const instead = 'a call, or the tag `tj` of `@tsjit/dsl` for formulas'
    return refuse(evaluation, node.tag, 'source_unsupported_syntax', {
      what: 'a template with a tag of its own',
      instead,
    })
  }
  const { quasi } = node
  // a literal's interpolations are expressions; types stand in template literal types only
  const values = quasi.expressions.map((each) => {
    const value = evaluation.parts.evaluate(each as Expression, scope)
    return value instanceof Ratio
      ? recordAt(evaluation, spanOf(evaluation, each), () => emitRatio(evaluation, value))
      : value
  })
  const parsed = parsedTemplate(evaluation, quasi)
  const toSpan = (span: TemplateSpan): Span => spanInFile(evaluation, quasi, span)
  if (parsed.template === undefined) {
    for (const error of parsed.errors) report(evaluation, error, toSpan)
    return poison
  }
  const operands = new WeakMap<object, readonly unknown[]>()
  const result = evaluateTemplate(parsed.template, values, createMachine(evaluation, node, toSpan, operands))
  if (result.ok) return fromTemplate(result.value)
  for (const error of result.errors) report(evaluation, error, toSpan, operands.get(error.cause ?? error))
  return poison
}

/** Parses each template once, however often it is evaluated. */
function parsedTemplate({ templates, module: { text } }: Evaluation, quasi: TemplateLiteral): ParsedTemplate {
  const known = templates.get(quasi)
  if (known !== undefined) return known
  const parsed = parseTemplate(quasi.quasis.map((each) => text.slice(each.start ?? 0, each.end ?? 0)))
  templates.set(quasi, parsed)
  return parsed
}

/** Maps a place in the texts between interpolations into the file. */
function spanInFile(
  evaluation: Evaluation,
  { quasis, expressions }: TemplateLiteral,
  { start, end }: TemplateSpan,
): Span {
  const offset = (place: TemplateSpan['start']): number => (quasis[place.quasi]?.start ?? 0) + place.offset
  const { file } = evaluation.module
  const [from, to] = [offset(start), offset(end)]
  // an interpolation by itself begins at the end of one text: its expression is what people look for
  const isValue = end.quasi === start.quasi + 1 && end.offset === 0 && from === (quasis[start.quasi]?.end ?? -1)
  const expression = isValue ? expressions[start.quasi] : undefined
  return expression === undefined ? { file, start: from, end: to } : spanOf(evaluation, expression)
}

function createMachine(
  evaluation: Evaluation,
  node: TaggedTemplateExpression,
  toSpan: (span: TemplateSpan) => Span,
  operands: WeakMap<object, readonly unknown[]>,
): TemplateMachine {
  return {
    apply(name, args) {
      try {
        return emitOperation(evaluation, name, args)
      } catch (error) {
        // what was refused is told with where its operands come from
        if (error instanceof OperationError) operands.set(error, args)
        throw error
      }
    },
    // what a template handles came in as values or was made by the recorder
    isCallable: (value) => isCallable(value as Value),
    call: (callee, args) => evaluation.parts.call(callee as Value, args as readonly Value[], node),
    combinator: (name) => combinatorOf(evaluation, camelCase(name)),
    at: (span, step) => recordAt(evaluation, toSpan(span), step),
    member: (object, name) => (object instanceof LayerValue ? layerPart(evaluation, object, name) : undefined),
    isPoison: (value) => isPoisoned(value as Value),
  }
}

/** A template gives tensors, numbers and arrays of them, all of which are values. */
function fromTemplate(value: unknown): Value {
  return value as Value
}

function report(
  evaluation: Evaluation,
  error: TemplateError,
  toSpan: (span: TemplateSpan) => Span,
  operands: readonly unknown[] = [],
): void {
  const span = toSpan(error.span)
  const { suggestion } = error
  const hint =
    suggestion === undefined
      ? {}
      : {
          help: `did you mean \`${suggestion}\`?`,
          ...(error.code === 'template_unknown_name'
            ? { fix: { title: `write \`${suggestion}\``, edits: [{ span, text: suggestion }] } }
            : {}),
        }
  refuseCoded(evaluation, span, error, { related: shapesOf(evaluation, error.code, operands), ...hint })
}

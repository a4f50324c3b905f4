// index-value: array or tensor, index entries -> value
//
// NumPy's indexing. Tensors go to the operation `index`, which gathers, slices and inserts axes; static arrays are
// indexed here. Entries that no tensor can be indexed by are refused with template_index before that.

import { type Dim, isDimExpression } from '../types/dim.ts'
import { kindOf } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type { TemplateSpan } from './ast.ts'
import { describe } from './describe.ts'
import { type TemplateMachine, failure } from './machine.ts'

/** An entry between index brackets, evaluated. */
export type EvaluatedEntry =
  | { readonly kind: 'rest'; readonly span: TemplateSpan }
  | { readonly kind: 'at'; readonly value: unknown; readonly span: TemplateSpan }
  | {
      readonly kind: 'slice'
      readonly start: unknown
      readonly stop: unknown
      readonly step: unknown
      readonly span: TemplateSpan
    }

/** Returns `object[entries]` for a tensor. */
export function indexTensor(object: TensorBase, entries: readonly EvaluatedEntry[], machine: TemplateMachine): unknown {
  const items = entries.map((entry) => {
    if (entry.kind === 'rest') return '...'
    if (entry.kind === 'at') return itemOf(entry.value, entry.span, machine)
    return {
      start: boundOf(entry.start, entry.span),
      stop: boundOf(entry.stop, entry.span),
      step: boundOf(entry.step, entry.span),
    }
  })
  return machine.apply('index', [object, items])
}

/** Returns `object[entries]` for a static array, which takes one integer or slice. */
export function indexArray(object: readonly unknown[], entries: readonly EvaluatedEntry[]): unknown {
  const [entry, another] = entries
  if (entry === undefined || another !== undefined || entry.kind === 'rest')
    throw failure('template_index', { got: 'more than one index' }, (another ?? entry)?.span ?? nowhere)
  if (entry.kind === 'slice') return sliceArray(object, entry)
  const at = entry.value
  if (typeof at !== 'number' || !Number.isInteger(at))
    throw failure('template_index', { got: describe(at) }, entry.span)
  if (at >= object.length || at < -object.length) refuse('shape_index_out_of_range', { index: at, size: object.length })
  return object.at(at)
}

/** Returns the parts of a tensor along its first axis, for taking apart; undefined where their number is open. */
export function partsAlongFirst(object: TensorBase, machine: TemplateMachine): readonly unknown[] | undefined {
  const size = object.shape[0]
  if (typeof size !== 'number') return undefined
  return Array.from({ length: size }, (_, i) => machine.apply('index', [object, [i]]))
}

const nowhere: TemplateSpan = { start: { quasi: 0, offset: 0 }, end: { quasi: 0, offset: 0 } }

function itemOf(value: unknown, span: TemplateSpan, machine: TemplateMachine): unknown {
  if (value === null || value === undefined) return null
  if (isWhole(value)) return value
  if (value instanceof TensorBase && kindOf(value.dtype) === 'integer') return value
  if (Array.isArray(value) && isWholeArray(value)) return machine.apply('tensor', [value, { dtype: 'i32' }])
  throw failure('template_index', { got: describe(value) }, span)
}

function boundOf(value: unknown, span: TemplateSpan): Dim | null {
  if (value === null || value === undefined) return null
  if (isWhole(value)) return value
  throw failure('template_index', { got: `a slice with ${describe(value)}` }, span)
}

function isWhole(value: unknown): value is Dim {
  return isDimExpression(value) || Number.isSafeInteger(value)
}

function isWholeArray(value: readonly unknown[]): boolean {
  return value.every((item) => (Array.isArray(item) ? isWholeArray(item) : Number.isSafeInteger(item)))
}

function sliceArray(object: readonly unknown[], entry: Extract<EvaluatedEntry, { kind: 'slice' }>): readonly unknown[] {
  const bounds = [entry.start, entry.stop, entry.step].map((bound) => {
    const value = boundOf(bound, entry.span)
    if (isDimExpression(value)) throw failure('template_index', { got: `a slice with ${describe(value)}` }, entry.span)
    return value
  })
  const step = bounds[2] ?? 1
  if (step === 0) throw failure('template_index', { got: 'a slice with step 0' }, entry.span)
  const [low, high] = step > 0 ? [0, object.length] : [-1, object.length - 1]
  const place = (bound: number | null | undefined, missing: number): number =>
    typeof bound === 'number' ? Math.min(high, Math.max(low, bound < 0 ? bound + object.length : bound)) : missing
  const start = place(bounds[0], step > 0 ? low : high)
  const stop = place(bounds[1], step > 0 ? high : low)
  const picked: unknown[] = []
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) picked.push(object[i])
  return picked
}

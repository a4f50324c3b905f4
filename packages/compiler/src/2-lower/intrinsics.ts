// intrinsics: what `@tsjit/dsl` exports, as values
//
// Operations, the template tag and declarations. Names that the language has and this compiler does not compile yet are
// functions that say so where they are called.

import type { DType } from '@tsjit/dsl/compiler'
import {
  COMBINATOR_NAMES,
  DTYPES,
  OPERATION_NAMES,
  declareDimension,
  declareOptional,
  declareTensor,
  dims,
  groupOf,
} from '@tsjit/dsl/compiler'
import { combinatorOf, createMap } from './combinators.ts'
import { checkThat, printValue } from './checks.ts'
import { describe } from './describe.ts'
import { type Evaluation, originAt, spanOf } from './evaluation.ts'
import { createHostCall } from './host-calls.ts'
import { createLayer, createWeight } from './layers.ts'
import { createModel } from './models.ts'
import { applyOperation, refuseOperation } from './operations.ts'
import { refuse } from './report.ts'
import { isSymbolic } from './static-operators.ts'
import { assignBuffer } from './state.ts'
import { TemplateTag } from './tagged-template.ts'
import { Builtin, type CallSite, Namespace, type Value, isPoisoned, poison } from './value.ts'

type Apply = (args: readonly Value[], site: CallSite) => Value

/** Returns every value that `@tsjit/dsl` exports. */
export function createIntrinsics(evaluation: Evaluation): Namespace {
  const members = new Map<string, Value>()
  const add = (name: string, apply: Apply): void => {
    members.set(
      name,
      new Builtin(name, (args, site) => (args.some((arg) => isPoisoned(arg, 1)) ? poison : apply(args, site))),
    )
  }
  const groups = new Map<string, Map<string, Value>>()
  for (const name of OPERATION_NAMES) {
    const group = groupOf(name)
    add(name, (args, site) => applyOperation(evaluation, name, args, site))
    if (group === undefined) continue
    const inside = groups.get(group) ?? new Map<string, Value>()
    inside.set(name.slice(group.length + 1), members.get(name))
    groups.set(group, inside)
    members.delete(name)
  }
  for (const [group, inside] of groups) members.set(group, new Namespace(group, inside))
  for (const name of COMBINATOR_NAMES) {
    const combinator = combinatorOf(evaluation, name)
    if (combinator !== undefined) members.set(name, combinator)
  }
  add('vmap', (args, site) => createMap(evaluation, args, site))
  for (const dtype of DTYPES) add(dtype, (args, site) => declareInput(evaluation, dtype, args, site))
  members.set(
    'tj',
    new TemplateTag('tj', (_, site) => {
      const instead = 'a template: tj`${x} + 1`'
      return refuse(evaluation, site.node, 'source_unsupported_syntax', { what: 'a call of `tj`', instead })
    }),
  )
  members.set('model', new Builtin('model', (args, site) => createModel(evaluation, args, site)))
  members.set('layer', new Builtin('layer', (args, site) => createLayer(evaluation, args, site)))
  add('param', (args, site) => createWeight(evaluation, 'param', args, site))
  add('buffer', (args, site) => createWeight(evaluation, 'buffer', args, site))
  add('dim', (args, site) => declareDim(evaluation, args, site))
  add('optional', ([inner]) => declareOptional(inner))
  add('range', (args, site) => range(evaluation, args, site))
  add('assign', (args, site) => assignBuffer(evaluation, args, site))
  add('isTraining', () => evaluation.training)
  add('stopGradient', ([x]) => x)
  // development only: a build for production leaves them out
  add('print', (args, site) => printValue(evaluation, args, site))
  add('check', (args, site) => checkThat(evaluation, args, site))
  add('host', (args, site) => createHostCall(evaluation, args, site))
  for (const name of later) members.set(name, notYet(evaluation, name))
  return new Namespace('@tsjit/dsl', members)
}

/** Names that only types use. */
export const typeNames: ReadonlySet<string> = new Set([
  'Tensor',
  'TensorLike',
  'Layer',
  'Model',
  'DType',
  'Shape',
  'Init',
  'Dim',
  'HostArray',
  'HostElements',
  'HostReturn',
  'HostTensors',
])

const later: readonly string[] = [
  'training',
  'grad valueAndGrad vjp checkpoint probabilistic sample observe plate logDensity hmc',
  'nuts svi meanField replay condition substitute block enumerate mask',
].flatMap((line) => line.split(' '))

function notYet(evaluation: Evaluation, name: string): Builtin {
  return new Builtin(name, (_, site) => refuse(evaluation, site.node, 'source_not_yet', { name }))
}

function declareInput(evaluation: Evaluation, dtype: DType, args: readonly Value[], site: CallSite): Value {
  try {
    const declaration = declareTensor(dtype, args)
    evaluation.origins.set(declaration, originAt(evaluation, spanOf(evaluation, site.node)))
    return declaration
  } catch (error) {
    return refuseOperation(evaluation, error, args, wrongSize(args, site))
  }
}

/** Points at the first argument that is no size. */
function wrongSize(args: readonly Value[], site: CallSite): CallSite {
  const index = args.findIndex((arg) => !dims.isDimExpression(arg) && !(Number.isSafeInteger(arg) && Number(arg) >= 0))
  return { node: site.args[index] ?? site.node, args: [] }
}

function declareDim(evaluation: Evaluation, args: readonly Value[], site: CallSite): Value {
  const [name, options] = args
  try {
    const dim = declareDimension(name, options)
    for (const symbol of dims.symbolsOf(dim)) {
      const { scale, min, max } = symbol
      const span = spanOf(evaluation, site.node)
      evaluation.dims.push({ name: symbol.name, min: min * scale, max: max * scale, multipleOf: scale, span })
    }
    return dim
  } catch (error) {
    return refuseOperation(evaluation, error, args, site)
  }
}

/** Arrays of more elements than this are not made while compiling. */
const MAX_RANGE = 1_000_000

function range(evaluation: Evaluation, [n]: readonly Value[], site: CallSite): Value {
  const node = site.args[0] ?? site.node
  if (isSymbolic(n))
    return refuse(evaluation, node, 'source_not_static', { what: `the length of \`range\`, ${describe(n)},` })
  if (typeof n === 'number' && Number.isSafeInteger(n) && n >= 0 && n <= MAX_RANGE)
    return Array.from({ length: n }, (_, i) => i)
  const expected = `a whole number from 0 to ${MAX_RANGE}`
  return refuse(evaluation, node, 'source_bad_argument', { argument: 'n', callee: 'range', expected, got: describe(n) })
}

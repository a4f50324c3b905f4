// globals: the part of JavaScript's library that is known while compiling
//
// Number, Object, Array, String and Boolean; Math has a file of its own.

import { dims } from '@tsjit/dsl/compiler'
import { describe } from './describe.ts'
import type { Evaluation } from './evaluation.ts'
import { elementsOf } from './iterate.ts'
import { asLoop } from './loops.ts'
import { mathNamespace } from './math.ts'
import { refuse } from './report.ts'
import { decide, isSymbolic, textOfValue } from './static-operators.ts'
import { setOwn } from './assign.ts'
import {
  Builtin,
  type CallSite,
  GraphTensor,
  Namespace,
  type ObjectValue,
  Poison,
  Scope,
  type Value,
  isCallable,
  isObject,
  poison,
} from './value.ts'

/** Returns the scope of names that every module has. */
export function createGlobalScope(evaluation: Evaluation): Scope {
  const scope = new Scope()
  const nowhere = { file: '', start: 0, end: 0 }
  const define = (name: string, value: Value): void => scope.define(name, 'const', nowhere, value)
  define('undefined', undefined)
  define('NaN', Number.NaN)
  define('Infinity', Number.POSITIVE_INFINITY)
  define('Math', mathNamespace(evaluation))
  define('Number', numberNamespace(evaluation))
  define('Object', objectNamespace(evaluation))
  define('Array', arrayNamespace(evaluation))
  const convert = (name: string, apply: (value: Value, site: CallSite) => Value): void =>
    define(name, new Builtin(name, ([value], site) => (value instanceof Poison ? poison : apply(value, site))))
  convert('String', (value, site) => textOfValue(evaluation, value, site.node))
  convert('Boolean', (value, site) => {
    if (value instanceof GraphTensor) {
      const rewrite = `tj\`\${x} != 0\``
      return refuse(evaluation, site.node, 'source_tensor_condition', { construct: 'Boolean', rewrite })
    }
    return isSymbolic(value) ? decide(evaluation, value, '!=', 0, site.node) : Boolean(value)
  })
  return scope
}

function numberNamespace(evaluation: Evaluation): Value {
  const members = new Map<string, Value>()
  for (const name of [
    'EPSILON',
    'MAX_SAFE_INTEGER',
    'MIN_SAFE_INTEGER',
    'MAX_VALUE',
    'MIN_VALUE',
    'POSITIVE_INFINITY',
    'NEGATIVE_INFINITY',
    'NaN',
  ] as const)
    members.set(name, Number[name])
  for (const name of ['isInteger', 'isFinite', 'isNaN', 'isSafeInteger'] as const)
    members.set(
      name,
      new Builtin(`Number.${name}`, ([value]) => {
        if (value instanceof Poison) return poison
        return dims.isDimExpression(value) ? name !== 'isNaN' : Number[name](value)
      }),
    )
  members.set('parseFloat', new Builtin('Number.parseFloat', ([value]) => Number.parseFloat(String(value))))
  members.set(
    'parseInt',
    new Builtin('Number.parseInt', ([value, radix]) => Number.parseInt(String(value), Number(radix ?? 10))),
  )
  return new CallableNamespace('Number', members, ([value = 0], site) => {
    if (value instanceof Poison || isSymbolic(value)) return value
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return Number(value)
    return refuse(evaluation, site.node, 'source_bad_argument', {
      argument: 'value',
      callee: 'Number',
      expected: 'a string or a number',
      got: describe(value),
    })
  })
}

/** A namespace that can be called too. */
export class CallableNamespace extends Namespace {
  readonly apply: Builtin['apply']

  constructor(name: string, members: ReadonlyMap<string, Value>, apply: Builtin['apply']) {
    super(name, members)
    this.apply = apply
  }
}

function objectNamespace(evaluation: Evaluation): Namespace {
  const members = new Map<string, Value>()
  const add = (name: string, apply: (object: ObjectValue | Value[], args: readonly Value[]) => Value): void => {
    members.set(
      name,
      new Builtin(`Object.${name}`, (args, site) => {
        const [object] = args
        if (object instanceof Poison) return poison
        if (Array.isArray(object) || isObject(object)) return apply(object, args)
        const params = {
          argument: 'object',
          callee: `Object.${name}`,
          expected: 'an object or an array',
          got: describe(object),
        }
        return refuse(evaluation, site.args[0] ?? site.node, 'source_bad_argument', params)
      }),
    )
  }
  add('keys', (object) => Object.keys(object))
  add('values', (object) => Object.values(object))
  add('entries', (object) => Object.entries(object).map(([key, value]) => [key, value]))
  add('freeze', (object) => object)
  add('hasOwn', (object, args) => Object.hasOwn(object, String(args[1])))
  members.set(
    'fromEntries',
    new Builtin('Object.fromEntries', ([entries], site) => fromEntries(evaluation, entries, site)),
  )
  members.set(
    'assign',
    new Builtin('Object.assign', (_, site) => {
      const instead = 'a spread: `{ ...object, name: value }`'
      return refuse(evaluation, site.node, 'source_unsupported_syntax', { what: '`Object.assign`', instead })
    }),
  )
  return new Namespace('Object', members)
}

function fromEntries(evaluation: Evaluation, entries: Value, site: CallSite): Value {
  const pairs = elementsOf(evaluation, entries, site.args[0] ?? site.node)
  if (pairs === undefined) return poison
  const object: ObjectValue = {}
  for (const pair of pairs) if (Array.isArray(pair)) setOwn(object, String(pair[0]), pair[1])
  return object
}

/** Arrays of more elements than this are not made while compiling. */
const MAX_LENGTH = 1_000_000

function arrayNamespace(evaluation: Evaluation): CallableNamespace {
  const members = new Map<string, Value>()
  members.set(
    'isArray',
    new Builtin('Array.isArray', ([value]) => (value instanceof Poison ? poison : Array.isArray(value))),
  )
  members.set('of', new Builtin('Array.of', (args) => [...args]))
  members.set('from', new Builtin('Array.from', (args, site) => arrayFrom(evaluation, args, site)))
  return new CallableNamespace('Array', members, (args, site) => {
    const [length] = args
    if (args.length !== 1 || (typeof length !== 'number' && !isSymbolic(length))) return [...args]
    const items = ofLength(evaluation, { length }, site)
    return items === undefined ? poison : [...items]
  })
}

function arrayFrom(evaluation: Evaluation, [source, map]: readonly Value[], site: CallSite): Value {
  const items = isObject(source)
    ? ofLength(evaluation, source, site)
    : elementsOf(evaluation, source, site.args[0] ?? site.node)
  if (items === undefined) return poison
  if (!isCallable(map)) return [...items]
  return asLoop(evaluation, 'Array.from(…)', site.node, (turn) =>
    items.map((item, index) => {
      turn()
      return evaluation.parts.call(map, [item, index], site.args[1] ?? site.node)
    }),
  )
}

function ofLength(evaluation: Evaluation, source: ObjectValue, site: CallSite): readonly Value[] | undefined {
  const { length } = source
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0 && length <= MAX_LENGTH)
    return Array.from({ length }, (_, i) => source[String(i)])
  if (length instanceof Poison) return undefined
  if (isSymbolic(length))
    refuse(evaluation, site.node, 'source_not_static', { what: `the length of an array, ${describe(length)},` })
  else
    refuse(evaluation, site.node, 'source_bad_argument', {
      argument: 'length',
      callee: 'Array.from',
      expected: `a whole number up to ${MAX_LENGTH}`,
      got: describe(length),
    })
  return undefined
}

// array-methods: what arrays can do while compiling
//
// As JavaScript defines them. Callbacks run once for each element and count as turns of a loop; methods that change the
// array need one that this call has made and that no loop goes over.

import type { Node } from '@babel/types'
import { mayChange } from './assign.ts'
import { truthOf } from './conditions.ts'
import { describe } from './describe.ts'
import { type Evaluation, textOf } from './evaluation.ts'
import { asLoop, whileIterating } from './loops.ts'
import { refuse } from './report.ts'
import { decide, isSymbolic, textOfValue } from './static-operators.ts'
import { Builtin, type CallSite, Poison, type Value, isCallable, poison } from './value.ts'

interface Call {
  readonly evaluation: Evaluation
  readonly array: Value[]
  readonly args: readonly Value[]
  readonly site: CallSite
  /** How the source names the array. */
  readonly text: string
}

type Method = (call: Call) => Value

/** Returns the method of an array, bound to it; undefined where there is none of this name. */
export function arrayMethod(evaluation: Evaluation, array: Value[], name: string, text: string): Builtin | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return undefined
  return new Builtin(name, (args, site) => {
    if (mutators.has(name) && !mayChange(evaluation, array, site.node, text)) return poison
    return method({ evaluation, array, args, site, text })
  })
}

const mutators: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'sort', 'fill'])

const methods: { readonly [name: string]: Method } = {
  map: (call) => each(call, (run) => call.array.map((item, i) => run(item, i))),
  filter: (call) => each(call, (run) => call.array.filter((item, i) => isTrue(call, run(item, i)))),
  forEach: (call) => each(call, (run) => call.array.forEach((item, i) => run(item, i))),
  flatMap: (call) => each(call, (run) => call.array.flatMap((item, i) => run(item, i))),
  some: (call) => each(call, (run) => call.array.some((item, i) => isTrue(call, run(item, i)))),
  every: (call) => each(call, (run) => call.array.every((item, i) => isTrue(call, run(item, i)))),
  find: (call) => each(call, (run) => call.array.find((item, i) => isTrue(call, run(item, i)))),
  findLast: (call) => each(call, (run) => call.array.findLast((item, i) => isTrue(call, run(item, i)))),
  findIndex: (call) => each(call, (run) => call.array.findIndex((item, i) => isTrue(call, run(item, i)))),
  findLastIndex: (call) => each(call, (run) => call.array.findLastIndex((item, i) => isTrue(call, run(item, i)))),
  reduce: (call) =>
    reduce(
      call,
      call.array.map((item, i) => [item, i] as const),
    ),
  reduceRight: (call) => reduce(call, call.array.map((item, i) => [item, i] as const).toReversed()),
  indexOf: ({ evaluation, array, args, site }) =>
    array.findIndex((item) => isSame(evaluation, item, args[0], site.node)),
  lastIndexOf: ({ evaluation, array, args, site }) =>
    array.findLastIndex((item) => isSame(evaluation, item, args[0], site.node)),
  includes: ({ evaluation, array, args, site }) => array.some((item) => isSame(evaluation, item, args[0], site.node)),
  at: (call) => call.array.at(whole(call, 0, 0)),
  slice: (call) => call.array.slice(whole(call, 0, 0), whole(call, 1, call.array.length)),
  concat: ({ array, args }) => array.concat(...args),
  join: ({ evaluation, array, args, site }) => joined(evaluation, array, args[0] ?? ',', site.node),
  flat: (call) => flatten(call.array, whole(call, 0, 1)),
  keys: ({ array }) => [...array.keys()],
  values: ({ array }) => [...array],
  entries: ({ array }) => array.map((item, i) => [i, item]),
  with: (call) => call.array.with(whole(call, 0, 0), call.args[1]),
  toReversed: ({ array }) => array.toReversed(),
  toSorted: (call) => sorted(call, [...call.array]),
  toSpliced: (call) => spliced(call, [...call.array], 'rest'),
  push: ({ array, args }) => array.push(...args),
  pop: ({ array }) => array.pop(),
  shift: ({ array }) => array.shift(),
  unshift: ({ array, args }) => array.unshift(...args),
  splice: (call) => spliced(call, call.array, 'taken'),
  reverse: ({ array }) => array.reverse(),
  fill: (call) => call.array.fill(call.args[0], whole(call, 1, 0), whole(call, 2, call.array.length)),
  sort: (call) => sorted(call, call.array),
}

/** The names of all methods, for proposals. */
export const arrayMethodNames: readonly string[] = Object.keys(methods)

/** Runs a method with a callback that is given the element and its index. */
function each(call: Call, body: (run: (item: Value, index: number) => Value) => Value | void): Value {
  const { evaluation, array, args, site, text } = call
  const callback = args[0]
  if (callback instanceof Poison) return poison
  if (!isCallable(callback)) {
    const node = site.args[0] ?? site.node
    return refuse(evaluation, node, 'source_not_callable', {
      what: `\`${textOf(evaluation, node)}\`, which is ${describe(callback)},`,
    })
  }
  const at = site.args[0] ?? site.node
  const head = `${text}.${nameOfCall(site.node)}(…)`
  const run =
    (turn: () => void) =>
    (item: Value, index: number): Value => {
      turn()
      return evaluation.parts.call(callback, [item, index, array], at)
    }
  const result = asLoop(evaluation, head, site.node, (turn) => whileIterating(evaluation, array, () => body(run(turn))))
  return result ?? undefined
}

function nameOfCall(node: Node): string {
  const callee = node.type === 'CallExpression' || node.type === 'OptionalCallExpression' ? node.callee : undefined
  const isMember = callee?.type === 'MemberExpression' || callee?.type === 'OptionalMemberExpression'
  return isMember && callee.property.type === 'Identifier' ? callee.property.name : 'map'
}

function isTrue({ evaluation, site }: Call, value: Value): boolean {
  const node = site.args[0] ?? site.node
  // an argument of a call is an expression; a spread one has no place of its own
  const truth = node.type === 'SpreadElement' ? Boolean(value) : testResult(evaluation, value, node)
  return truth === true
}

function testResult(evaluation: Evaluation, value: Value, node: Node): boolean | Poison {
  const construct = { name: 'a callback that decides', rewrite: (text: string) => `where(${text}, a, b)` }
  // only the place of the node is used
  return truthOf(evaluation, value, node as Parameters<typeof truthOf>[2], construct)
}

function reduce(call: Call, items: readonly (readonly [Value, number])[]): Value {
  const { evaluation, array, args, site, text } = call
  const callback = args[0]
  if (callback instanceof Poison) return poison
  if (!isCallable(callback)) return each(call, () => undefined)
  const [first, ...rest] = items
  if (args.length < 2 && first === undefined)
    return refuse(evaluation, site.node, 'source_exception', {
      message: `\`${text}\` is empty, and there is no initial value`,
    })
  const start = args.length < 2 ? first?.[0] : args[1]
  const at = site.args[0] ?? site.node
  return asLoop(evaluation, `${text}.reduce(…)`, site.node, (turn) =>
    whileIterating(evaluation, array, () =>
      (args.length < 2 ? rest : items).reduce((carry, [item, index]) => {
        turn()
        return evaluation.parts.call(callback, [carry, item, index, array], at)
      }, start),
    ),
  )
}

function isSame(evaluation: Evaluation, left: Value, right: Value, node: Node): boolean {
  if (isSymbolic(left) || isSymbolic(right)) {
    const isSized = (value: Value): boolean => typeof value === 'number' || isSymbolic(value)
    if (!isSized(left) || !isSized(right)) return false
    const [a, b] = [left, right]
    if ((typeof a === 'number' || isSymbolic(a)) && (typeof b === 'number' || isSymbolic(b)))
      return decide(evaluation, a, '==', b, node) === true
  }
  return Object.is(left, right) || left === right
}

function whole({ evaluation, args, site }: Call, index: number, missing: number): number {
  const value = args[index]
  if (value === undefined) return missing
  if (typeof value === 'number') return Math.trunc(value)
  if (!(value instanceof Poison))
    refuse(evaluation, site.args[index] ?? site.node, 'source_not_static', { what: `this index, ${describe(value)},` })
  return missing
}

function joined(evaluation: Evaluation, array: readonly Value[], separator: Value, node: Node): Value {
  const parts = array.map((item) => (item === undefined || item === null ? '' : textOfValue(evaluation, item, node)))
  return parts.some((part) => part instanceof Poison) ? poison : parts.join(String(separator))
}

function flatten(array: readonly Value[], depth: number): Value[] {
  return array.flatMap((item) => (Array.isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]))
}

function spliced(call: Call, array: Value[], result: 'taken' | 'rest'): Value {
  const start = whole(call, 0, 0)
  const taken = array.splice(start, call.args.length < 2 ? array.length : whole(call, 1, 0), ...call.args.slice(2))
  return result === 'taken' ? taken : array
}

function sorted(call: Call, array: Value[]): Value {
  const { evaluation, args, site } = call
  const compare = args[0]
  if (compare === undefined) return array.sort((a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0))
  if (!isCallable(compare)) return each(call, () => undefined)
  return array.sort((a, b) => {
    const order = evaluation.parts.call(compare, [a, b], site.args[0] ?? site.node)
    if (typeof order === 'number') return order
    if (!(order instanceof Poison))
      refuse(evaluation, site.args[0] ?? site.node, 'source_not_static', {
        what: `the order of elements, ${describe(order)},`,
      })
    return 0
  })
}

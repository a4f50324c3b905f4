// math: JavaScript's `Math` while compiling, without `random`
//
// Dimensions pass through the functions that keep them whole; the others need numbers.

import { dims } from '@tsjit/dsl/compiler'
import { describe } from './describe.ts'
import { ceil, floor, round, truncate } from './dim-arithmetic.ts'
import type { Evaluation } from './evaluation.ts'
import { refuse } from './report.ts'
import { decide, isSymbolic } from './static-operators.ts'
import { Builtin, type CallSite, GraphTensor, Namespace, Poison, Ratio, type Value, poison } from './value.ts'

const onNumbers: readonly (keyof Math & string)[] = [
  ...(['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1'] as const),
  ...([
    'fround',
    'hypot',
    'imul',
    'log',
    'log10',
    'log1p',
    'log2',
    'sin',
    'sinh',
    'sqrt',
    'tan',
    'tanh',
    'clz32',
  ] as const),
]

const constants: readonly (keyof Math & string)[] = ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2']

/** Returns `Math`. */
export function mathNamespace(evaluation: Evaluation): Namespace {
  const members = new Map<string, Value>()
  const add = (name: string, apply: (args: readonly Value[], site: CallSite) => Value): void => {
    members.set(
      name,
      new Builtin(`Math.${name}`, (args, site) =>
        args.some((arg) => arg instanceof Poison) ? poison : apply(args, site),
      ),
    )
  }
  for (const name of constants) members.set(name, Number(Reflect.get(Math, name)))
  for (const name of onNumbers) add(name, (args, site) => callMath(evaluation, name, args, site))
  const rounding = { floor, ceil, round, trunc: truncate }
  for (const [name, apply] of Object.entries(rounding))
    add(name, (args, site) => {
      const [value] = args
      return isSymbolic(value)
        ? (apply(value) ?? callMath(evaluation, name, args, site))
        : callMath(evaluation, name, args, site)
    })
  add('abs', (args, site) => signed(evaluation, 'abs', args, site))
  add('sign', (args, site) => signed(evaluation, 'sign', args, site))
  add('pow', (args, site) => callMath(evaluation, 'pow', args, site))
  for (const name of ['min', 'max'] as const) add(name, (args, site) => extreme(evaluation, name, args, site))
  return new Namespace('Math', members, (name, node) =>
    name === 'random' ? refuse(evaluation, node, 'source_nondeterministic', { name: 'Math.random' }) : undefined,
  )
}

function callMath(evaluation: Evaluation, name: string, args: readonly Value[], site: CallSite): Value {
  const numbers: number[] = []
  for (const [index, arg] of args.entries()) {
    if (typeof arg === 'number' || typeof arg === 'boolean' || typeof arg === 'string') numbers.push(Number(arg))
    else return refuseMath(evaluation, name, arg, index, site)
  }
  const apply: unknown = Reflect.get(Math, name)
  return typeof apply === 'function' ? Number(Reflect.apply(apply, Math, numbers)) : poison
}

function refuseMath(evaluation: Evaluation, name: string, arg: Value, index: number, site: CallSite): Poison {
  const node = site.args[index] ?? site.node
  const callee = `Math.${name}`
  if (isSymbolic(arg)) {
    const help = `use the operation \`${name}\` on it as a tensor, or give the dimension one size`
    return refuse(
      evaluation,
      node,
      'source_not_static',
      { what: `the argument of \`${callee}\`, ${describe(arg)},` },
      { help },
    )
  }
  const expected = arg instanceof GraphTensor ? 'a number (tensors have operations of the DSL)' : 'a number'
  return refuse(evaluation, node, 'source_bad_argument', { argument: 'x', callee, expected, got: describe(arg) })
}

function signed(evaluation: Evaluation, name: 'abs' | 'sign', args: readonly Value[], site: CallSite): Value {
  const [value] = args
  if (!isSymbolic(value) || value instanceof Ratio) return callMath(evaluation, name, args, site)
  if (dims.compare(value, '>=', 0) === 'yes')
    return name === 'abs' ? value : decide(evaluation, value, '>', 0, site.node) === true ? 1 : 0
  return dims.compare(value, '<=', 0) === 'yes' && name === 'abs'
    ? dims.mul(value, -1)
    : callMath(evaluation, name, args, site)
}

function extreme(evaluation: Evaluation, name: 'min' | 'max', args: readonly Value[], site: CallSite): Value {
  if (!args.some(isSymbolic)) return callMath(evaluation, name, args, site)
  let result: dims.Dim | undefined
  for (const [index, arg] of args.entries()) {
    if (arg instanceof Ratio || (typeof arg !== 'number' && !isSymbolic(arg)))
      return refuseMath(evaluation, name, arg, index, site)
    // an infinity is no bound of its own
    if (typeof arg === 'number' && !Number.isFinite(arg)) {
      if (arg > 0 === (name === 'min')) continue
      return arg
    }
    if (!dims.isDimExpression(arg) && !Number.isInteger(arg)) return refuseMath(evaluation, name, arg, index, site)
    result = result === undefined ? arg : dims[name](result, arg)
  }
  return result
}

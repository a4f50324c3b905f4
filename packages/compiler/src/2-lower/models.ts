// models: `model({ … })` -> a model that is not lowered yet

import type { Expression, Node } from '@babel/types'
import { describe } from './describe.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Evaluation } from './evaluation.ts'
import { refuse } from './report.ts'
import { Builtin, type CallSite, Closure, ModelValue, Poison, type Value, isObject, poison } from './value.ts'

const known: readonly string[] = ['inputs', 'layers', 'forward']

/** Evaluates `model({ inputs, layers, forward })`. */
export function createModel(evaluation: Evaluation, [parts]: readonly Value[], site: CallSite): Value {
  if (parts instanceof Poison) return poison
  const [argument = site.node] = site.args
  if (!isObject(parts)) {
    const expected = 'an object with `inputs`, `layers` and `forward`'
    return refuse(evaluation, argument, 'source_bad_argument', {
      argument: 'parts',
      callee: 'model',
      expected,
      got: describe(parts),
    })
  }
  for (const option of Object.keys(parts)) {
    if (known.includes(option)) continue
    const near = didYouMean(option, known)
    const help = near === undefined ? 'it takes `inputs`, `layers` and `forward`' : `did you mean \`${near}\`?`
    refuse(evaluation, keyAt(argument, option) ?? argument, 'option_unknown', { callee: 'model', option }, { help })
  }
  for (const option of ['inputs', 'forward'])
    if (!Object.hasOwn(parts, option)) {
      // a misspelt option is not missing as well
      if (Object.keys(parts).some((name) => didYouMean(name, [option]) === option)) return poison
      refuse(evaluation, site.node, 'option_missing', { callee: 'model', option })
      return poison
    }
  const { inputs, layers, forward } = parts
  if (forward instanceof Poison) return poison
  if (!(forward instanceof Closure) && !(forward instanceof Builtin)) {
    const params = { option: 'forward', callee: 'model', expected: 'a function', got: describe(forward) }
    return refuse(evaluation, nodeAt(argument, ['forward']), 'option_invalid', params)
  }
  return new ModelValue({
    inputs,
    layers: layers === undefined ? {} : layers,
    forward,
    site: site.node,
    file: evaluation.module.file,
  })
}

/** Returns the expression at a path of object and array literals, as far down as they are literals. */
export function nodeAt(node: Node, path: readonly string[]): Node {
  const [first, ...rest] = path
  if (first === undefined) return node
  const inner = unwrapped(node)
  if (inner.type === 'ObjectExpression') {
    const keyed = inner.properties.filter((property) => property.type !== 'SpreadElement')
    // a key may itself hold dots
    const whole = keyed.find((property) => nameOf(property.key) === path.join('.'))
    const property = whole ?? keyed.find((each) => nameOf(each.key) === first)
    if (property?.type === 'ObjectMethod') return property
    if (property !== undefined) return nodeAt(property.value, property === whole ? [] : rest)
  }
  const element = inner.type === 'ArrayExpression' ? inner.elements[Number(first)] : undefined
  return !element ? node : nodeAt(element, rest)
}

function keyAt(node: Node, name: string): Node | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const property = node.properties.find((each) => each.type !== 'SpreadElement' && nameOf(each.key) === name)
  return property === undefined || property.type === 'SpreadElement' ? undefined : property.key
}

function nameOf(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name
  if (key.type === 'StringLiteral') return key.value
  return key.type === 'NumericLiteral' ? String(key.value) : undefined
}

function unwrapped(node: Node): Node {
  const isWrapper =
    node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression' || node.type === 'ParenthesizedExpression'
  return isWrapper ? unwrapped(node.expression satisfies Expression) : node
}

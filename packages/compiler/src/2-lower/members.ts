// members: `object.name`
//
// Plain objects give undefined for a property that they lack, as in JavaScript; tensors, layers, `Math` and what a
// model's `forward` receives have known properties, and reading another one is an error with the nearest name.

import type { Node } from '@babel/types'
import { WeightDeclaration, definitions, dims, findOperation, isMethod } from '@tsjit/dsl/compiler'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { arrayMethod, arrayMethodNames } from './array-methods.ts'
import { describe } from './describe.ts'
import { type Evaluation, spanOf } from './evaluation.ts'
import { applyOperation, methodNames } from './operations.ts'
import { refuse } from './report.ts'
import { stringMember, stringMemberNames } from './string-methods.ts'
import { isSymbolic } from './static-operators.ts'
import {
  Builtin,
  Closure,
  GraphTensor,
  LayerValue,
  ModelValue,
  Namespace,
  Poison,
  type Value,
  isObject,
  poison,
} from './value.ts'

/** Reads a property. `node` is where the name stands, `text` how the source names the object. */
export function readProperty(evaluation: Evaluation, object: Value, name: string, node: Node, text: string): Value {
  if (object instanceof Poison) return poison
  if (object === undefined || object === null) {
    const message = `\`${text}\` is ${String(object)}, which has no property \`${name}\``
    return refuse(evaluation, node, 'source_exception', { message })
  }
  if (object instanceof GraphTensor) return tensorProperty(evaluation, object, name, node)
  if (Array.isArray(object)) return arrayProperty(evaluation, object, name, node, text)
  if (typeof object === 'string')
    return stringMember(evaluation, object, name, node) ?? unknown(evaluation, object, name, node, stringMemberNames)
  if (typeof object === 'number' || isSymbolic(object)) return numberProperty(evaluation, object, name, node)
  if (object instanceof Namespace) return namespaceMember(evaluation, object, name, node)
  if (object instanceof LayerValue) return layerProperty(evaluation, object, name, node)
  if (object instanceof WeightDeclaration) return weightProperty(evaluation, object, name, node)
  if (isObject(object)) return objectProperty(evaluation, object, name, node)
  if (object instanceof Closure || object instanceof Builtin) {
    if (name === 'name') return object.name
    if (name === 'length') return object instanceof Closure ? object.node.params.length : 0
  }
  if (object instanceof ModelValue) return unknown(evaluation, object, name, node, [])
  return unknown(evaluation, object, name, node, [])
}

/** Reports a property that does not exist, with the nearest that does. Returns poison. */
function unknown(
  evaluation: Evaluation,
  object: Value,
  name: string,
  node: Node,
  known: readonly string[],
  called: string = describe(object),
): Poison {
  const near = didYouMean(name, known)
  if (near === undefined) return refuse(evaluation, node, 'source_unknown_property', { of: called, name })
  const isName = node.type === 'Identifier' && node.name === name
  const fix = { title: `write \`${near}\``, edits: [{ span: spanOf(evaluation, node), text: near }] }
  const help = `did you mean \`${near}\`?`
  return refuse(evaluation, node, 'source_unknown_property', { of: called, name }, isName ? { help, fix } : { help })
}

const tensorProperties: readonly string[] = ['shape', 'dtype', 'rank', 'size', 'T', 'mT']

function tensorProperty(evaluation: Evaluation, tensor: GraphTensor, name: string, node: Node): Value {
  switch (name) {
    case 'shape':
      return shapeArray(evaluation, tensor.shape)
    case 'dtype':
      return tensor.dtype
    case 'rank':
      return tensor.shape.length
    case 'size':
      return dims.product(tensor.shape)
    case 'T':
    case 'mT':
      return applyOperation(evaluation, 'transpose', [tensor], { node, args: [] })
  }
  const definition = Object.hasOwn(definitions, name) ? findOperation(name) : undefined
  if (definition !== undefined && isMethod(definition)) {
    const operation = findOperationName(name)
    return new Builtin(name, (args, site) =>
      operation === undefined
        ? poison
        : applyOperation(evaluation, operation, [tensor, ...args], { ...site, args: [node, ...site.args] }),
    )
  }
  if (name === 'length') return unknownLength(evaluation, tensor, node)
  return unknown(evaluation, tensor, name, node, [...tensorProperties, ...methodNames()])
}

function shapeArray(evaluation: Evaluation, shape: GraphTensor['shape']): Value {
  const array = [...shape]
  evaluation.shapes.add(array)
  return array
}

function findOperationName(name: string): keyof typeof definitions | undefined {
  return Object.values(definitions).some((each) => each.name === name) ? (name as keyof typeof definitions) : undefined
}

function unknownLength(evaluation: Evaluation, tensor: GraphTensor, node: Node): Poison {
  const help = 'the size of the first axis is `.shape[0]`, the number of axes `.rank`'
  return refuse(evaluation, node, 'source_unknown_property', { of: describe(tensor), name: 'length' }, { help })
}

function arrayProperty(evaluation: Evaluation, array: Value[], name: string, node: Node, text: string): Value {
  if (name === 'length') return array.length
  if (/^\d+$/.test(name)) return array[Number(name)]
  const method = arrayMethod(evaluation, array, name, text)
  return method ?? unknown(evaluation, array, name, node, ['length', ...arrayMethodNames], 'an array')
}

function numberProperty(evaluation: Evaluation, number: Value, name: string, node: Node): Value {
  if (typeof number === 'number' && (name === 'toFixed' || name === 'toString' || name === 'toPrecision'))
    return new Builtin(name, ([digits]) => {
      if (name === 'toString') return number.toString(typeof digits === 'number' ? digits : undefined)
      return name === 'toFixed' ? number.toFixed(Number(digits ?? 0)) : number.toPrecision(Number(digits ?? 6))
    })
  return unknown(evaluation, number, name, node, ['toFixed', 'toString', 'toPrecision'])
}

function namespaceMember(evaluation: Evaluation, namespace: Namespace, name: string, node: Node): Value {
  const member = namespace.members.get(name)
  if (member !== undefined || namespace.members.has(name)) return member
  const made = namespace.missing?.(name, node)
  return made ?? unknown(evaluation, namespace, name, node, [...namespace.members.keys()])
}

function layerProperty(evaluation: Evaluation, layer: LayerValue, name: string, node: Node): Value {
  const { parts } = layer
  if (Array.isArray(parts) && name === 'length') return parts.length
  const isPart = (Array.isArray(parts) || isObject(parts)) && Object.hasOwn(parts, name)
  if (isPart) return layerPart(evaluation, layer, name)
  return unknown(evaluation, layer, name, node, isObject(parts) ? Object.keys(parts) : [])
}

/** Returns a part of a layer, a weight as the tensor of the model at hand; undefined where there is none. */
export function layerPart(evaluation: Evaluation, { parts }: LayerValue, name: string): Value {
  const part = Array.isArray(parts)
    ? parts[Number(name)]
    : isObject(parts) && Object.hasOwn(parts, name)
      ? parts[name]
      : undefined
  return part instanceof WeightDeclaration ? (evaluation.model?.weights.get(part) ?? part) : part
}

function weightProperty(evaluation: Evaluation, weight: WeightDeclaration, name: string, node: Node): Value {
  if (name === 'shape') return shapeArray(evaluation, weight.shape)
  if (name === 'dtype') return weight.dtype
  if (name === 'rank') return weight.shape.length
  if (name === 'size') return weight.shape.reduce((product, size) => product * size, 1)
  const help =
    'its value is there in the forward function that receives it; outside, only its `shape` and `dtype` are known'
  return refuse(evaluation, node, 'source_unknown_property', { of: describe(weight), name }, { help })
}

function objectProperty(evaluation: Evaluation, object: { [name: string]: Value }, name: string, node: Node): Value {
  if (Object.hasOwn(object, name)) return object[name]
  const called = evaluation.sealed.get(object)
  if (called === undefined) return undefined
  return unknown(evaluation, object, name, node, Object.keys(object), called)
}

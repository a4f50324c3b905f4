// verify: checks that a graph is one
//
// Every value is made once and before its use, every op has the type that the rule of its kind gives, outputs are in
// scope, names are not used twice. Runs after every pass in tests; what fails is a bug of the compiler.

import { OperationError, dims, inferType } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Graph, Op, PrimitiveKind, TensorType, Value } from './graph.ts'
import { printValueType } from './print.ts'

/** Throws `internal: …` unless the graph is well formed. `stage` says who made it. */
export function verifyGraph(graph: Graph, stage: string = 'verify'): void {
  const fail = (message: string): never => internalError(`${stage}: graph ${graph.name}: ${message}`)
  const known = new Set<Value>()
  const ids = new Set<number>()
  const define = (value: Value, what: string): void => {
    if (known.has(value) || ids.has(value.id)) fail(`${what} makes a value that is there already`)
    known.add(value)
    ids.add(value.id)
  }
  checkPaths(graph, fail)
  for (const { path, value } of [...graph.inputs, ...graph.weights]) define(value, path)
  for (const [index, op] of graph.ops.entries()) {
    const what = `op ${index}, ${op.kind},`
    for (const input of op.inputs) if (!known.has(input)) fail(`${what} reads a value that is not in scope`)
    define(op.result, what)
    checkType(op, what, fail)
  }
  for (const { path, value } of graph.outputs) if (!known.has(value)) fail(`output ${path} is not in scope`)
  checkDims(graph, fail)
}

type Fail = (message: string) => never

function checkPaths(graph: Graph, fail: Fail): void {
  for (const slots of [graph.inputs, graph.weights, graph.outputs]) {
    const paths = slots.map(({ path }) => path)
    const twice = paths.find((path, index) => paths.indexOf(path) < index)
    if (twice !== undefined) fail(`${twice} is there twice`)
  }
}

function checkType<K extends PrimitiveKind>({ kind, inputs, params, result }: Op<K>, what: string, fail: Fail): void {
  const expected = infer(kind, inputs, params, what, fail)
  const { type } = result
  const isSame =
    expected.dtype === type.dtype &&
    expected.shape.length === type.shape.length &&
    expected.shape.every((size, axis) => dims.compare(size, '==', type.shape[axis] ?? Number.NaN) === 'yes')
  if (!isSame)
    fail(`${what} is ${printValueType(result)}, but its rule gives ${printValueType({ id: 0, type: expected })}`)
}

function infer<K extends PrimitiveKind>(
  kind: K,
  inputs: readonly Value[],
  params: Op<K>['params'],
  what: string,
  fail: Fail,
): TensorType {
  try {
    return inferType(
      kind,
      inputs.map(({ type }) => type),
      params,
    )
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    return fail(`${what} is refused by its rule: ${error.message}`)
  }
}

function checkDims(graph: Graph, fail: Fail): void {
  const declared = new Set(graph.dims.map(({ name }) => name))
  for (const op of graph.ops)
    for (const { name } of op.result.type.shape.flatMap((size) => dims.symbolsOf(size)))
      if (!declared.has(name)) fail(`${op.kind} has the dimension ${name}, which no input has`)
}

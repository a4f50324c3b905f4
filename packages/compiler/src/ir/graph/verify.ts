// verify: checks that a graph is one
//
// Every value is made once and before its use, every op has the type that the rule of its kind gives, arms and turns give
// what their op says, outputs are in scope, names are not used twice. Runs after every pass in tests; what fails is a bug of the compiler.

import { OperationError, dims, inferType } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { ControlOp, Graph, GraphOp, Op, PrimitiveKind, Region, TensorType, Value } from './graph.ts'
import { countersOf, forEachOp, isControl, resultsOf } from './regions.ts'
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
  const checkOps = (ops: readonly GraphOp[]): void => {
    for (const [index, op] of ops.entries()) {
      const what = `op ${index}, ${op.kind},`
      for (const input of op.inputs) if (!known.has(input)) fail(`${what} reads a value that is not in scope`)
      if (isControl(op)) checkControl(op, what)
      for (const result of resultsOf(op)) define(result, what)
      if (!isControl(op)) checkType(op, what, fail)
    }
  }
  const checkRegion = ({ ops, results }: Region, types: readonly TensorType[], what: string): void => {
    const outside = new Set(known)
    checkOps(ops)
    for (const result of results) if (!known.has(result)) fail(`${what} gives a value that is not in scope`)
    for (const value of known) if (!outside.has(value)) known.delete(value)
    types.forEach((type, i) => {
      const given = results[i]
      if (given === undefined || !isSameType(given.type, type))
        fail(`${what} gives ${given === undefined ? 'nothing' : printValueType(given)} for result ${i}`)
    })
    if (types.length !== results.length) fail(`${what} gives ${results.length} results, not ${types.length}`)
  }
  const checkControl = (op: ControlOp, what: string): void => {
    const types = op.results.map(({ type }) => type)
    if (op.kind === 'branch') return op.arms.forEach((arm) => checkRegion(arm, types, what))
    const { body, test } = op
    const carry = body.params.map(({ type }) => type)
    body.params.forEach((param) => define(param, what))
    const isSame = carry.every((type, i) => {
      const [input, result] = [op.inputs[i], types[i]]
      return input !== undefined && result !== undefined && isSameType(input.type, type) && isSameType(result, type)
    })
    if (!isSame) fail(`${what} changes the type of what it carries`)
    if (test !== undefined) {
      if (test.params.some((param, i) => param !== body.params[i])) fail(`${what} tests another carry`)
      checkRegion(test, [{ dtype: 'bool', shape: [] }], what)
    }
    const stacked = types.slice(carry.length).map(({ dtype, shape }) => ({ dtype, shape: shape.slice(1) }))
    checkRegion(body, [...carry, ...stacked], what)
    for (const param of body.params) known.delete(param)
  }
  checkOps(graph.ops)
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
  if (!isSameType(expected, type))
    fail(`${what} is ${printValueType(result)}, but its rule gives ${printValueType({ id: 0, type: expected })}`)
}

function isSameType(a: TensorType, b: TensorType): boolean {
  return (
    a.dtype === b.dtype &&
    a.shape.length === b.shape.length &&
    a.shape.every((size, axis) => dims.compare(size, '==', b.shape[axis] ?? Number.NaN) === 'yes')
  )
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
  const declared = new Set([...graph.dims.map(({ name }) => name), ...countersOf(graph.ops)])
  forEachOp(graph.ops, (op) => {
    for (const { name } of resultsOf(op).flatMap(({ type }) => type.shape.flatMap((size) => dims.symbolsOf(size))))
      if (!declared.has(name)) fail(`${op.kind} has the dimension ${name}, which no input has`)
  })
}

// eager-graph: a graph as the library runs it without a compiler

import { type Dim, type TensorBase, createElements, dims } from '@tsjit/dsl/compiler'
import { EagerTensor } from '../../../dsl/src/eager/eager-tensor.ts'
import { eagerMachine } from '../../../dsl/src/eager/control.ts'
import type { Graph, GraphOp, LoopOp, PrimitiveKind, PrimitiveParams, Region, Value } from '../../src/ir/graph/graph.ts'
import type { RefTensor } from './reference.ts'

/** Runs a graph eagerly. Inputs and weights by path, dimensions by name. */
export function runEager(
  graph: Graph,
  given: ReadonlyMap<string, RefTensor>,
  sizes: ReadonlyMap<string, number>,
): ReadonlyMap<string, RefTensor> {
  const values = new Map<Value, TensorBase>()
  for (const { path, value } of [...graph.inputs, ...graph.weights]) {
    const { shape, data } = given.get(path) ?? { shape: [], data: [] }
    const elements = createElements(value.type.dtype, data.length)
    elements.set(data)
    values.set(value, new EagerTensor(value.type.dtype, shape, elements))
  }
  runOps(graph.ops, { values, sizes })
  return new Map(
    graph.outputs.map(({ path, value }) => {
      const { shape, elements } = tensorIn(values, value) as EagerTensor // all that the eager builder makes
      return [path, { shape, data: [...elements] }]
    }),
  )
}

interface Run {
  readonly values: Map<Value, TensorBase>
  readonly sizes: ReadonlyMap<string, number>
}

function tensorIn(values: ReadonlyMap<Value, TensorBase>, value: Value): TensorBase {
  const found = values.get(value)
  if (found === undefined) throw new Error(`no value %${value.id}`)
  return found
}

function runOps(ops: readonly GraphOp[], run: Run): void {
  const { builder } = eagerMachine()
  const { values, sizes } = run
  const all = (wanted: readonly Value[]): readonly TensorBase[] => wanted.map((value) => tensorIn(values, value))
  for (const op of ops) {
    if (op.kind === 'loop') runLoop(op, run)
    else if (op.kind === 'branch') {
      const arms = op.arms.map((arm) => () => runRegion(arm, run))
      const results = builder.branch(tensorIn(values, op.inputs[0]), arms)
      op.results.forEach((result, i) => set(values, result, results[i]))
    } else values.set(op.result, builder.emit<PrimitiveKind>(op.kind, all(op.inputs), sized(op.params, sizes)))
  }
}

function runRegion({ ops, results }: Region, run: Run): readonly TensorBase[] {
  runOps(ops, run)
  return results.map((value) => tensorIn(run.values, value))
}

function runLoop({ inputs, counter, count, maximum, test, body, isReversed, results }: LoopOp, run: Run): void {
  const { values, sizes } = run
  const carried = body.params.length
  const bind = (carry: readonly TensorBase[]): void => body.params.forEach((param, i) => set(values, param, carry[i]))
  const last = inputs.at(-1)
  const turns = typeof count === 'string' ? undefined : dims.valueOf(count, sizes)
  const done = eagerMachine().builder.loop({
    init: inputs.slice(0, carried).map((value) => tensorIn(values, value)),
    count: count === 'tensor' && last !== undefined ? tensorIn(values, last) : turns,
    isReversed,
    ...(maximum === undefined ? {} : { maximum }),
    ...(test && {
      test(carry) {
        bind(carry)
        const [result] = runRegion(test, run)
        if (result === undefined) throw new Error('a test has a result')
        return result
      },
    }),
    body(carry, index) {
      bind(carry)
      const turn = isReversed && turns !== undefined ? turns - 1 - Number(index) : Number(index)
      const names = dims.symbolsOf(counter).map(({ name }) => [name, turn] as const)
      const found = runRegion(body, { values, sizes: new Map([...sizes, ...names]) })
      return { carry: found.slice(0, carried), stacked: found.slice(carried) }
    },
  })
  const made = [...done.carry, ...done.stacked]
  results.forEach((result, i) => set(values, result, made[i]))
}

function set(values: Map<Value, TensorBase>, value: Value, tensor: TensorBase | undefined): void {
  if (tensor === undefined) throw new Error(`nothing for %${value.id}`)
  values.set(value, tensor)
}

/** Puts numbers in place of dimensions. */
function sized<P extends PrimitiveParams[PrimitiveKind]>(params: P, sizes: ReadonlyMap<string, number>): P {
  const one = (value: unknown): unknown => (dims.isDimExpression(value) ? dims.valueOf(value as Dim, sizes) : value)
  const entries = Object.entries(params).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map(one) : one(value),
  ])
  return Object.fromEntries(entries) as P // the same keys
}

// count-on-device: loops whose turns are not counted by a size -> loops that only a test ends
//
// A number of turns that the device knows, or a limit besides a test, becomes one more carry and part of the test. Such a
// loop can stop after any turn and go on from its carry alone.

import { dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'
import { createOp } from '../../ir/graph/record.ts'
import type { AnyOp, ControlOp, GraphOp, LoopOp, Region, TensorType, Value } from '../../ir/graph/graph.ts'
import { counterNames, isControl, mapRegions, sizesOf } from '../../ir/graph/regions.ts'
import { emitInto } from './emit-ops.ts'

/** Rewrites all loops of ops, those in regions too. `fresh` makes values that no other op has made. */
export function countOnDevice(ops: readonly GraphOp[], fresh: (type: TensorType) => Value): readonly GraphOp[] {
  const inside = (region: Region): Region => ({ ...region, ops: countOnDevice(region.ops, fresh) })
  return ops.flatMap((op) => {
    if (!isControl(op)) return [op]
    const inner: ControlOp = mapRegions(op, inside)
    return inner.kind === 'loop' ? counted(inner, fresh) : [inner]
  })
}

function counted(loop: LoopOp, fresh: (type: TensorType) => Value): readonly GraphOp[] {
  const { count, maximum, test, body, inputs, results, origin } = loop
  const isSized = count !== 'tensor' && count !== 'test'
  if (isSized || (count === 'test' && maximum === undefined)) return [loop]
  const before: AnyOp[] = []
  const outside = emitInto(before, { fresh, origin })
  const int = (value: number): { readonly value: number; readonly dtype: 'i32' } => ({ value, dtype: 'i32' })
  const zero = outside('constant', [], int(0))
  const turn = fresh({ dtype: 'i32', shape: [] })
  const limits = [
    ...(count === 'tensor' ? inputs.slice(-1) : []),
    ...(maximum === undefined ? [] : [outside('constant', [], int(maximum))]),
  ]
  const testOps: GraphOp[] = [...(test?.ops ?? [])]
  const inTest = emitInto(testOps, { fresh, origin })
  const tests = [...limits.map((limit) => inTest('lt', [turn, limit], {})), ...(test?.results ?? [])]
  const holds = tests.reduce((a, b) => inTest('and', [a, b], {}))
  const bodyOps: GraphOp[] = body.ops.map((op) => readTurn(op, loop, turn))
  const inBody = emitInto(bodyOps, { fresh, origin })
  const next = inBody('add', [turn, inBody('constant', [], int(1))], {})
  const carried = body.params.length
  const params = [...body.params, turn]
  const last = fresh({ dtype: 'i32', shape: [] })
  return [
    ...before,
    {
      ...loop,
      inputs: [...inputs.slice(0, carried), zero],
      count: 'test',
      maximum: undefined,
      test: { params, ops: testOps, results: [holds] },
      body: { params, ops: bodyOps, results: [...body.results, next] },
      results: [...results, last],
    },
  ]
}

/** The counter as a value is the carry; such a loop stacks nothing, so nothing else names the counter. */
function readTurn(op: GraphOp, loop: LoopOp, turn: Value): GraphOp {
  if (isControl(op))
    return mapRegions(op, (region) => ({ ...region, ops: region.ops.map((each) => readTurn(each, loop, turn)) }))
  const names = counterNames(loop)
  const sizes = [...sizesOf(op), ...op.result.type.shape]
  if (!sizes.some((size) => dims.symbolsOf(size).some(({ name }) => names.includes(name)))) return op
  const isCounter = op.kind === 'dimension' && dims.isSame(op.params.value, loop.counter)
  invariant(isCounter, 'a turn that the device counts is read as it is')
  return createOp('reshape', [turn], { shape: [] }, op.result, op.origin)
}

// expand-combines: what lanes combine -> a tree over group memory
//
// For targets without a way for lanes to hand values to one another, and for the interpreter.

import { dims } from '@tsjit/dsl/compiler'
import type { Expr, Kernel, Stmt } from './kernel.ts'
import { mapBlocks } from './visit.ts'

/** Returns a kernel in which lanes combine values by way of group memory, half of them at a time. */
export function expandCombines(kernel: Kernel): Kernel {
  const [lanes] = kernel.lanes
  return { ...kernel, body: expand(kernel.body, lanes) }
}

function expand(body: readonly Stmt[], lanes: number): readonly Stmt[] {
  return body.flatMap((stmt) =>
    stmt.kind === 'combine' ? tree(stmt, lanes) : [mapBlocks(stmt, (block) => expand(block, lanes))],
  )
}

function tree(
  { name, array, op, value, lanes: joining = 0 }: Extract<Stmt, { kind: 'combine' }>,
  all: number,
): readonly Stmt[] {
  const { type } = value
  const lanes = joining === 0 ? all : joining
  const lane = dims.symbol('l0', { min: 0, below: all })
  const own = lanes === all ? lane : dims.mod(lane, lanes)
  const at = (index: dims.Dim): Expr => ({ kind: 'groupLoad', type, width: 1, array, index })
  const barrier: Stmt = { kind: 'barrier', memory: 'group' }
  const stmts: Stmt[] = [{ kind: 'groupStore', array, index: lane, value }, barrier]
  for (let half = lanes / 2; half >= 1; half /= 2) {
    const index: Expr =
      typeof own === 'number'
        ? { kind: 'const', type: 'i32', width: 1, value: own }
        : { kind: 'index', type: 'i32', width: 1, value: own }
    const limit: Expr = { kind: 'const', type: 'i32', width: 1, value: half }
    const condition: Expr = { kind: 'apply', type: 'bool', width: 1, op: 'lt', args: [index, limit] }
    const joined: Expr = { kind: 'apply', type, width: 1, op, args: [at(lane), at(dims.add(lane, half))] }
    const then: readonly Stmt[] = [{ kind: 'groupStore', array, index: lane, value: joined }]
    stmts.push({ kind: 'if', condition, then, otherwise: [] }, barrier)
  }
  if (lanes === all) return [...stmts, { kind: 'let', name, value: at(0) }]
  // the array may be the place of the next sum
  return [...stmts, { kind: 'let', name, value: at(dims.sub(lane, own)) }, barrier]
}

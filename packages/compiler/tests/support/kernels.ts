// kernels: kernels that several tests share
import { type DType, dims } from '@tsjit/dsl/compiler'
import type { Expr, Kernel, ScalarOp, ScalarType, Stmt, Width } from '../../src/ir/kernel/kernel.ts'

/** Group and lane symbols with the bounds that tests need. */
export const g0: dims.Dim = dims.symbol('g0', { min: 0, max: 65_534 })
export const l0: dims.Dim = dims.symbol('l0', { min: 0, max: 63 })

/** Returns a constant. */
export function constant(value: number, type: ScalarType = 'f32', width: Width = 1): Expr {
  return { kind: 'const', type, width, value }
}

/** Returns an op applied to operands of equal type and width. */
export function apply(op: ScalarOp, ...args: readonly Expr[]): Expr {
  const [first] = op === 'where' ? args.slice(1) : args
  const isBool = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isNaN'].includes(op)
  return { kind: 'apply', type: isBool ? 'bool' : first!.type, width: first!.width, op, args }
}

/** Returns an element (or a vector) of a parameter. */
export function load(param: string, index: dims.Dim, type: ScalarType = 'f32', width: Width = 1): Expr {
  return { kind: 'load', type, width, param, index }
}

/** Returns a read of a local. */
export function local(name: string, type: ScalarType = 'f32', width: Width = 1, element?: dims.Dim): Expr {
  return { kind: 'local', type, width, name, ...(element === undefined ? {} : { element }) }
}

/** Returns a conversion. */
export function cast(arg: Expr, type: ScalarType): Expr {
  return { kind: 'cast', type, width: arg.width, arg }
}

/** Returns a kernel with the parts that most tests leave alone. */
export function kernel(parts: Partial<Kernel> & { readonly body: readonly Stmt[] }): Kernel {
  return { name: 'test', params: [], dims: [], scalars: 0, lanes: [64, 1, 1], arrays: [], ...parts }
}

/** Returns y[i] = value(x…[i]) for every i = 64 * g0 + l0, guarded by the dimension n. */
export function elementwise(
  inputs: readonly DType[],
  output: DType,
  value: (index: dims.Dim) => Expr,
): Kernel {
  const n = dims.symbol('n', { min: 1, max: 1_000_000 })
  const index = dims.add(dims.mul(g0, 64), l0)
  const condition = apply('lt', { kind: 'index', type: 'i32', width: 1, value: index }, { kind: 'index', type: 'i32', width: 1, value: n })
  return kernel({
    params: [
      ...inputs.map((dtype, i) => ({ name: `x${i}`, dtype, access: 'read' as const })),
      { name: 'y', dtype: output, access: 'write' },
    ],
    dims: ['n'],
    body: [{ kind: 'if', condition, then: [{ kind: 'store', param: 'y', index, value: value(index) }], otherwise: [] }],
  })
}

// kernels: kernels that several tests share
import { type DType, dims } from '@tsjit/dsl/compiler'
import type { Expr, Kernel, ScalarOp, ScalarType, Stmt, Width } from '../../src/ir/kernel/kernel.ts'

export type { Expr, Kernel, Stmt }

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

/** Returns an index expression as a value. */
export function index(value: dims.Dim): Expr {
  return { kind: 'index', type: 'i32', width: 1, value }
}

/**
 * Returns y[i] = value(i) for i below the dimension n, i = 64 * g0 + l0 (or g0, with one lane). Where `width` is more than 1, y has n vectors of
 * it, and `aligned(i, width)` is where vector i starts.
 */
export function elementwise(
  inputs: readonly DType[],
  output: DType,
  value: (index: dims.Dim) => Expr,
  width: Width = 1,
  lanes: 1 | 64 = 64,
): Kernel {
  const n = dims.symbol('n', { min: 1, max: 1_000_000 })
  const at = lanes === 1 ? g0 : dims.add(dims.mul(g0, 64), l0)
  return kernel({
    lanes: [lanes, 1, 1],
    params: [
      ...inputs.map((dtype, i) => ({ name: `x${i}`, dtype, access: 'read' as const })),
      { name: 'y', dtype: output, access: 'write' },
    ],
    dims: ['n'],
    body: [
      {
        kind: 'if',
        condition: apply('lt', index(at), index(n)),
        then: [{ kind: 'store', param: 'y', index: aligned(at, width), value: value(at) }],
        otherwise: [],
      },
    ],
  })
}

/** Returns where vector `index` starts. */
export function aligned(index: dims.Dim, width: Width): dims.Dim {
  return dims.mul(index, width)
}

/** Returns softmax over rows of 100, a group of 64 lanes for each row: staged maxima and sums, barriers, a tree. */
export function softmaxRows(): Kernel {
  const j = (step: dims.Dim): dims.Dim => dims.add(l0, dims.mul(step, 64))
  const rowAt = (step: dims.Dim): dims.Dim => dims.add(dims.mul(g0, 100), j(step))
  const k = dims.symbol('k', { min: 0, max: 1 })
  const m = dims.symbol('m', { min: 0, max: 1 })
  const inRow = (step: dims.Dim): Expr => apply('lt', index(j(step)), constant(100, 'i32'))
  const lowest = constant(-3.4028234663852886e38)
  const term = (step: dims.Dim): Expr => apply('exp', apply('sub', load('x', rowAt(step)), local('peak')))
  return kernel({
    name: 'softmax',
    params: [
      { name: 'x', dtype: 'f32', access: 'read' },
      { name: 'y', dtype: 'f32', access: 'write' },
    ],
    arrays: [{ name: 'part', type: 'f32', width: 1, length: 64 }],
    body: [
      { kind: 'var', name: 'top', type: 'f32', width: 1, init: lowest },
      {
        kind: 'for',
        name: 'k',
        count: 2,
        unroll: false,
        body: [
          { kind: 'let', name: 'a', value: apply('where', inRow(k), load('x', rowAt(k)), lowest) },
          { kind: 'set', name: 'top', value: apply('maximum', local('top'), local('a')) },
        ],
      },
      ...reduceGroup('maximum', 'top'),
      { kind: 'let', name: 'peak', value: { kind: 'groupLoad', type: 'f32', width: 1, array: 'part', index: 0 } },
      { kind: 'barrier', memory: 'group' },
      { kind: 'var', name: 'total', type: 'f32', width: 1, init: constant(0) },
      {
        kind: 'for',
        name: 'm',
        count: 2,
        unroll: false,
        body: [
          {
            kind: 'set',
            name: 'total',
            value: apply('add', local('total'), apply('where', inRow(m), term(m), constant(0))),
          },
        ],
      },
      ...reduceGroup('add', 'total', '2'),
      { kind: 'let', name: 'sum', value: { kind: 'groupLoad', type: 'f32', width: 1, array: 'part', index: 0 } },
      ...[0, 1].map((step): Stmt => ({
        kind: 'if',
        condition: inRow(step),
        then: [
          {
            kind: 'store',
            param: 'y',
            index: rowAt(step),
            value: apply('div', term(step), local('sum')),
          },
        ],
        otherwise: [],
      })),
    ],
  })
}

/** Combines `part` over the 64 lanes of a group by halves; afterwards element 0 holds the result. */
function reduceGroup(op: ScalarOp, own: string, suffix = ''): readonly Stmt[] {
  const at = (array: dims.Dim): Expr => ({ kind: 'groupLoad', type: 'f32', width: 1, array: 'part', index: array })
  const halves = [32, 16, 8, 4, 2, 1].flatMap((half): readonly Stmt[] => [
    { kind: 'barrier', memory: 'group' },
    {
      kind: 'if',
      condition: apply('lt', index(l0), constant(half, 'i32')),
      then: [
        { kind: 'let', name: `other${half}${suffix}`, value: at(dims.add(l0, half)) },
        { kind: 'groupStore', array: 'part', index: l0, value: apply(op, at(l0), local(`other${half}${suffix}`)) },
      ],
      otherwise: [],
    },
  ])
  return [
    { kind: 'groupStore', array: 'part', index: l0, value: local(own) },
    ...halves,
    { kind: 'barrier', memory: 'group' },
  ]
}

/**
 * Returns y = max(x @ w + b, 0) for x [B, 96], w [96, 64]: tiles of 32 x 32 by 8 x 8 lanes, 4 x 4 for each lane, 16 of k
 * staged at a time.
 */
export function tiledMatmul(): Kernel {
  const B = dims.symbol('B', { min: 1, max: 1024 })
  const l1 = dims.symbol('l1', { min: 0, max: 7 })
  const lane = dims.symbol('l0', { min: 0, max: 7 })
  const g1 = dims.symbol('g1', { min: 0, max: 1 })
  const at = (name: string, max: number): dims.Dim => dims.symbol(name, { min: 0, max })
  const [k0, t, k, u, v] = [at('k0', 5), at('t', 7), at('k', 15), at('u', 3), at('v', 3)]
  const thread = dims.add(dims.mul(l1, 8), lane)
  const flat = dims.add(dims.mul(t, 64), thread)
  const [row, column] = [dims.floorDiv(flat, 16), dims.mod(flat, 16)]
  const [krow, kcolumn] = [dims.floorDiv(flat, 32), dims.mod(flat, 32)]
  const m = dims.add(dims.mul(g0, 32), row)
  const xIndex = dims.add(dims.mul(m, 96), dims.add(dims.mul(k0, 16), column))
  const wIndex = dims.add(dims.mul(dims.add(dims.mul(k0, 16), krow), 64), dims.add(dims.mul(g1, 32), kcolumn))
  const tile = (array: string, i: dims.Dim): Expr => ({ kind: 'groupLoad', type: 'f32', width: 1, array, index: i })
  const [outRow, outColumn] = [at('p', 3), at('q', 3)]
  const orow = dims.add(dims.mul(g0, 32), dims.add(dims.mul(l1, 4), outRow))
  const ocolumn = dims.add(dims.mul(g1, 32), dims.add(dims.mul(lane, 4), outColumn))
  const element = dims.add(dims.mul(u, 4), v)
  const loop = (name: string, count: number, unroll: boolean, ...body: readonly Stmt[]): Stmt => ({
    kind: 'for',
    name,
    count,
    unroll,
    body,
  })
  const product: Expr = {
    kind: 'multiplyAdd',
    type: 'f32',
    width: 1,
    args: [
      tile('A', dims.add(dims.mul(dims.add(dims.mul(l1, 4), u), 16), k)),
      tile('W', dims.add(dims.mul(k, 32), dims.add(dims.mul(lane, 4), v))),
      local('c', 'f32', 1, element),
    ],
  }
  const sum = apply('add', local('c', 'f32', 1, dims.add(dims.mul(outRow, 4), outColumn)), load('b', ocolumn))
  return kernel({
    name: 'contract_add_maximum',
    params: [
      { name: 'x', dtype: 'f32', access: 'read' },
      { name: 'w', dtype: 'f32', access: 'read' },
      { name: 'b', dtype: 'f32', access: 'read' },
      { name: 'y', dtype: 'f32', access: 'write' },
    ],
    dims: ['B'],
    lanes: [8, 8, 1],
    arrays: [
      { name: 'A', type: 'f32', width: 1, length: 512 },
      { name: 'W', type: 'f32', width: 1, length: 512 },
    ],
    body: [
      { kind: 'var', name: 'c', type: 'f32', width: 1, length: 16, init: constant(0) },
      loop(
        'k0',
        6,
        false,
        loop(
          't',
          8,
          true,
          {
            kind: 'groupStore',
            array: 'A',
            index: flat,
            value: apply('where', apply('lt', index(m), index(B)), load('x', xIndex), constant(0)),
          },
          { kind: 'groupStore', array: 'W', index: flat, value: load('w', wIndex) },
        ),
        { kind: 'barrier', memory: 'group' },
        loop(
          'k',
          16,
          false,
          loop('u', 4, true, loop('v', 4, true, { kind: 'set', name: 'c', element, value: product })),
        ),
        { kind: 'barrier', memory: 'group' },
      ),
      loop(
        'p',
        4,
        true,
        loop('q', 4, true, {
          kind: 'if',
          condition: apply('lt', index(orow), index(B)),
          then: [
            {
              kind: 'store',
              param: 'y',
              index: dims.add(dims.mul(orow, 64), ocolumn),
              value: apply('maximum', sum, constant(0)),
            },
          ],
          otherwise: [],
        }),
      ),
    ],
  })
}

/** Returns y = x * s + z over vectors of 4, where z is also read one by one, with scalar arguments as offsets. */
export function vectors(): Kernel {
  const s0 = dims.symbol('s0', { min: 0 })
  const at = dims.mul(dims.add(dims.mul(g0, 64), l0), 4)
  const x = load('x', at, 'f32', 4)
  const z = load('z', dims.add(at, dims.mul(s0, 4)), 'f32', 4)
  const first: Expr = { kind: 'splat', type: 'f32', width: 4, arg: load('z', s0) }
  const isBig = apply('gt', x, constant(0.5, 'f32', 4))
  return kernel({
    name: 'vectors',
    params: [
      { name: 'x', dtype: 'f32', access: 'read' },
      { name: 'z', dtype: 'f32', access: 'read' },
      { name: 'y', dtype: 'f16', access: 'write' },
      { name: 'big', dtype: 'bool', access: 'write' },
    ],
    scalars: 1,
    body: [
      {
        kind: 'store',
        param: 'y',
        index: at,
        value: { kind: 'multiplyAdd', type: 'f32', width: 4, args: [x, first, apply('tanh', z)] },
      },
      { kind: 'store', param: 'big', index: at, value: isBig },
    ],
  })
}

/** Returns a kernel whose reads must stay on their side of writes: y[i] += 1, y[i] *= y[i], with a swap of locals. */
export function ordered(): Kernel {
  const y = (): Expr => load('y', l0)
  return kernel({
    name: 'ordered',
    params: [{ name: 'y', dtype: 'f32', access: 'readWrite' }],
    body: [
      { kind: 'let', name: 'before', value: y() },
      { kind: 'store', param: 'y', index: l0, value: apply('add', y(), constant(1)) },
      { kind: 'store', param: 'y', index: l0, value: apply('mul', y(), y()) },
      { kind: 'var', name: 'a', type: 'f32', width: 1, init: constant(1) },
      { kind: 'var', name: 'c', type: 'f32', width: 1, init: constant(2) },
      { kind: 'let', name: 'old', value: local('a') },
      { kind: 'set', name: 'a', value: local('c') },
      { kind: 'set', name: 'c', value: local('old') },
      {
        kind: 'for',
        name: 'i',
        count: 3,
        unroll: false,
        body: [{ kind: 'set', name: 'a', value: apply('add', local('a'), local('c')) }],
      },
      { kind: 'store', param: 'y', index: l0, value: apply('add', apply('add', y(), local('before')), local('a')) },
    ],
  })
}

/** Returns y = x - max(x), and whether any x is negative, over rows of one element a lane. */
export function combined(lanes: 32 | 64 | 256 = 64): Kernel {
  const at = dims.add(dims.mul(g0, lanes), dims.symbol('l0', { min: 0, below: lanes }))
  const x = load('x', at)
  return kernel({
    name: 'combined',
    lanes: [lanes, 1, 1],
    params: [
      { name: 'x', dtype: 'f32', access: 'read' },
      { name: 'y', dtype: 'f32', access: 'write' },
      { name: 'negative', dtype: 'bool', access: 'write' },
    ],
    arrays: [
      { name: 'tops', type: 'f32', width: 1, length: lanes },
      { name: 'signs', type: 'bool', width: 1, length: lanes },
    ],
    body: [
      { kind: 'combine', name: 'top', array: 'tops', op: 'maximum', value: x },
      { kind: 'combine', name: 'sign', array: 'signs', op: 'or', value: apply('lt', x, constant(0)) },
      { kind: 'store', param: 'y', index: at, value: apply('sub', x, local('top')) },
      { kind: 'store', param: 'negative', index: at, value: local('sign', 'bool') },
    ],
  })
}

/** Kernels that printers are tested with. */
export const samples: { readonly [name: string]: () => Kernel } = {
  softmaxRows,
  tiledMatmul,
  vectors,
  ordered,
  combined: () => combined(),
}

// maps: vmap, alone and through everything else

import type { Program } from '../program.ts'

export const maps: readonly Program[] = [
  { name: 'a map of rows', inputs: { x: 'f32(B, N)' }, body: '= vmap((row: Tensor) => softmax(row, 0))(x)' },
  {
    name: 'a map of columns',
    inputs: { x: 'f32(B, N)', y: 'f32(3)' },
    body: '= vmap((c: Tensor, y: Tensor) => mul(sum(c), y), { in: [1, null], out: 1 })(x, y)',
  },
  {
    name: 'products by lane',
    inputs: { x: 'f32(B, 3, N)', y: 'f32(B, N, 2)' },
    body: '= vmap((a: Tensor, b: Tensor) => ({ both: matmul(a, b), one: matmul(a, tj`${y}[0]`) }))(x, y)',
  },
  {
    name: 'all pairs',
    inputs: { x: 'f32(N, 4)', y: 'f32(M, 4)' },
    body: '= vmap((a: Tensor) => vmap((b: Tensor) => sum(mul(a, b)))(y))(x)',
  },
  {
    name: 'a layer by lane',
    inputs: { x: 'f32(B, 5)' },
    layers: '{ fc: nn.linear(5, 3), norm: nn.layerNorm(3) }',
    body: '= vmap((row: Tensor) => $.norm(relu($.fc(row))))(x)',
  },
  {
    name: 'windows and joins by lane',
    inputs: { x: 'f32(B, 2, 8)' },
    body: '= vmap((one: Tensor) => concat([maxPool1d(one.reshape([1, 2, 8]), 2).reshape([2, 4]), flip(one, 1)], 1))(x)',
  },
  {
    name: 'gathers by lane',
    inputs: { x: 'f32(B, 4, 3)', i: 'i32(B, 2)' },
    body: '= vmap((rows: Tensor, at: Tensor) => ({ own: gather(rows, at, 0), shared: gather(x, at, 1), same: gather(rows, i, 0) }))(x, i)',
  },
  {
    name: 'cond by lane',
    inputs: { x: 'f32(B, N)' },
    body: '= vmap((row: Tensor) => cond(tj`sum(${row}) > 0`, () => mul(row, 2), () => add(row, 1)))(x)',
  },
  {
    name: 'cond of all lanes',
    inputs: { x: 'f32(B, N)' },
    body: '= vmap((row: Tensor) => cond(tj`sum(${x}) > 0`, () => mul(row, 2), () => mul(row, sum(x))))(x)',
  },
  {
    name: 'select by lane',
    inputs: { x: 'f32(B)', i: 'i32(B)' },
    body: '= vmap((a: Tensor, at: Tensor) => select(at, [() => a, () => mul(a, 10), () => add(a, 100)]))(x, i)',
  },
  {
    name: 'a loop by lane',
    inputs: { x: 'f32(B, 2)', n: 'i32(B)' },
    body: '= vmap((a: Tensor, turns: Tensor) => forLoop(turns, a, (c, i) => tj`${c} / 2 + ${i}`))(x, n)',
    ranges: { n: [0, 6] },
  },
  {
    name: 'a loop until each lane is done',
    inputs: { x: 'f32(B)' },
    body: '= vmap((a: Tensor) => whileLoop({ a, n: 0 }, ({ a: c }) => tj`abs(${c}) < 10`, ({ a: c, n }) => ({ a: tj`${c} * 2 + 1`, n: add(n, 1) }), { maxIterations: 20 }))(x)',
  },
  {
    name: 'a scan by lane',
    inputs: { x: 'f32(B, T, 2)' },
    body: '= vmap((xs: Tensor) => { const [last, ys] = scan(zeros([2]), xs, (h, each) => { const next = tanh(add(h, each)); return [next, sum(next)] }); return { last, ys } })(x)',
  },
  {
    name: 'draws by lane',
    inputs: { x: 'f32(B, 2)' },
    body: '= vmap((row: Tensor) => add(row, random.uniform([2])))(x)',
  },
  {
    name: 'prefix sums of a dimension',
    inputs: { x: 'f32(N, 3)' },
    body: '= associativeScan((a, b) => add(a, b), x)',
    sizes: [{ N: 1 }, { N: 7 }, { N: 8 }, { N: 33 }],
  },
  {
    name: 'prefix products of matrices',
    inputs: { x: 'f32(6, 2, 2)' },
    body: '= associativeScan((a, b) => matmul(a, b), x)',
  },
  {
    name: 'a linear recurrence',
    inputs: { a: 'f32(B, T)', b: 'f32(B, T)' },
    body: '= associativeScan((x, y) => ({ a: mul(x.a, y.a), b: tj`${y.a} * ${x.b} + ${y.b}` }), { a, b }, -1)',
    sizes: [
      { B: 2, T: 11 },
      { B: 1, T: 1 },
    ],
  },
  {
    name: 'prefix sums of a thousand',
    inputs: { x: 'f32(1000, 2)' },
    body: '= associativeScan((a, b) => maximum(a, b), x)',
  },
]

// checks: what development builds report, and what production builds leave out

import type { Program } from '../program.ts'

const x = { x: 'f32(N)' }

export const checks: readonly Program[] = [
  {
    name: 'checks that hold',
    inputs: x,
    body: `check(tj\`all(\${x} < 9)\`, 'small'); check(x.shape[0] > 0, 'some')
      const y = cond(tj\`sum(\${x}) > 0\`, () => { check(tj\`sum(\${x}) > 0\`, 'then'); return x }, () => mul(x, 2))
      return forLoop(3, y, (c, i) => { check(lt(i, 3), 'turn'); return add(c, 1) })`,
    checks: true,
  },
  {
    name: 'the first check that fails',
    inputs: x,
    body: "check(tj`${x} < 9`, 'small'); check(tj`${x} > 9`, 'large'); check(tj`${x} > 10`, 'larger'); return x",
    checks: true,
    fails: 'large',
  },
  {
    name: 'a check that fails in an arm',
    inputs: x,
    body: "return cond(tj`sum(${x}) < 99`, () => { check(tj`${x} > 9`, 'in the arm'); return x }, () => { check(tj`${x} > 9`, 'in the other'); return x })",
    checks: true,
    fails: 'in the arm',
  },
  {
    name: 'no check of an arm that does not run',
    inputs: x,
    body: "return cond(tj`sum(${x}) > 99`, () => { check(tj`${x} > 9`, 'in the arm'); return x }, () => mul(x, 2))",
    checks: true,
  },
  {
    name: 'a check that fails in a turn',
    inputs: x,
    body: "check(tj`${x} < 9`, 'small'); return scan(0, x, (c, e, i) => { forLoop(2, e, (d, j) => { check(tj`${i} + ${j} < 1`, 'in the turn'); return d }); return [add(c, e), c] })[1]",
    checks: true,
    fails: 'in the turn',
  },
  {
    name: 'a check that fails in a lane',
    inputs: { x: 'f32(N)' },
    given: { x: [1, 2, 3, -1, 5, 6, 7] },
    body: "return vmap((e: Tensor) => { check(tj`${e} > 0`, 'in the lane'); return mul(e, 2) })(x)",
    checks: true,
    fails: 'in the lane',
  },
  {
    name: 'checks that hold in the test of a loop',
    inputs: { x: 'f32(3)' },
    given: { x: [1, 2, 3] },
    body: "return whileLoop({ y: x, n: 0 }, ({ y, n }) => { check(tj`${n} < 5`, 'in the test'); return tj`sum(${y}) < 30` }, ({ y, n }) => ({ y: tj`${y} * 2`, n: tj`${n} + 1` }))",
    checks: true,
    expected: { n: 3 },
  },
  {
    name: 'a check that fails in the test of a turn',
    inputs: { x: 'f32(3)' },
    given: { x: [1, 2, 3] },
    body: "return whileLoop({ y: x, n: 0 }, ({ y, n }) => { check(tj`${n} < 2`, 'in the test'); return tj`sum(${y}) < 30` }, ({ y, n }) => { check(tj`${n} < 2`, 'in the turn'); return { y: tj`${y} * 2`, n: tj`${n} + 1` } })",
    checks: true,
    fails: 'in the test',
  },
  {
    name: 'a check that fails in the last test',
    inputs: { x: 'f32(3)' },
    given: { x: [1, 2, 3] },
    body: "return whileLoop({ y: x, n: 0 }, ({ y, n }) => { check(tj`${n} < 3`, 'in the test'); return tj`sum(${y}) < 30` }, ({ y, n }) => ({ y: tj`${y} * 2`, n: tj`${n} + 1` }))",
    checks: true,
    fails: 'in the test',
  },
  {
    name: 'no test after the most turns',
    inputs: { x: 'f32(3)' },
    given: { x: [1, 2, 3] },
    body: "return whileLoop({ y: x, n: 0 }, ({ y, n }) => { check(tj`${n} < 2`, 'in the test'); return tj`sum(${y}) < 30` }, ({ y, n }) => ({ y: tj`${y} * 2`, n: tj`${n} + 1` }), { maxIterations: 2 })",
    checks: true,
    expected: { n: 2 },
  },
  {
    name: 'a check in the test of a loop without turns, inside an arm',
    inputs: { x: 'f32(3)' },
    given: { x: [1, 2, 3] },
    body: "return cond(tj`sum(${x}) > 0`, () => whileLoop(x, (y) => { check(tj`${y} > 1`, 'in the test'); return tj`sum(${y}) < 0` }, (y) => tj`${y} * 2`), () => x)",
    checks: true,
    fails: 'in the test',
  },
  {
    name: 'a check in the test of a loop in each lane',
    inputs: { x: 'f32(4)' },
    given: { x: [1, 2, 30, 4] },
    body: "return vmap((e: Tensor) => whileLoop({ y: e, n: 0 }, ({ y, n }) => { check(tj`${n} < 6`, 'in the lane'); return tj`${y} < 30` }, ({ y, n }) => ({ y: tj`${y} * 2`, n: tj`${n} + 1` })))(x)",
    checks: true,
  },
  {
    name: 'a check that fails in the test of one lane',
    inputs: { x: 'f32(4)' },
    given: { x: [1, 2, 30, 4] },
    body: "return vmap((e: Tensor) => whileLoop({ y: e, n: 0 }, ({ y, n }) => { check(tj`${n} < 5`, 'in the lane'); return tj`${y} < 30` }, ({ y, n }) => ({ y: tj`${y} * 2`, n: tj`${n} + 1` })))(x)",
    checks: true,
    fails: 'in the lane',
  },
  {
    name: 'the draws of a test are those that are checked',
    inputs: { x: 'f32(3)' },
    body: "return whileLoop({ y: x, n: 0 }, ({ n }) => { const u = random.uniform([]); check(tj`(${u} < 0.75) or (${n} < 0)`, 'a large draw'); return tj`${u} < 0.75` }, ({ y, n }) => ({ y: tj`${y} * 2`, n: tj`${n} + 1` }))",
    checks: true,
    fails: 'a large draw',
  },
  {
    name: 'what is printed is as it was',
    inputs: x,
    body: "const y = exp(x); print('y', { y, n: 3 }); return sum(y)",
    checks: true,
  },
  {
    name: 'nothing is checked in production',
    inputs: x,
    body: "print('x', x); const y = relu(x); check(tj`${y} >= 0`, 'rectified'); return y",
  },
]

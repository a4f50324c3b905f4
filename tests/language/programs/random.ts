// random: draws by the seed of the run, the same on every target

import type { Program } from '../program.ts'

export const random: readonly Program[] = [
  {
    name: 'uniform numbers',
    inputs: { x: 'f32(N)' },
    body: '= ({ y: random.uniform([x.shape[0], 5]), x })',
    tolerance: 0,
  },
  {
    name: 'uniform numbers of a range',
    inputs: { x: 'f32(N)' },
    body: '= add(x, random.uniform(x.shape, { low: -1, high: x }))',
  },
  {
    name: 'normal numbers',
    inputs: { x: 'f32(N)' },
    body: '= add(random.normal([3, x.shape[0]]), random.normal([3, 1], { mean: 2, deviation: 0.5 }))',
  },
  {
    name: 'truth values',
    inputs: { p: 'f32(N)' },
    body: '= ({ a: random.bernoulli(p), b: random.bernoulli(0.5, { shape: [7, p.shape[0]] }) })',
    ranges: { p: [0, 1] },
  },
  {
    name: 'classes',
    inputs: { p: 'f32(B, 4)' },
    body: '= ({ a: random.categorical(p), b: random.categorical(p, { axis: 0 }) })',
    ranges: { p: [0, 1] },
  },
  { name: 'whole numbers', inputs: { n: 'i32()' }, body: '= random.randint(-3, n, [50])', ranges: { n: [1, 1000] } },
  { name: 'a random order', inputs: { x: 'f32(N)' }, body: '= gather(x, random.permutation(x.shape[0]), 0)' },
  {
    name: 'draws of arms',
    inputs: { x: 'f32(N)' },
    body: `const chosen = cond(tj\`sum(\${x}) > 0\`, () => random.uniform(x.shape), () => add(random.uniform(x.shape), random.uniform(x.shape)))
      return { chosen, after: random.uniform([3]) }`,
  },
  {
    name: 'draws of turns',
    inputs: { x: 'f32(N)' },
    body: `const sum = forLoop(3, x, (carry) => add(carry, random.uniform(x.shape)))
      const [, ys] = scan(0, x, (carry, each, i) => [carry, random.uniform([2])])
      return { sum, ys, reversed: scan(0, x, (carry) => [carry, random.uniform([])], { reverse: true })[1] }`,
  },
  {
    name: 'a walk until it leaves',
    inputs: { x: 'f32()' },
    body: `= whileLoop({ x, n: 0 }, ({ x: at }) => tj\`abs(\${at}) < 3\`, ({ x: at, n }) => ({ x: add(at, random.normal([])), n: add(n, 1) }), { maxIterations: 100 })`,
  },
  {
    name: 'dropout in training',
    inputs: { x: 'f32(N, 8)' },
    layers: '{ drop: nn.dropout(0.3) }',
    body: '= $.drop($.drop(x))',
    mode: 'train',
  },
]

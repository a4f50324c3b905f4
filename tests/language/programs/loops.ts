// loops: whileLoop, forLoop and scan

import type { Program } from '../program.ts'

/** Programs of this section. */
export const loops: readonly Program[] = [
  {
    name: 'forLoop with a static count',
    inputs: { x: 'f32(4)' },
    body: '= forLoop(5, x, (c, i) => tj`${c} * 0.9 + ${i}`)',
  },
  {
    name: 'forLoop without turns',
    inputs: { x: 'f32(4)' },
    body: '= ({ a: forLoop(0, x, (c) => mul(c, 2)), b: forLoop(0, { v: mul(x, 3), k: 1 }, ({ v, k }) => ({ v: exp(v), k })) })',
  },
  {
    name: 'forLoop of one turn',
    inputs: { x: 'f32(4)' },
    body: '= forLoop(1, x, (c, i) => tj`${c} + ${i} + 1`)',
  },
  {
    name: 'forLoop over a dimension',
    inputs: { x: 'f32(N, 3)' },
    body: '= forLoop(x.shape[0], zeros([3]), (a, i) => tj`${a} * 0.5 + ${x}[${i}] * (${i} + 1)`)',
    sizes: [{ N: 1 }, { N: 4 }, { N: 7 }],
  },
  {
    name: 'forLoop over an expression of dimensions',
    inputs: { x: 'f32(N, 3)', y: 'f32(M)' },
    body: '= forLoop(x.shape[0] * 2 + y.shape[0] - 1, zeros([3]), (a, i) => tj`${a} * 0.5 + ${i}`)',
  },
  {
    name: 'forLoop over a tensor',
    inputs: { x: 'f32(4)', n: 'i32()' },
    body: '= forLoop(n, x, (c, i) => tj`${c} * 2 + ${i}`)',
    given: { x: [1, 2, 3, 4], n: [3] },
    expected: { output: [12, 20, 28, 36] },
  },
  {
    name: 'forLoop over a tensor of no turns',
    inputs: { x: 'f32(4)', n: 'i32()' },
    body: '= forLoop(n, x, (c, i) => tj`${c} * 2 + ${i}`)',
    given: { x: [1, 2, 3, 4], n: [-2] },
    expected: { output: [1, 2, 3, 4] },
  },
  {
    name: 'forLoop over a computed count',
    inputs: { x: 'f32(B, 4)' },
    body: '= forLoop(sum(cast(tj`${x} > 0`, "i32")), x, (c) => tj`${c} * 0.5 + 1`)',
  },
  {
    name: 'numbers in carries',
    inputs: { x: 'f32(4)' },
    body: '= ({ i: forLoop(4, 0, (c, i) => tj`${c} + ${i}`), f: forLoop(4, 1, (c) => tj`${c} * 0.5`), s: forLoop(4, 0, (c, i) => tj`${c} + ${x}[${i}]`), p: forLoop(3, true, (p) => tj`not ${p}`), k: forLoop(3, { at: 0, v: 0 }, ({ at, v }) => ({ at: tj`${at} + 1`, v: tj`${v} + ${x}[${at}]` })) })',
  },
  {
    name: 'dimensions in carries',
    inputs: { x: 'f32(B, 3)' },
    body: '= forLoop(2, { size: x.shape[0], x }, ({ size, x }) => ({ size: tj`${size} * 2`, x: tj`${x} + ${size}` }))',
  },
  {
    name: 'a carry of many kinds',
    inputs: { x: 'f32(B, 3)', i: 'i32(3)', u: 'u8(3)', p: 'bool(3)' },
    body: '= forLoop(3, { x, deep: [i, { u, p }] }, ({ x, deep: [i, { u, p }] }) => ({ x: where(p, tj`${x} * 2`, tj`${x} + ${i}`), deep: [tj`${i} + 1`, { u: tj`${u} + 1`, p: tj`not ${p}` }] }))',
  },
  {
    name: 'swapping carries',
    inputs: { a: 'f32(3)', b: 'f32(3)' },
    body: 'const [p, q] = forLoop(3, [a, b], ([p, q]) => [q, tj`${p} + ${q}`]); return { p, q }',
  },
  {
    name: 'carries that turn in a ring',
    inputs: { a: 'f32(3)', b: 'f32(3)', c: 'f32(3)' },
    body: '= forLoop(4, { a, b, c }, ({ a, b, c }) => ({ a: b, b: c, c: a }))',
  },
  {
    name: 'a carry that does not change',
    inputs: { a: 'f32(3)', b: 'f32(3)' },
    body: '= forLoop(4, { a, b }, ({ a, b }) => ({ a, b: tj`${a} + ${b}` }))',
  },
  {
    name: 'a carry that the result ignores',
    inputs: { a: 'f32(3)', b: 'f32(3)' },
    body: '= forLoop(4, { a, b }, ({ a, b }) => ({ a: tj`${a} * 2`, b: tj`${a} + ${b}` })).a',
  },
  {
    name: 'the same tensor twice in a carry',
    inputs: { a: 'f32(3)' },
    body: '= forLoop(3, [a, a], ([p, q]) => [tj`${p} + 1`, tj`${p} * ${q}`])',
  },
  {
    name: 'an input as carry stays what it was',
    inputs: { a: 'f32(3)' },
    body: 'const b = forLoop(3, a, (c) => tj`${c} * 2`); return { b, a: tj`${a} + 1` }',
  },
  {
    name: 'a loop over a view',
    inputs: { x: 'f32(4, 6)' },
    body: '= forLoop(3, tj`${x}.T[1:5, ::2]`, (c) => tj`${c}[::-1] * 2`)',
  },
  {
    name: 'views in a body',
    inputs: { x: 'f32(4, 4)' },
    body: '= forLoop(3, x, (c) => tj`concat([${c}[1:], ${c}[:1]]) + ${c}.T`)',
  },
  {
    name: 'a product in a body',
    inputs: { x: 'f32(B, 4)', w: 'f32(4, 4)' },
    body: '= forLoop(4, x, (c) => tj`tanh(${c} @ ${w})`)',
  },
  {
    name: 'rows in a body',
    inputs: { x: 'f32(B, 6)' },
    body: '= forLoop(3, x, (c) => tj`softmax(${c} * 2) - mean(${c}, -1, keepDims=True)`)',
  },
  {
    name: 'nested loops',
    inputs: { x: 'f32(3)' },
    body: '= forLoop(3, x, (a, i) => forLoop(4, a, (b, j) => tj`${b} * 0.5 + ${i} * ${j}`))',
  },
  {
    name: 'nested loops, the inner count is a turn',
    inputs: { x: 'f32(3)' },
    body: '= forLoop(4, x, (a, i) => forLoop(i, a, (b, j) => tj`${b} + ${i} * 10 + ${j}`))',
  },
  {
    name: 'three loops',
    inputs: { x: 'f32(2)' },
    body: '= forLoop(2, x, (a, i) => forLoop(2, a, (b, j) => forLoop(2, tj`${b} + ${a}`, (c, k) => tj`${c} * 0.5 + ${i} + ${j} + ${k}`)))',
  },
  {
    name: 'a cond in a loop',
    inputs: { x: 'f32(4)' },
    body: '= forLoop(6, x, (c, i) => cond(tj`${i} % 2 == 0`, () => tj`${c} * 2`, () => tj`${c} - ${i}`))',
  },
  {
    name: 'a loop in a cond',
    inputs: { x: 'f32(4)', flag: 'bool()' },
    body: '= cond(flag, () => forLoop(3, x, (c) => tj`${c} * 2`), () => forLoop(2, x, (c, i) => tj`${c} - ${i}`))',
  },
  {
    name: 'select in a loop',
    inputs: { x: 'f32(4)', plan: 'i32(6)' },
    body: '= forLoop(6, x, (c, i) => select(tj`${plan}[${i}]`, [() => tj`${c} + 1`, () => tj`${c} * 2`, () => neg(c)]))',
    given: { x: [1, 2, 3, 4], plan: [0, 1, 2, 1, 0, -1] },
  },
  {
    name: 'whileLoop',
    inputs: { x: 'f32(3)' },
    body: '= whileLoop(x, (c) => tj`sum(${c}) < 100`, (c) => mul(c, 2))',
    given: { x: [1, 2, 3] },
    expected: { output: [32, 64, 96] },
  },
  {
    name: 'whileLoop without turns',
    inputs: { x: 'f32(3)' },
    body: '= whileLoop(x, (c) => tj`sum(${c}) < 100`, (c) => mul(c, 2))',
    given: { x: [100, 2, 3] },
    expected: { output: [100, 2, 3] },
  },
  {
    name: 'whileLoop with a greatest number of turns',
    inputs: { x: 'f32(3)' },
    body: '= ({ a: whileLoop(x, () => true, (c) => tj`${c} * 2`, { maxIterations: 4 }), b: whileLoop(x, (c) => tj`sum(${c}) < 100`, (c) => mul(c, 2), { maxIterations: 2 }), c: whileLoop(x, () => true, (c) => tj`${c} * 2`, { maxIterations: 0 }) })',
    given: { x: [1, 2, 3] },
  },
  {
    name: 'collatz',
    inputs: { n: 'i32()' },
    body: '= whileLoop({ n, steps: 0 }, ({ n }) => tj`${n} != 1`, ({ n, steps }) => ({ n: cond(tj`${n} % 2 == 0`, () => tj`${n} // 2`, () => tj`3 * ${n} + 1`), steps: tj`${steps} + 1` })).steps',
    given: { n: [27] },
    expected: { output: 111 },
  },
  {
    name: 'collatz without cond',
    inputs: { n: 'i32()' },
    body: '= whileLoop([n, 0], ([n]) => tj`${n} > 1`, ([n, k]) => [tj`where(${n} % 2 == 0, ${n} // 2, 3 * ${n} + 1)`, tj`${k} + 1`])',
    given: { n: [97] },
    expected: { 1: 118 },
  },
  {
    name: 'collatz of many, masked',
    inputs: { n: 'i32(N)' },
    body: '= whileLoop({ n, steps: tj`${n} * 0` }, ({ n }) => tj`any(${n} > 1)`, ({ n, steps }) => ({ n: tj`where(${n} <= 1, ${n}, where(${n} % 2 == 0, ${n} // 2, 3 * ${n} + 1))`, steps: tj`${steps} + cast(${n} > 1, "i32")` })).steps',
    given: { n: [1, 7, 12, 27, 6, 9, 2] },
    expected: { output: [0, 16, 9, 111, 8, 19, 1] },
  },
  {
    name: 'Newton iteration to a tolerance',
    inputs: { x: 'f32(N)' },
    ranges: { x: [0.1, 9] },
    body: '= whileLoop({ y: x, k: 0 }, ({ y, k }) => tj`any(abs(${y} * ${y} - ${x}) > 1e-4) and ${k} < 50`, ({ y, k }) => ({ y: tj`0.5 * (${y} + ${x} / ${y})`, k: tj`${k} + 1` })).y',
  },
  {
    name: 'a while in a for',
    inputs: { x: 'f32(4)' },
    body: '= forLoop(3, x, (c) => whileLoop(c, (v) => tj`max(abs(${v})) < 50`, (v) => tj`${v} * 3 + 1`))',
  },
  {
    name: 'a for in a while',
    inputs: { x: 'f32(4)' },
    body: '= whileLoop({ x, k: 0 }, ({ k }) => tj`${k} < 3`, ({ x, k }) => ({ x: forLoop(2, x, (c, i) => tj`${c} * 0.5 + ${i} + ${k}`), k: tj`${k} + 1` })).x',
  },
  {
    name: 'scan',
    inputs: { x: 'f32(N, 3)' },
    body: 'const [last, ys] = scan(zeros([3]), x, (c, e) => { const next = tj`${c} * 0.5 + ${e}`; return [next, next] }); return { last, ys }',
  },
  {
    name: 'scan in reverse',
    inputs: { x: 'f32(N, 3)' },
    body: 'const [last, ys] = scan(zeros([3]), x, (c, e, i) => { const next = tj`${c} * 0.5 + ${e} + ${i}`; return [next, { next, i, e }] }, { reverse: true }); return { last, ys }',
  },
  {
    name: 'scan of static length',
    inputs: { x: 'f32(5)' },
    body: 'const [last, ys] = scan(0, x, (c, e) => { const s = add(c, e); return [s, s] }); return { last, ys }',
    given: { x: [1, 2, 3, 4, 5] },
    expected: { last: 15, ys: [1, 3, 6, 10, 15] },
  },
  {
    name: 'scan of length 1 and 0',
    inputs: { x: 'f32(1, 3)', y: 'f32(N, 3)' },
    body: 'const [a, ya] = scan(0, x, (c, e) => [tj`${c} + sum(${e})`, e]); const [b, yb] = scan(1, tj`${y}[:0]`, (c, e) => [tj`${c} + sum(${e})`, exp(e)]); return { a, ya, b, yb }',
  },
  {
    name: 'scan over a dimension that may be 0',
    inputs: { x: 'f32(N, 3)' },
    dims: { N: '{ min: 0, max: 8 }' },
    body: 'const [a, y] = scan(zeros([3]), x, (c, e) => [add(c, e), tj`${e} * 2`]); return { a, y }',
    sizes: [{ N: 0 }, { N: 1 }, { N: 5 }],
  },
  {
    name: 'scan of structures',
    inputs: { x: 'f32(N, 3)', p: 'bool(N)', i: 'i32(N, 2)' },
    body: 'const [c, ys] = scan({ h: zeros([3]), n: 0 }, { x, more: [p, i] }, ({ h, n }, { x, more: [p, i] }) => [{ h: where(p, x, h), n: tj`${n} + sum(${i})` }, [tj`${h} * 2`, { i: tj`${i} + 1`, p: tj`not ${p}` }]]); return { c, ys }',
  },
  {
    name: 'scan without xs',
    inputs: { x: 'f32(3)' },
    body: 'const [c, ys] = scan(x, undefined, (c, _, i) => [tj`${c} * 2`, tj`${c} + ${i}`], { length: 4 }); return { c, ys }',
  },
  {
    name: 'scan over a length that is a dimension',
    inputs: { x: 'f32(3)', n: 'f32(N)' },
    body: 'const [c, ys] = scan(x, undefined, (c, _, i) => [tj`${c} * 0.5`, i], { length: n.shape[0] + 1 }); return { c, ys }',
  },
  {
    name: 'scan that stacks nothing',
    inputs: { x: 'f32(N, 3)' },
    body: '= scan(zeros([3]), x, (c, e) => [add(c, e), undefined])[0]',
  },
  {
    name: 'scan that stacks a constant and its carry',
    inputs: { x: 'f32(N, 3)' },
    body: '= scan(zeros([3]), x, (c, e) => [add(c, e), [c, 1, true, e]])[1]',
  },
  {
    name: 'scan over what is computed',
    inputs: { x: 'f32(N, 4)', w: 'f32(4, 3)' },
    body: '= scan(zeros([3]), tj`relu(${x} @ ${w})`, (c, e) => { const s = tj`tanh(${c} + ${e})`; return [s, s] })[1]',
  },
  {
    name: 'scan over a transposed and flipped view',
    inputs: { x: 'f32(3, N)' },
    body: '= scan(zeros([3]), tj`${x}.T[::-1]`, (c, e) => { const s = tj`${c} + ${e}`; return [s, s] })[1]',
  },
  {
    name: 'scan in a scan',
    inputs: { x: 'f32(N, M, 3)' },
    body: '= scan(zeros([3]), x, (c, rows) => { const [d, ys] = scan(c, rows, (a, r) => [tj`${a} * 0.5 + ${r}`, tj`sum(${a})`]); return [d, ys] })[1]',
  },
  {
    name: 'scan in a forLoop',
    inputs: { x: 'f32(N, 3)' },
    body: '= forLoop(3, x, (c) => scan(zeros([3]), c, (s, e) => { const t = tj`tanh(${s} + ${e})`; return [t, t] })[1])',
  },
  {
    name: 'an RNN by scan',
    inputs: { x: 'f32(T, B, 4)' },
    layers: '{ input: nn.linear(4, 5), hidden: nn.linear(5, 5) }',
    body: 'const [h, ys] = scan(zeros([x.shape[1], 5]), x, (h, e) => { const next = tj`tanh(${$.input(e)} + ${$.hidden(h)})`; return [next, next] }); return { h, ys }',
  },
  {
    name: 'an LSTM with masked lengths',
    inputs: { x: 'f32(T, B, 3)', lengths: 'i32(B)' },
    ranges: { lengths: [0, 6] },
    layers: '{ input: nn.linear(3, 16), hidden: nn.linear(4, 16) }',
    body: `const start = zeros([x.shape[1], 4])
      const [state, ys] = scan({ h: start, c: start }, x, ({ h, c }, e, t) => {
        const [next, cell] = tj\`
          i, f, g, o = split(\${$.input(e)} + \${$.hidden(h)}, 4, axis=-1)
          cell = sigmoid(f) * \${c} + sigmoid(i) * tanh(g)
          sigmoid(o) * tanh(cell), cell\`
        const lives = tj\`unsqueeze(\${t} < \${lengths}, -1)\`
        return [{ h: where(lives, next, h), c: where(lives, cell, c) }, where(lives, next, 0)]
      })
      return { state, ys }`,
  },
  {
    name: 'an LSTM that several groups share',
    slow: true,
    inputs: { x: 'f32(T, 32, 8)' },
    sizes: [{ T: 3 }, { T: 1 }],
    layers: '{ input: nn.linear(8, 512), hidden: nn.linear(128, 512) }',
    body: `const start = zeros([32, 128])
      const [state, ys] = scan({ h: start, c: start }, x, ({ h, c }, e) => {
        const [next, cell] = tj\`
          i, f, g, o = split(\${$.input(e)} + \${$.hidden(h)}, 4, axis=-1)
          cell = sigmoid(f) * \${c} + sigmoid(i) * tanh(g)
          sigmoid(o) * tanh(cell), cell\`
        return [{ h: next, c: cell }, next]
      })
      return { state, ys }`,
  },
  {
    name: 'recurrent layers over a dimension',
    slow: true,
    inputs: { x: 'f32(B, T, 3)' },
    layers: '{ gru: nn.gru(3, 4, { layers: 2, bidirectional: true }), lstm: nn.lstm(3, 4) }',
    body: 'const [ys, h] = $.gru(x); const [zs, [hn, cn]] = $.lstm(x); return { ys, h, zs, hn, cn }',
  },
  {
    name: 'combinators by name in a template',
    inputs: { x: 'f32(N, 3)', p: 'bool()' },
    body: '= tj`\n start = cond(${p}, ${() => zeros([3])}, ${() => tj`sum(${x}, 0)`})\n last, ys = scan(start, ${x}, ${(c: Tensor, e: Tensor) => [tj`${c} * 0.5 + ${e}`, c]}, reverse=True)\n ys * 2 + last`',
  },
  {
    name: 'a recurrent layer over a dimension',
    inputs: { x: 'f32(B, T, 3)' },
    layers: '{ rnn: nn.rnn(3, 2, { nonlinearity: "relu" }) }',
    body: '= $.rnn(x)[0]',
  },
  {
    name: 'a cumulative sum both ways',
    inputs: { x: 'f32(N)' },
    body: 'const step = (c: Tensor, e: Tensor) => [add(c, e), add(c, e)] as const; return { up: scan(0, x, step)[1], down: scan(0, x, step, { reverse: true })[1] }',
  },
  {
    name: 'a carry written at a place',
    inputs: { x: 'f32(N, 3)', k: 'f32(5)' },
    body: '= forLoop(5, x, (c, i) => scatter(c, tj`reshape(${i} % ${x.shape[0]}, [1])`, tj`expand(${k}[${i}], [1, 3])`))',
  },
  {
    name: 'a cache filled step by step',
    inputs: { x: 'f32(6, 3)' },
    body: '= forLoop(6, { cache: zeros([6, 3]), sum: zeros([3]) }, ({ cache, sum }, i) => { const row = tj`${x}[${i}] + ${sum}`; const next = tj`where(unsqueeze(arange(6) == ${i}, -1), ${row}, ${cache})`; return { cache: next, sum: tj`mean(${next}, 0)` } })',
  },
  {
    name: 'gathers by the turn',
    inputs: { x: 'f32(N, 3)', order: 'i32(4)' },
    ranges: { order: [0, 6] },
    body: '= forLoop(4, zeros([3]), (c, i) => tj`${c} * 0.5 + ${x}[${order}[${i}]]`)',
  },
  {
    name: 'an argmax walk',
    inputs: { w: 'f32(5, 5)' },
    body: '= scan(0, undefined, (at) => { const next = argmax(tj`${w}[${at}]`, 0); return [next, next] }, { length: 6 })[1]',
  },
  {
    name: 'power iteration',
    inputs: { a: 'f32(4, 4)' },
    body: '= forLoop(12, tj`ones([4]) / 2`, (v) => tj`\n w = ${a} @ ${v} + ${v} * 5\n w / sqrt(sum(w * w))`)',
    tolerance: 1e-4,
  },
  {
    name: 'weights in a loop',
    inputs: { x: 'f32(B, 4)' },
    layers: '{ fc: nn.linear(4, 4), norm: nn.layerNorm([4]) }',
    body: '= forLoop(3, x, (c) => $.norm(relu($.fc(c))))',
  },
  {
    name: 'loops that follow one another',
    inputs: { x: 'f32(B, 4)' },
    body: 'const a = forLoop(2, x, (c) => tj`${c} * 2`); const b = forLoop(3, a, (c) => tj`${c} + ${a}`); return tj`${a} * ${b}`',
  },
  {
    name: 'two loops side by side',
    inputs: { x: 'f32(B, 4)' },
    body: '= ({ a: forLoop(2, x, (c) => tj`${c} * 2`), b: forLoop(2, x, (c) => tj`${c} + 2`) })',
  },
  {
    name: 'a loop that nothing needs',
    inputs: { x: 'f32(B, 4)' },
    body: 'const unused = forLoop(2, x, (c) => tj`${c} * 2`); return relu(x)',
  },
  {
    name: 'f16 in a carry',
    inputs: { x: 'f16(B, 4)' },
    body: '= forLoop(3, x, (c) => tj`${c} * 0.5 + 1`)',
    tolerance: 2e-3,
  },
  {
    name: 'a large carry',
    inputs: { x: 'f32(64, 65)' },
    body: '= forLoop(3, x, (c) => tj`${c} * 0.5 + sum(${c}, 0) / 64`)',
  },
  {
    name: 'a scalar carry',
    inputs: { x: 'f32()' },
    body: '= whileLoop(x, (v) => tj`abs(${v}) > 1e-3`, (v) => tj`${v} * 0.5`)',
  },
  {
    name: 'beam search of width 3',
    inputs: { table: 'f32(7, 7)' },
    before: `const best3 = (x: Tensor) => {
      const [, found] = scan(x, undefined, (left, _, k) => {
        const at = argmax(left, 0)
        return [tj\`where(arange(21) == \${at}, -1e30, \${left})\`, { at, value: tj\`\${left}[\${at}]\` }]
      }, { length: 3 })
      return found
    }`,
    body: `const start = { tokens: zeros([3, 5], { dtype: 'i32' }), scores: tj\`where(arange(3) == 0, zeros([3]), -1e9)\` }
      return forLoop(5, start, ({ tokens, scores }, i) => {
        const last = tj\`where(\${i} == 0, 0, \${tokens}[:, maximum(\${i} - 1, 0)])\`
        const all = tj\`reshape(unsqueeze(\${scores}, -1) + logSoftmax(\${table}[\${last}]), [-1])\`
        const { value: best, at } = best3(all)
        const from = tj\`\${at} // 7\`
        const rows = tj\`\${tokens}[\${from}]\`
        return { tokens: tj\`where(arange(5) == \${i}, unsqueeze(\${at} % 7, -1), \${rows})\`, scores: best }
      })`,
  },
]

// random-halves: a seed -> a program of f16 tensors of odd and even sizes

import type { Program } from './program.ts'

/** Returns whole numbers below a bound, one after another. */
function drawer(seed: number): (below: number) => number {
  let state = (Math.imul(seed, 2654435761) + 98765) >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * below)
  }
}

/** Returns a program whose values have the shape [N, k], most of them f16, and stay near 1. */
export function randomHalves(seed: number): Program {
  const draw = drawer(seed)
  const k = [1, 3, 4, 8, 9, 17][draw(6)] ?? 3
  const names = ['x', 'y']
  const pick = (): string => names[draw(names.length)] ?? 'x'
  const half = (text: string): string => `cast(${text}, 'f16')`
  const makers: readonly (() => string)[] = [
    () => `tanh(${pick()})`,
    () => `mul(${pick()}, ${pick()})`,
    () => `sub(${pick()}, mul(${pick()}, 0.5))`,
    () => `maximum(${pick()}, s)`,
    () => `softmax(${pick()}, ${-1 - draw(2)})`,
    () => `expand(mean(${pick()}, ${draw(2)}, { keepDims: true }), [n, ${k}])`,
    () => half(`tanh(cast(${pick()}, 'f32'))`),
    () => `tanh(matmul(matmul(${pick()}, ${pick()}.T), ${pick()}))`,
    () => `tanh(matmul(${pick()}, w))`,
    () => `flip(${pick()}, ${draw(2)})`,
    () => `where(gt(${pick()}, ${pick()}), ${pick()}, s)`,
    () => `concat([${pick()}, ${pick()}], 0).slice({ axes: 0, start: 1, stop: n + 1 })`,
    () => `forLoop(${1 + draw(3)}, ${pick()}, (c) => tanh(add(c, ${pick()})))`,
  ]
  const lines = Array.from({ length: 3 + draw(6) }, (_, i) => {
    const line = `const v${i} = ${makers[draw(makers.length)]?.() ?? 'x'}`
    names.push(`v${i}`)
    return line
  })
  const last = `v${lines.length - 1}`
  return {
    name: `halves ${seed}`,
    inputs: { x: `f16(N, ${k})`, y: `f16(N, ${k})`, w: `f16(${k}, ${k})`, s: 'f16()' },
    ranges: { x: [-1, 1], y: [-1, 1], w: [-1, 1], s: [-1, 1] },
    dims: { N: '{ min: 1, max: 64 }' },
    sizes: [{ N: 1 + draw(6) }, { N: 7 + draw(40) }],
    body: `const [n] = x.shape\n${lines.join('\n')}\nreturn { last: ${last}, other: ${pick()}, wide: cast(${pick()}, 'f32'), total: sum(${pick()}, 0) }`,
    tolerance: 2e-2,
  }
}

// Products of bytes at random shapes, in WebAssembly against eager: exact. TSJIT_FULL=1 runs many; a failure prints its text.

import { test } from 'vitest'
import type { Program } from './program.ts'
import { checkProgram } from './run-program.ts'

const runs = process.env['TSJIT_FULL'] === '1' ? 300 : 20

/** Returns whole numbers below a bound, one after another. */
function drawer(seed: number): (below: number) => number {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * below)
  }
}

function randomProgram(seed: number): Program {
  const draw = drawer(seed)
  const size = (): number => 1 + draw([3, 17, 40, 90][draw(4)] ?? 9)
  const [m, k, n] = [size(), size(), size()]
  const bytes = (): 'i8' | 'u8' => (draw(2) === 0 ? 'i8' : 'u8')
  const [a, b] = [bytes(), bytes()]
  const side = (name: string, rows: string, columns: string): { shape: string; value: string; zero?: string } => {
    const isTurned = draw(3) === 0
    const wide = `cast(${name}, 'i32')${isTurned ? '.T' : ''}`
    const shape = isTurned ? `${columns}, ${rows}` : `${rows}, ${columns}`
    if (draw(2) === 0) return { shape, value: wide }
    return { shape, value: `sub(${wide}, cast(z${name}, 'i32'))`, zero: draw(2) === 0 ? '' : `${rows}, 1` }
  }
  // a size may be known at the call only
  const rows = draw(3) === 0 ? 'N' : String(m)
  const depth = draw(3) === 0 ? 'M' : String(k)
  const [left, right] = [side('a', rows, depth), side('b', depth, String(n))]
  const zeros = [left, right].flatMap(({ zero }, i) =>
    zero === undefined ? [] : [[`z${'ab'.charAt(i)}`, zero] as const],
  )
  const inputs = {
    a: `${a}(${left.shape})`,
    b: `${b}(${right.shape})`,
    ...Object.fromEntries(zeros.map(([name, shape]) => [name, `${name === 'za' ? a : b}(${shape})`])),
  }
  const range = (dtype: string): readonly [number, number] => (dtype === 'i8' ? [-128, 128] : [0, 256])
  const after = ['', 'neg', 'relu'][draw(3)] ?? ''
  return {
    name: `product of bytes ${seed}`,
    inputs,
    ranges: { a: range(a), b: range(b), za: range(a), zb: range(b) },
    dims: { ...(rows === 'N' && { N: '{ max: 128 }' }), ...(depth === 'M' && { M: '{ max: 128 }' }) },
    sizes: [{ N: m, M: k }, ...(rows === 'N' || depth === 'M' ? [{ N: 1 + draw(60), M: 1 + draw(60) }] : [])],
    body: `= ${after}(matmul(${left.value}, ${right.value}))`,
  }
}

test.each(Array.from({ length: runs }, (_, i) => i + 1))('product %i', async (seed) => {
  const program = randomProgram(seed)
  await checkProgram(program).catch((error: unknown) => {
    throw new Error(JSON.stringify(program), { cause: error })
  })
})

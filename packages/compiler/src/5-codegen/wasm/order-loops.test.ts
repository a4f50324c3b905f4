// Loops in another order compute the same.
import binaryen from 'binaryen'
import { describe, expect, test } from 'vitest'
import { orderLoops } from './order-loops.ts'

/** Eight multiplications and additions that wait for each other. */
function poly(x: string): string {
  let sum = x
  for (let i = 0; i < 8; i++) sum = `(f32x4.add (f32x4.mul ${sum} ${x}) (v128.load (i32.const 0)))`
  return sum
}

/** A module with one loop over `turns` of a body, whose locals $a and $b begin as 64 and 1024. */
const loop = (body: string, turns = 3): string => `(module (memory (export "memory") 1)
  (data (i32.const 0) "\\00\\00\\80\\3f\\00\\00\\00\\40\\00\\00\\80\\3e\\00\\00\\00\\3f")
  (func (export "run") (local $a i32) (local $b i32) (local $i i32) (local $x v128) (local $y v128)
    (local.set $a (i32.const 64)) (local.set $b (i32.const 1024))
    (loop $turn ${body}
      (br_if $turn (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${turns}))))
    (v128.store (i32.const 2048) (local.get $x)) (i32.store (i32.const 2064) (local.get $a))))`

const next = (local: string): string => `(local.set ${local} (i32.add (local.get ${local}) (i32.const 16)))`

async function run(text: string): Promise<readonly number[]> {
  const module = binaryen.parseText(text)
  module.setFeatures(binaryen.Features.SIMD128)
  expect(module.validate()).toBe(1)
  const compiled = await WebAssembly.compile(Uint8Array.from(module.emitBinary()).buffer)
  const { exports } = await WebAssembly.instantiate(compiled)
  const floats = new Float32Array((exports['memory'] as WebAssembly.Memory).buffer)
  floats.forEach((_, i) => i >= 16 && i < 520 && (floats[i] = Math.fround(Math.sin(i))))
  ;(exports['run'] as () => void)()
  return [...floats]
}

const chains = `(local.set $x ${poly('(v128.load (local.get $a))')}) (local.set $y ${poly('(v128.load offset=16 (local.get $a))')})
  (v128.store (local.get $b) (local.get $x)) (v128.store offset=16 (local.get $b) (local.get $y))`

describe('a loop in order', () => {
  test.each([
    ['two chains', `${chains} ${next('$a')} ${next('$b')}`],
    [
      'a load after a store to where it reads',
      `(v128.store (local.get $a) ${poly('(v128.load (local.get $b))')}) ${chains} ${next('$a')}`,
    ],
    [
      'a chain from turn to turn',
      `(local.set $x ${poly('(f32x4.add (local.get $x) (v128.load (local.get $a)))')}) ${next('$a')}`,
    ],
    [
      'locals that change places',
      `(local.set $x ${poly('(local.get $y)')}) (local.set $i (local.get $i)) (local.set $y (v128.load (local.get $a)))
       (local.set $b (local.get $a)) ${next('$a')} (v128.store offset=1024 (local.get $b) (local.get $y))`,
    ],
    [
      'a value that is set and kept',
      `(local.set $x ${poly('(local.tee $y (v128.load (local.get $a)))')}) (local.set $a (i32.add (local.get $a) (i32.const 32)))`,
    ],
    [
      'a choice',
      `(local.set $x ${poly('(select (v128.load (local.get $a)) (local.get $y) (i32.and (local.get $i) (i32.const 1)))')}) ${next('$a')}`,
    ],
  ])('of %s computes the same', async (_, body) => {
    const text = loop(body)
    const ordered = orderLoops(text)
    expect(ordered).toBeDefined()
    expect(await run(ordered ?? '')).toEqual(await run(text))
  })

  test('has the second chain beside the first', () => {
    const ordered = orderLoops(loop(`${chains} ${next('$a')} ${next('$b')}`)) ?? ''
    const first = ordered.indexOf('(v128.store (local.get $b)')
    expect(ordered.slice(0, first).split('f32x4.mul').length - 1).toBeGreaterThan(12)
  })
})

test.each([
  ['is short', '(local.set $x (f32x4.add (local.get $x) (v128.load (local.get $a))))'],
  ['branches', `(if (local.get $i) (then (local.set $x ${poly('(local.get $x)')})))`],
  ['calls', `(call $other) (local.set $x ${poly('(local.get $x)')})`],
])('a loop that %s stays as it is', (_, body) => {
  expect(orderLoops(loop(body))).toBeUndefined()
})

// What threads do together, and what modules hold: kernels by nvcc, from tests/fixtures/threads.cu.
import { expect, test } from 'vitest'
import { bits } from './support/numbers.ts'
import { describeEmulator, i32, ptxOf } from './support/open.ts'

process.env['TSJIT_EMU_QUIET'] = '1'
process.env['TSJIT_EMU_TIMEOUT'] = '15'

await describeEmulator('threads', (emulator) => {
  const kernel = (name: string) => emulator.entry(emulator.fixture('threads'), name)

  test('a scan of a block, votes, reductions at barriers, shuffles of doubles', () => {
    const n = 200
    const x = Int32Array.from({ length: n }, (_, i) => (i * 37) % 101)
    const [out, facts, half] = [emulator.zeros(n), emulator.zeros(4), emulator.zeros(2)]
    emulator.run(kernel('scan'), [1], [256], [emulator.upload(x), out, facts, half, i32(n)], 1024)
    let sum = 0
    expect([...emulator.read(out, new Int32Array(n))]).toEqual([...x].map((v) => (sum += v)))
    const has77 = x.includes(77) ? 1 : 0
    expect([...emulator.read(facts, new Int32Array(4))]).toEqual([
      x.filter((v) => v % 2 === 1).length,
      Math.max(...x),
      has77,
      x.filter((v) => v > 50).length,
    ])
    expect(emulator.read(half, new Float64Array(1))[0]).toBe(x.subarray(0, 32).reduce((a, v) => a + v / 2, 0))
  })

  test('atomics on shared and on global memory', () => {
    const x = new Uint8Array(bits(30_000, 1).buffer)
    const out = emulator.zeros(256)
    emulator.run(kernel('histogram'), [7], [256], [emulator.upload(x), out, i32(x.length)])
    const expected = new Uint32Array(256)
    for (const v of x) expected[v]! += 1
    expect([...emulator.read(out, new Uint32Array(256))]).toEqual([...expected])
  })

  test('a function that is called, in a loop that each lane leaves when it likes', () => {
    const out = emulator.zeros(300)
    emulator.run(kernel('collatz'), [3], [128], [out, i32(300)])
    const steps = (v: number): number => (v === 1 ? 0 : 1 + steps(v % 2 ? 3 * v + 1 : v / 2))
    expect([...emulator.read(out, new Int32Array(300))]).toEqual(Array.from({ length: 300 }, (_, i) => steps(i + 1)))
  })

  test('a switch, and instructions on bits', () => {
    const n = 1100
    const x = bits(n, 2)
    const which = Int32Array.from({ length: n }, (_, i) => i % 11)
    const out = emulator.zeros(n)
    emulator.run(kernel('choose'), [5], [256], [emulator.upload(which), emulator.upload(x), out, i32(n)])
    expect([...emulator.read(out, new Uint32Array(n))]).toEqual([...x].map((v, i) => chosen(i % 11, v) >>> 0))
  })

  test('arrays of a thread that are indexed as it runs', () => {
    const at = Int32Array.from({ length: 64 }, (_, i) => i * 7)
    const out = emulator.zeros(64)
    emulator.run(kernel('lookup'), [1], [64], [emulator.upload(at), out, i32(3)])
    const f = Math.fround
    const entry = (i: number): number => f(f(Math.sqrt(i & 15)) + 3)
    expect([...emulator.read(out, new Float32Array(64))]).toEqual([...at].map((i) => f(f(entry(i) + 1) + entry(i + 1))))
  })

  test('constants and variables of a module', () => {
    const module = emulator.fixture('threads')
    const out = emulator.zeros(8)
    for (let run = 0; run < 2; run++) emulator.run(emulator.entry(module, 'variables'), [1], [8], [out])
    expect([...emulator.read(out, new Float32Array(8))]).toEqual([0.5, 1.5, 2.5, 3.5, 0.5, 1.5, 2.5, 3.5])
    const [address, size] = [new BigUint64Array(1), new BigUint64Array(1)]
    emulator.must('cuModuleGetGlobal_v2', address, size, module, 'counter')
    expect(size[0]).toBe(4n)
    expect(emulator.read(address[0]!, new Int32Array(1))[0]).toBe(43)
    emulator.must('cuModuleUnload', module)
  })

  test('the last block to end sums what all have left', () => {
    const [parts, sum] = [emulator.zeros(100), emulator.zeros(1)]
    emulator.run(kernel('lastBlock'), [100], [32], [parts, sum])
    expect(emulator.read(sum, new Int32Array(1))[0]).toBe(5050)
  })

  test('a branch to a list of targets', () => {
    const body = `ld.param.u64 %d0, [p];
mov.u32 %r0, %tid.x;
mul.wide.u32 %d1, %r0, 4;
add.u64 %d0, %d0, %d1;
rem.u32 %r1, %r0, 3;
$list: .branchtargets $a, $b, $c;
brx.idx %r1, $list;
$a: mov.u32 %r2, 10; bra $end;
$b: mov.u32 %r2, 20; bra $end;
$c: mov.u32 %r2, 30;
$end: st.global.u32 [%d0], %r2;`
    const out = emulator.zeros(40)
    emulator.run(emulator.entry(emulator.load(ptxOf(body)), 'k'), [1], [40], [out])
    const expected = Array.from({ length: 40 }, (_, i) => 10 + 10 * (i % 3))
    expect([...emulator.read(out, new Uint32Array(40))]).toEqual(expected)
  })

  test('a lock that lanes of a warp take from one another', () => {
    const body = `ld.param.u64 %d0, [p];
$try:
atom.global.cas.b32 %r0, [%d0], 0, 1;
setp.ne.s32 %p0, %r0, 0;
@%p0 bra $try;
ld.volatile.global.u32 %r1, [%d0+4];
add.u32 %r1, %r1, 1;
st.volatile.global.u32 [%d0+4], %r1;
membar.gl;
atom.global.exch.b32 %r2, [%d0], 0;`
    const memory = emulator.zeros(2)
    emulator.run(emulator.entry(emulator.load(ptxOf(body)), 'k'), [3], [64], [memory])
    expect([...emulator.read(memory, new Uint32Array(2))]).toEqual([0, 192])
  })

  test('warps and blocks that wait for what others write', () => {
    // Every thread of a grid comes to a barrier of the whole grid, five times.
    const body = `ld.param.u64 %d0, [p];
mov.u32 %r9, %tid.x;
mov.u32 %r0, 0;
$turn:
add.u32 %r0, %r0, 6;
bar.sync 0;
setp.ne.u32 %p1, %r9, 40;
@%p1 bra $wait;
atom.global.add.u32 %r1, [%d0], 1;
$wait:
ld.acquire.gpu.global.u32 %r2, [%d0];
setp.lt.u32 %p0, %r2, %r0;
@%p0 bra $wait;
setp.lt.u32 %p0, %r0, 30;
@%p0 bra $turn;`
    const memory = emulator.zeros(1)
    emulator.run(emulator.entry(emulator.load(ptxOf(body)), 'k'), [6], [64], [memory])
    expect(emulator.read(memory, new Uint32Array(1))[0]).toBe(30)
  })
})

function chosen(which: number, v: number): number {
  const signed = v | 0
  const wide = BigInt(v)
  switch (which) {
    case 0:
      return Number.parseInt([...v.toString(2).padStart(32, '0')].toReversed().join(''), 2)
    case 1:
      return Math.clz32(v)
    case 2:
      return [...v.toString(2)].filter((bit) => bit === '1').length * 3
    case 3:
      return v === 0 ? 0 : 32 - Math.clz32(v & -v)
    case 4: // bytes 0, 4, 1, 5, of v and then of 0x12345678
      return (v & 0xff) | (0x78 << 8) | (((v >>> 8) & 0xff) << 16) | (0x56 << 24)
    case 5: {
      const both = (BigInt(~v >>> 0) << 32n) | wide
      return Number(((both << BigInt(v & 31)) >> 32n) & 0xffffffffn)
    }
    case 6:
      return Math.trunc(signed / 7)
    case 7:
      return v % 10007
    case 8:
      return Number((wide * 0x9e3779b9n) >> 32n)
    case 9: {
      const bytes = new Int8Array(new Uint32Array([v]).buffer)
      return 5 + bytes[0]! * 4 + bytes[1]! * 3 + bytes[2]! * 2 + bytes[3]!
    }
    default:
      return (v << 3) ^ (signed >> 5)
  }
}

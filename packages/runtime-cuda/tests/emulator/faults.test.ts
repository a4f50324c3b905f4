// Planted mistakes: each is found, and said where it is — kernel, line, block and thread.
import { expect, test } from 'vitest'
import { describeEmulator, i32, ptxOf } from './support/open.ts'

process.env['TSJIT_EMU_QUIET'] = '1'

const illegalAddress = 700
const misaligned = 716
const launchFailed = 719
const invalidValue = 1

await describeEmulator('faults', (emulator) => {
  const buffer = emulator.alloc(1024)
  const faultOf = (ptx: string, grid = 1, block = 64, shared = 0) =>
    emulator.fault(emulator.entry(emulator.load(ptx), 'k'), [grid], [block], [buffer], shared)
  const dynamic = { before: '.extern .shared .align 16 .b8 sm[];' }
  const fixed = { before: '.shared .align 16 .b8 sm[1024];' }

  test('a read beyond the end', () => {
    const kernel = emulator.entry(emulator.fixture('tiles'), 'axpy')
    const [result, text] = emulator.fault(kernel, [2], [256], [i32(0), buffer, buffer, i32(300)])
    expect(result).toBe(illegalAddress)
    expect(text).toMatch(
      /^out of bounds read of global memory: address 0x\w+ size 16, 1024 bytes into an allocation of 1024/,
    )
    expect(text).toMatch(/in kernel axpy at ptx line \d+, block \(0,0,0\) thread \(64,0,0\)$/)
  })

  test('a write through a freed pointer, and to nothing', () => {
    const ptx = ptxOf('ld.param.u64 %d0, [p];\nst.global.u32 [%d0], 1;')
    const freed = emulator.alloc(64)
    emulator.must('cuMemFree_v2', freed)
    const kernel = emulator.entry(emulator.load(ptx), 'k')
    for (const address of [freed, 16n]) {
      const [result, text] = emulator.fault(kernel, [1], [1], [address])
      expect(result).toBe(illegalAddress)
      expect(text).toMatch(
        /out of bounds write of global memory.*in kernel k at ptx line 14, block \(0,0,0\) thread \(0,0,0\)/,
      )
    }
  })

  test('a misaligned vector', () => {
    const [result, text] = faultOf(ptxOf('ld.param.u64 %d0, [p];\nld.global.v4.f32 {%f0,%f1,%f2,%f3}, [%d0+8];'))
    expect(result).toBe(misaligned)
    expect(text).toMatch(
      /misaligned read of global memory: address 0x\w+8 size 16, in kernel k at ptx line 14, block \(0,0,0\) thread \(0,0,0\)/,
    )
  })

  test('shared memory beyond its end', () => {
    const body =
      'mov.u32 %r0, %tid.x;\nshl.b32 %r1, %r0, 4;\nmov.u32 %r2, sm;\nadd.u32 %r1, %r1, %r2;\nst.shared.u32 [%r1+4], %r0;'
    const [result, text] = faultOf(ptxOf(body, dynamic), 1, 64, 512)
    expect(result).toBe(illegalAddress)
    expect(text).toMatch(
      /out of bounds write of shared memory: address 0x204 size 4 of 512 bytes, in kernel k at ptx line 17, block \(0,0,0\) thread \(32,0,0\)/,
    )
  })

  test('a write to a constant', () => {
    const ptx = ptxOf('mov.u64 %d0, table;\nst.global.u32 [%d0], 1;', {
      before: '.const .u32 table[4] = {1, 2, 3, 4};',
    })
    expect(faultOf(ptx)).toEqual([
      illegalAddress,
      expect.stringMatching(/out of bounds write of constant memory.*which is constant/),
    ])
  })

  const slots =
    'mov.u32 %r0, %tid.x;\nshl.b32 %r1, %r0, 2;\nmov.u32 %r2, sm;\nadd.u32 %r1, %r1, %r2;\nxor.b32 %r3, %r1, 128;'
  test('a barrier that is missing: a write after a read', () => {
    const body = `${slots}\nst.shared.u32 [%r1], %r0;\nld.shared.u32 %r4, [%r3];`
    const [result, text] = faultOf(ptxOf(body, fixed))
    expect(result).toBe(launchFailed)
    expect(text).toMatch(
      /^race in shared memory: a write after a read with no barrier between, the first made by thread \(0,0,0\)/,
    )
    expect(text).toMatch(/in kernel k at ptx line 18, block \(0,0,0\) thread \(32,0,0\)$/)
    expect(faultOf(ptxOf(body.replace('ld.shared', 'bar.sync 0;\nld.shared'), fixed))[0]).toBe(0)
  })

  test('a barrier that is missing: a read after a write, and two writes', () => {
    const read = `${slots}\nst.shared.u32 [%r1], %r0;\nbar.sync 0;\nld.shared.u32 %r4, [%r3];\nst.shared.u32 [%r1], %r4;`
    expect(faultOf(ptxOf(read, fixed))).toEqual([
      launchFailed,
      expect.stringMatching(/a read after a write.*thread \(0,0,0\)$/),
    ])
    const both = `${slots}\nst.shared.u32 [sm], %r0;`
    expect(faultOf(ptxOf(both, fixed))).toEqual([
      launchFailed,
      expect.stringMatching(/two writes.*line 18.*thread \(1,0,0\)$/),
    ])
  })

  test('lanes of one warp with nothing to order them', () => {
    const body = slots.replace('128', '4')
    const crossed = `${body}\nst.shared.u32 [%r1], %r0;\nld.shared.u32 %r4, [%r3];`
    expect(faultOf(ptxOf(crossed, fixed), 1, 32)).toEqual([launchFailed, expect.stringMatching(/a read after a write/)])
    const ordered = crossed.replace('ld.shared', 'bar.warp.sync -1;\nld.shared')
    expect(faultOf(ptxOf(ordered, fixed), 1, 32)[0]).toBe(0)
  })

  test('atomics do not race with one another, but with reads', () => {
    const body = `${slots}\natom.shared.add.u32 %r4, [sm], 1;`
    expect(faultOf(ptxOf(body, fixed))[0]).toBe(0)
    expect(faultOf(ptxOf(`${body}\nld.shared.u32 %r5, [sm];`, fixed))).toEqual([
      launchFailed,
      expect.stringMatching(/a read after a write.*the first an atomic instruction/),
    ])
  })

  test('halves of one word are told apart', () => {
    const body =
      'mov.u32 %r0, %tid.x;\nshl.b32 %r1, %r0, 1;\nmov.u32 %r2, sm;\nadd.u32 %r1, %r1, %r2;\nmov.b16 %h0, 1;\nst.shared.b16 [%r1], %h0;'
    expect(faultOf(ptxOf(body, fixed))[0]).toBe(0)
  })

  const copies = (open: number) =>
    ptxOf(
      `ld.param.u64 %d0, [p];
mov.u32 %r0, %tid.x;
shl.b32 %r1, %r0, 4;
cvt.u64.u32 %d1, %r1;
add.u64 %d2, %d0, %d1;
mov.u32 %r2, sm;
add.u32 %r3, %r2, %r1;
cp.async.cg.shared.global [%r3], [%d2], 16;
cp.async.commit_group;
cp.async.wait_group ${open};
ld.shared.u32 %r4, [%r3];
st.global.u32 [%d2], %r4;`,
      fixed,
    )
  test('a wait for copies that waits too little reads what was there before', () => {
    const results = [1, 0].map((open) => {
      const data = emulator.upload(Uint32Array.from({ length: 256 }, (_, i) => i))
      emulator.run(emulator.entry(emulator.load(copies(open)), 'k'), [1], [64], [data])
      return emulator.read(data, new Uint32Array(256))[4]
    })
    expect(results).toEqual([0xcbcbcbcb, 4])
  })

  test('a copy that others read with no barrier', () => {
    const ptx = copies(0).replace('ld.shared.u32 %r4, [%r3]', 'ld.shared.u32 %r4, [sm]')
    expect(faultOf(ptx)).toEqual([launchFailed, expect.stringMatching(/race in shared memory: a read after a write/)])
  })

  test('a shuffle that some lanes do not come to', () => {
    const body = `mov.u32 %r0, %tid.x;
setp.lt.u32 %p0, %r0, 16;
@!%p0 bra $other;
shfl.sync.bfly.b32 %r1, %r0, 1, 31, 0xffffffff;
bra $end;
$other:
bar.sync 0;
$end:`
    const [result, text] = faultOf(ptxOf(body), 1, 32)
    expect(result).toBe(launchFailed)
    expect(text).toMatch(
      /^deadlock: lanes 0-15 of the warp wait here for lanes that do not come; lanes 16-31 wait at ptx line 19/,
    )
    expect(text).toMatch(/in kernel k at ptx line 16, block \(0,0,0\) thread \(0,0,0\)$/)
  })

  test('a lane that is not in its own mask', () => {
    const body = 'mov.u32 %r0, %tid.x;\nshfl.sync.bfly.b32 %r1, %r0, 1, 31, 0xffff;'
    expect(faultOf(ptxOf(body), 1, 32)).toEqual([
      launchFailed,
      expect.stringMatching(/the lane is not in the membermask 0xffff that it gives.*thread \(16,0,0\)$/),
    ])
  })

  test('a barrier that some threads do not come to', () => {
    const body = 'mov.u32 %r0, %tid.x;\nsetp.ge.u32 %p0, %r0, 40;\n@%p0 ret;\nbar.sync 0;'
    const [result, text] = faultOf(ptxOf(body))
    expect(result).toBe(launchFailed)
    expect(text).toMatch(/^deadlock: divergent barrier 0, 40 of 64 threads have come, 24 threads have ended without it/)
    expect(text).toMatch(/in kernel k at ptx line 16, block \(0,0,0\) thread \(0,0,0\)$/)
  })

  test('two warps at different barriers', () => {
    const body = 'mov.u32 %r0, %tid.x;\nsetp.ge.u32 %p0, %r0, 32;\n@%p0 bra $b;\nbar.sync 0;\nret;\n$b:\nbar.sync 1;'
    expect(faultOf(ptxOf(body))).toEqual([
      launchFailed,
      expect.stringMatching(/divergent barrier 0, 32 of 64.*warp 1 waits at ptx line 19/),
    ])
  })

  test('a trap, an assertion of a device', () => {
    expect(faultOf(ptxOf('trap;'))).toEqual([launchFailed, expect.stringMatching(/^trap, in kernel k/)])
  })

  test('too much shared memory, without and beyond the attribute', () => {
    const kernel = emulator.entry(emulator.load(ptxOf('', dynamic)), 'k')
    expect(emulator.fault(kernel, [1], [32], [buffer], 64 << 10)[0]).toBe(invalidValue)
    emulator.must('cuFuncSetAttribute', kernel, 8, 64 << 10)
    expect(emulator.fault(kernel, [1], [32], [buffer], 64 << 10)[0]).toBe(0)
    expect(emulator.call('cuFuncSetAttribute', kernel, 8, 228 << 10)).toBe(invalidValue)
  })

  test('limits of launches', () => {
    const plain = emulator.entry(emulator.load(ptxOf('')), 'k')
    const bounded = emulator.entry(emulator.load(ptxOf('', { attributes: '.maxntid 64, 1, 1' })), 'k')
    const exact = emulator.entry(emulator.load(ptxOf('', { attributes: '.reqntid 64, 2, 1' })), 'k')
    expect(emulator.launch(plain, [1], [1025], [buffer])).toBe(invalidValue)
    expect(emulator.launch(plain, [1], [1, 1, 65], [buffer])).toBe(invalidValue)
    expect(emulator.launch(plain, [0], [1], [buffer])).toBe(invalidValue)
    expect(emulator.launch(plain, [1, 65_536], [1], [buffer])).toBe(invalidValue)
    expect(emulator.launch(plain, [1, 1, 65_536], [1], [buffer])).toBe(invalidValue)
    expect(emulator.launch(bounded, [1], [65], [buffer])).toBe(invalidValue)
    expect(emulator.launch(exact, [1], [128], [buffer])).toBe(invalidValue)
    expect(emulator.launch(exact, [1], [64, 2], [buffer])).toBe(0)
    emulator.must('cuCtxSynchronize')
  })

  test('after a fault everything in the context fails the same way', () => {
    const kernel = emulator.entry(emulator.load(ptxOf('trap;')), 'k')
    expect(emulator.launch(kernel, [1], [1], [buffer])).toBe(0)
    expect(emulator.call('cuCtxSynchronize')).toBe(launchFailed)
    expect(emulator.call('cuMemAlloc_v2', new BigUint64Array(1), 16)).toBe(launchFailed)
    expect(emulator.launch(kernel, [1], [1], [buffer])).toBe(launchFailed)
    emulator.library.func('void emuReset()')()
    expect(emulator.call('cuCtxSynchronize')).toBe(0)
  })
})

await describeEmulator('modules that do not load', (emulator) => {
  const cases: readonly (readonly [name: string, ptx: string, log: string | RegExp])[] = [
    [
      'an unknown instruction',
      ptxOf('frobnicate.b32 %r0, %r1;'),
      /^ptx line 13: error: unknown instruction 'frobnicate.b32'$/,
    ],
    [
      'an unknown form of one',
      ptxOf('add.f8 %r0, %r1, %r2;'),
      /^ptx line 13: error: unsupported instruction 'add.f8'$/,
    ],
    ['an unknown register', ptxOf('add.s32 %r0, %r1, %q2;'), /line 13: error: unknown register '%q2'/],
    [
      'a register of a wrong width',
      ptxOf('add.s32 %r0, %r1, %d2;'),
      /line 13: error: operand '%d2' has not the 32 bits/,
    ],
    ['an unknown label', ptxOf('bra $nowhere;'), /line 13: error: unknown label '\$nowhere'/],
    ['an unknown variable', ptxOf('ld.shared.u32 %r0, [sm];'), /line 13: error: unknown register or variable 'sm'/],
    ['a missing semicolon', ptxOf('add.s32 %r0, %r1, %r2\nadd.s32 %r0, %r1, %r2;'), /error: expected/],
    ['a number where a float must be', ptxOf('add.f32 %f0, %f1, 1;'), /takes a floating-point number/],
    ['no rounding where one is needed', ptxOf('cvt.f32.s32 %f0, %r1;'), /needs \.rn/],
    [
      'too much static shared memory',
      ptxOf('mov.u32 %r0, sm;', { before: '.shared .b8 sm[50000];' }),
      /50000 bytes of static shared memory/,
    ],
    ['no PTX', 'hello', /error/],
  ]
  for (const [name, ptx, log] of cases) {
    test(name, () =>
      expect(emulator.tryLoad(ptx)).toMatchObject({ result: 218, log: expect.stringMatching(log) as string }),
    )
  }

  test('a target that the device has not, and a version that the driver has not', () => {
    expect(emulator.tryLoad(ptxOf('', { target: 'sm_100' })).result).toBe(209)
    expect(emulator.tryLoad(ptxOf('').replace('7.8', '99.0')).result).toBe(222)
  })
})

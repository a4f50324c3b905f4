// Several devices, smaller and of another capability: what the environment says.
import { expect, test } from 'vitest'
import { describeEmulator, packParams, ptxOf } from './support/open.ts'

Object.assign(process.env, {
  TSJIT_EMU_QUIET: '1',
  TSJIT_EMU_DEVICES: '2',
  TSJIT_EMU_CAPABILITY: '8.6',
  TSJIT_EMU_MULTIPROCESSORS: '2',
})

await describeEmulator('two devices', (emulator) => {
  const store = ptxOf('ld.param.u64 %d0, [p];\nst.global.u32 [%d0], 5;')

  test('each has contexts and memory of its own', () => {
    const mine = emulator.zeros(1)
    const second = emulator.out('cuDevicePrimaryCtxRetain', 1)
    emulator.must('cuCtxSetCurrent', second)
    const kernel = emulator.entry(emulator.load(store), 'k')
    const theirs = emulator.zeros(1)
    emulator.run(kernel, [1], [1], [theirs])
    expect(emulator.read(theirs, new Uint32Array(1))[0]).toBe(5)
    const [result, text] = emulator.fault(kernel, [1], [1], [mine])
    expect(result).toBe(700)
    expect(text).toMatch(/which is memory of device 0/)
  })

  test('a cooperative launch has to fit the multiprocessors', () => {
    const kernel = emulator.entry(emulator.load(store), 'k')
    const params = packParams([emulator.zeros(1)])
    const launch = (blocks: number, threads: number): number =>
      emulator.call('cuLaunchCooperativeKernel', kernel, blocks, 1, 1, threads, 1, 1, 0, 0n, params.pointers)
    expect([launch(4, 1024), launch(5, 1024), launch(16, 256), launch(17, 256)]).toEqual([0, 720, 0, 720])
    emulator.must('cuCtxSynchronize')
  })

  test('the capability decides what loads', () => {
    expect(emulator.tryLoad(store).result).toBe(0)
    expect(emulator.tryLoad(store.replace('sm_80', 'sm_90')).result).toBe(209)
    expect(emulator.tryLoad(store.replace('sm_80', 'sm_86a')).result).toBe(0)
    expect(emulator.tryLoad(store.replace('sm_80', 'sm_90a'))).toMatchObject({
      result: 209,
      log: 'PTX .target sm_90a does not run on compute capability 8.6',
    })
    expect(emulator.tryLoad(store.replace('sm_80', 'sm_80a')).result).toBe(209)
  })
})

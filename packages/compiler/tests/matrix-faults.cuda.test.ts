// Broken kernels for matrix units in PTX: the emulator of the driver reports them, or their numbers are wrong.
import { afterEach, expect, test } from 'vitest'
import { cuda } from '../src/4-schedule/machine.ts'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { faultsOfFour, faultyGraph, faults, fourWarps } from './support/matrix-faults.ts'
import { driverPath, takeFault } from './support/run-ptx.ts'

const graph = faultyGraph()

if (driverPath?.includes('.emulator') === true) {
  const path = driverPath
  afterEach(() => void takeFault(path))

  test('the kernel is right as it is', () => {
    checkOnPtx(graph, [1], { machine: cuda, tolerance: 2 ** -8 })
    expect(takeFault(path)).toBe('')
  })

  test.each([
    ['nobody waits for copies', ''],
    ['lanes do not wait for one another', 'race'],
    ['one batch too many may be on its way', ''],
    ['copies are no batches', ''],
    ['a slice is copied to where one is read', ''],
    ['sums take the place of slices that are read', 'race'],
    ['sums are read before they are there', 'race'],
  ])('%s', (name, fault) => {
    const options = { machine: cuda, tolerance: 2 ** -8, change: faults[name]?.change ?? ((kernel) => kernel) }
    expect(() => checkOnPtx(graph, [1], options)).toThrow()
    expect(takeFault(path)).toContain(fault)
  })

  test('the kernel of four warps is right as it is', () => {
    checkOnPtx(graph, [1], { machine: fourWarps, tolerance: 2 ** -8 })
    expect(takeFault(path)).toBe('')
  })

  test.each([
    ['nobody waits for copies', ''],
    ['lanes do not wait for one another', 'without fence.proxy.async'],
    ['nobody waits for products', 'before wgmma.wait_group has waited'],
    ['one product too many may be on its way', 'before wgmma.wait_group has waited'],
    ['sums are stored before the last product has come', ''],
  ])('four warps: %s', (name, fault) => {
    const options = {
      machine: fourWarps,
      tolerance: 2 ** -8,
      change: faultsOfFour[name]?.change ?? ((kernel) => kernel),
    }
    expect(() => checkOnPtx(graph, [1], options)).toThrow()
    expect(takeFault(path)).toContain(fault)
  })
}

// Broken kernels for matrix units in PTX: the emulator of the driver reports them, or their numbers are wrong.
import { afterEach, describe, expect, test } from 'vitest'
import { cuda } from '../src/4-schedule/machine.ts'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { faultsOfFour, faultyGraph, faults, fourWarps } from './support/matrix-faults.ts'
import { driverPath, takeFault } from './support/run-ptx.ts'

const graph = faultyGraph()

/** What the emulator says of each; nothing where only numbers are wrong. */
const ofOne: readonly (readonly [fault: string, said: RegExp])[] = [
  ['nobody waits for copies', /^$/],
  ['lanes do not wait for one another', /race/],
  ['one batch too many may be on its way', /race/],
  ['copies are no batches', /^$/],
  ['a slice is copied to where one is read', /race/],
  ['sums take the place of slices that are read', /race/],
  ['sums are read before they are there', /race/],
]
const ofFour: typeof ofOne = [
  ['nobody waits for copies', /^$/],
  ['lanes do not wait for one another', /without fence\.proxy\.async/],
  ['nobody waits for products', /before wgmma\.wait_group has waited/],
  ['one product too many may be on its way', /before wgmma\.wait_group has waited/],
  ['sums are stored before the last product has come', /no wgmma\.wait_group has waited/],
]

if (driverPath?.includes('.emulator') === true) {
  const path = driverPath
  afterEach(() => void takeFault(path))

  describe.each([
    ['of one warp', { machine: cuda, all: faults, known: ofOne }],
    ['of four', { machine: fourWarps, all: faultsOfFour, known: ofFour }],
  ])('products %s', (_, { machine, all, known }) => {
    test('the kernel is right as it is', () => {
      checkOnPtx(graph, [1], { machine, tolerance: 2 ** -8 })
      expect(takeFault(path)).toBe('')
    })

    test.each(known)('%s', (name, said) => {
      const { change } = all[name] ?? expect.fail(name)
      expect(() => checkOnPtx(graph, [1], { machine, tolerance: 2 ** -8, change })).toThrow()
      expect(takeFault(path)).toMatch(said)
    })
  })
}

// Kernels for matrix units, broken: refused when they are verified, or caught when the interpreter runs them.
import { describe, expect, test } from 'vitest'
import { cuda } from '../src/4-schedule/machine.ts'
import { schedule } from '../src/4-schedule/schedule.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { faultsOfFour, faultyGraph, faults, fourWarps } from './support/matrix-faults.ts'

const graph = faultyGraph()

describe.each([
  ['of one warp', cuda, faults],
  ['of four', fourWarps, faultsOfFour],
])('products %s', (_, machine, all) => {
  test('the kernel is right as it is', () => {
    checkByInterpreter(graph, [1], { machine, tolerance: 2 ** -8 })
  })

  test.each(Object.entries(all))('%s', (name, { change, refused, caught }) => {
    const [kernel] = schedule(graph, { buffers: 8, machine }).kernels
    if (kernel === undefined) throw new Error(`no kernel for ${name}`)
    expect(refused ?? caught).toBeDefined()
    if (refused !== undefined) expect(() => verifyKernel(change(kernel))).toThrow(refused)
    if (caught !== undefined) expect(() => checkByInterpreter(graph, [1], { machine, change })).toThrow(caught)
  })
})

// Kernels for matrix units, broken: refused when they are verified, or caught when the interpreter runs them.
import { expect, test } from 'vitest'
import { cuda } from '../src/4-schedule/machine.ts'
import { schedule } from '../src/4-schedule/schedule.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { faultyGraph, faults } from './support/matrix-faults.ts'

const graph = faultyGraph()

test('the kernel is right as it is', () => {
  checkByInterpreter(graph, [1], { machine: cuda, tolerance: 2 ** -8 })
})

test.each(Object.entries(faults))('%s', (_, { change, refused, caught }) => {
  const [kernel] = schedule(graph, { buffers: 8, machine: cuda }).kernels
  if (kernel === undefined) throw new Error('no kernel')
  if (refused !== undefined) expect(() => verifyKernel(change(kernel))).toThrow(refused)
  if (caught !== undefined) expect(() => checkByInterpreter(graph, [1], { machine: cuda, change })).toThrow(caught)
})

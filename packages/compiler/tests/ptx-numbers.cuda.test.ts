// Every elementwise primitive and conversion in PTX.
import { describe } from 'vitest'
import { printPtxModule } from '../src/5-codegen/ptx/print-module.ts'
import { printPtx } from '../src/5-codegen/ptx/print-ptx.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import { numberTarget } from './support/number-kernels.ts'
import { describeNumbers } from './support/number-tests.ts'
import { type PtxDriver, driverPath, openDriver } from './support/run-ptx.ts'

let driver: PtxDriver | undefined

/** Runs a kernel with one lane an element (or vector) and returns the bytes of its last parameter. */
function run(kernel: Kernel, inputs: readonly Uint8Array[], lanes: number, bytes: number): Uint8Array<ArrayBuffer> {
  verifyKernel(kernel)
  driver ??= openDriver(driverPath ?? '')
  const entry = printPtx(kernel, 'readable')
  const { ptx, names } = printPtxModule([{ entry }], 'readable')
  const [name = ''] = names
  const groups = [Math.ceil(lanes / 64), 1, 1] as const
  const bound = [...inputs, kernel].map((_, buffer) => ({ buffer }))
  const uniform = entry.uniform ? { uniform: [lanes] } : {}
  const launch = { entry: name, groups, lanes: entry.block, buffers: bound, ...uniform }
  return driver.run(ptx, [...inputs, new Uint8Array(bytes)], (session) => {
    session.launch(launch)
    return session.read(inputs.length)
  })
}

if (driverPath !== undefined)
  describe('numbers of PTX', () =>
    describeNumbers(
      numberTarget({
        lanes: 64,
        run,
        bounds: {
          exp: 1,
          expm1: 2,
          log: 1,
          log1p: 2,
          sqrt: 0,
          sin: 2,
          cos: 2,
          tan: 2,
          asin: 2,
          acos: 2,
          atan: 2,
          sinh: 2,
          cosh: 2,
          tanh: 2,
          erf: 2,
          add: 0,
          sub: 0,
          mul: 0,
          div: 0,
          floorDiv: 1,
          pow: 1,
          atan2: 2,
        },
      }),
    ))

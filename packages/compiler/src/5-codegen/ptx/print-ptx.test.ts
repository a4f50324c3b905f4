// Printed kernels as files; `vitest -u` writes them anew.
import { describe, expect, test } from 'vitest'
import * as k from '../../../tests/support/kernels.ts'
import { hasPtxas, ptxas } from '../../../tests/support/ptxas.ts'
import { verifyKernel } from '../../ir/kernel/verify.ts'
import { printPtxModule } from './print-module.ts'
import { printPtx } from './print-ptx.ts'

const folder = '../../../tests/samples/ptx'

describe('samples', () => {
  for (const [name, make] of Object.entries(k.samples)) {
    test(name, async () => {
      verifyKernel(make())
      for (const style of ['readable', 'minified'] as const) {
        const { ptx } = printPtxModule([{ entry: printPtx(make(), style) }], style)
        await expect(ptx).toMatchFileSnapshot(`${folder}/${name}${style === 'minified' ? '.min' : ''}.ptx`)
        if (hasPtxas) for (const arch of ['sm_80', 'sm_90', 'sm_120'] as const) ptxas(ptx, arch)
      }
    })
  }
})

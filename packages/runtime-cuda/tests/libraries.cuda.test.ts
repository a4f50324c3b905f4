// Where a library is asked for that this machine has not.
import { expect, test, vi } from 'vitest'
import { program } from '../src/index.ts'
import { affine } from './support/affine.ts'

test('a library that is not there is an error at load, which says what to do; without the option nothing looks for it', async () => {
  vi.stubEnv('TSJIT_CUBLASLT', '/nowhere/libcublasLt.so.13')
  await expect(program(affine).load({ weights: { seed: 1 }, libraries: 'auto' })).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringMatching(
      /needs cuBLASLt: \/nowhere\/libcublasLt\.so\.13 is not found; .*leave the option out/,
    ),
  })
  const net = await program(affine).load({ weights: { seed: 1 } })
  net.dispose()
  vi.unstubAllEnvs()
})

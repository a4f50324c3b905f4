// Where there is no driver: importing works, loading says what is missing.
import { expect, test, vi } from 'vitest'
import { program } from '../src/index.ts'
import { affine } from './support/affine.ts'

test('no driver is an error at load, and says what to do', async () => {
  vi.stubEnv('TSJIT_LIBCUDA', '/nowhere/libcuda.so.1')
  await expect(program(affine).load({ weights: { seed: 1 } })).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringMatching(/no NVIDIA driver here: .*install the driver/),
  })
  vi.unstubAllEnvs()
})

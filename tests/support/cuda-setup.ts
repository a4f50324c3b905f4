// cuda-setup: the library that tests of CUDA call: the driver where TSJIT_CUDA=device asks for it, else its emulator

import { cudaEnv } from '../../scripts/cuda-env.mjs'

/** Called once before the tests. */
export async function setup(): Promise<void> {
  Object.assign(process.env, await cudaEnv())
}

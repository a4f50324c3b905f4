// cuda-env: the environment in which programs find the driver of CUDA, or its emulator on a machine without a GPU
//
// TSJIT_CUDA=device asks for the driver; TSJIT_LIBCUDA names a library.
import { buildEmulator } from '../packages/runtime-cuda/scripts/build-emulator.mjs'

/** Builds the emulator where it is needed, and returns the variables. */
export async function cudaEnv(env = process.env) {
  if (env.TSJIT_CUDA === 'device' || env.TSJIT_LIBCUDA !== undefined) return {}
  return { TSJIT_LIBCUDA: await buildEmulator() }
}

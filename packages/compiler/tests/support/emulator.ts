// emulator: the library that stands for the CUDA driver where there is no GPU

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = fileURLToPath(new URL('../../../runtime-cuda/scripts/build-emulator.mjs', import.meta.url))

/** Builds the emulator unless it is built, and returns its path; TSJIT_LIBCUDA names another library. */
export async function emulatorPath(): Promise<string> {
  const given = process.env['TSJIT_LIBCUDA']
  if (given !== undefined) return given
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  return stdout.trim().split('\n').at(-1) ?? ''
}

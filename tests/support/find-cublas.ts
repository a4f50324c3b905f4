// find-cublas: where cuBLASLt may lie on a machine with an NVIDIA GPU

import { spawnSync } from 'node:child_process'

const SCRIPT = `
import glob, site
folders = site.getsitepackages() + [site.getusersitepackages()]
patterns = ['/usr/local/cuda*/lib64/'] + [folder + '/nvidia/*/lib/' for folder in folders]
print('\\n'.join(path for pattern in patterns for path in sorted(glob.glob(pattern + 'libcublasLt.so.1[23]'))))
`

/** Returns the files of the CUDA toolkit and of PyTorch, if there are any. */
export function findCublas(): readonly string[] {
  const { stdout } = spawnSync('python3', ['-c', SCRIPT], { encoding: 'utf8' })
  return (stdout ?? '').split('\n').filter((path) => path !== '')
}

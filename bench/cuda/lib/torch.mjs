// torch: PyTorch on the GPU, in a neighbouring process
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { startPython } from '../../lib/python.mjs'

const python = process.env.PYTHON ?? 'python3'

/** Returns the version of PyTorch where it is there and has the device: `cuda`, or `cpu` for a try. */
export function torchVersion(device) {
  const code = `import torch; torch.zeros(1, device='${device}'); print(torch.__version__)`
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Opens a workload, as `openTsjit` does. */
export async function openTorch(name, workload, { folder, data, mode, device }) {
  const { ask, close } = startPython(python, [join(folder, 'run_torch.py'), data, mode, device])
  const { data: file, inputs, dtype, peer } = workload
  try {
    const { error, load } = await ask({ open: peer ?? name, data: file, inputs, dtype })
    return {
      error,
      load,
      latency: async () => (await ask({ latency: 1 })).milliseconds,
      throughput: async (count) => (await ask({ throughput: count })).milliseconds,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

// torch: PyTorch in a neighbouring process, where this machine has it
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { startPython } from '../../lib/python.mjs'

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/** Says whether there is a PyTorch. */
export function hasTorch() {
  return spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
}

/** Starts PyTorch with some threads. It answers as a page does: `open`, `measure`. */
export function startTorch(script, data, { threads }) {
  const count = String(threads)
  const env = { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count }
  const { ask, close } = startPython(python, [script, data, count], env)
  return {
    open: (workload) => ask({ open: workload }),
    measure: (milliseconds) => ask({ milliseconds }),
    close,
  }
}

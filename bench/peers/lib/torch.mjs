// torch: PyTorch in a neighbouring process, where this machine has it
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { existsSync } from 'node:fs'

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/** Says whether there is a PyTorch. */
export function hasTorch() {
  return spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
}

/** Starts PyTorch with some threads. It answers as a page does: `open`, `measure`. */
export function startTorch(script, data, { threads }) {
  const count = String(threads)
  const env = { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count }
  const child = spawn(python, [script, data, count], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = []
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  child.on('error', (error) => waiting.splice(0).forEach(({ reject }) => reject(error)))
  child.on('close', () => waiting.splice(0).forEach(({ reject }) => reject(new Error('PyTorch ended'))))
  const ask = async (question) => {
    const answer = await new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(question)}\n`)
    })
    if (answer.failure !== undefined) throw new Error(answer.failure)
    return answer
  }
  return {
    open: (workload) => ask({ open: workload }),
    measure: (milliseconds) => ask({ milliseconds }),
    close: async () => child.stdin.end(),
  }
}

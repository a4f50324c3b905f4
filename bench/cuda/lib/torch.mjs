// torch: PyTorch on the GPU, in a neighbouring process
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const python = process.env.PYTHON ?? 'python3'

/** Returns the version of PyTorch where it is there and sees a GPU. */
export function torchVersion() {
  const code = 'import torch; assert torch.cuda.is_available(); print(torch.__version__)'
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Opens a workload, as `openTsjit` does. */
export async function openTorch(name, workload, { folder, data, mode }) {
  const child = spawn(python, [join(folder, 'run_torch.py'), data, mode], { stdio: ['pipe', 'pipe', 'inherit'] })
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
  const { data: file, inputs, dtype, peer } = workload
  try {
    const { error, load } = await ask({ open: peer ?? name, data: file, inputs, dtype })
    return {
      error,
      load,
      latency: async () => (await ask({ latency: 1 })).milliseconds,
      throughput: async (count) => (await ask({ throughput: count })).milliseconds,
      close: async () => child.stdin.end(),
    }
  } catch (error) {
    child.stdin.end()
    throw error
  }
}

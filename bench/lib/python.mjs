// python: a Python script in a neighbouring process, which answers lines of JSON
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Starts the script. `ask` sends it an object and resolves to the next one that it prints; an answer with `failure` is an
 * error. `close` lets it end.
 */
export function startPython(python, args, env = process.env) {
  const child = spawn(python, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = []
  const refuse = (error) => waiting.splice(0).forEach(({ reject }) => reject(error))
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  child.on('error', refuse)
  child.on('close', () => refuse(new Error(`${args[0]} ended`)))
  return {
    async ask(question) {
      const answer = await new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin.write(`${JSON.stringify(question)}\n`)
      })
      if (answer.failure !== undefined) throw new Error(answer.failure)
      return answer
    },
    close: async () => child.stdin.end(),
  }
}

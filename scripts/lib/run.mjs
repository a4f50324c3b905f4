// run: child processes whose signals, output and exit codes behave as the caller's own
import { spawn } from 'node:child_process'

const children = new Set()
let stopping = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal))

// npm hands a signal to the shell between itself and this process, which dies without passing it on.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop('SIGTERM'), 500).unref()
}

/**
 * Runs a program to its end with this terminal and returns its exit code, 1 where it could not be started.
 * A program that ends in `.js`, `.cjs` or `.mjs` runs under this Node. Ends this process when a signal asked for it.
 */
export async function run(program, args, options = {}) {
  const isScript = /\.[cm]?js$/.test(program)
  const [file, list] = isScript ? [process.execPath, [program, ...args]] : [program, args]
  const child = spawn(file, list, { stdio: 'inherit', ...options })
  children.add(child)
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve(report(error)))
    child.on('close', (status) => resolve(status ?? 1))
  })
  children.delete(child)
  if (stopping) process.exit(130)
  return code
}

function stop(signal) {
  if (stopping || children.size === 0) process.exit(130)
  stopping = true
  for (const child of children) child.kill(signal)
}

function report(error) {
  console.error(error.message)
  return 1
}

// bin: the process of `tsjit`
import { main } from './main.ts'

// Buffers that are piped elsewhere must drain: the exit code is set, the process ends by itself.
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  isColored: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
})

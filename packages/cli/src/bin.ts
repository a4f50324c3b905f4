// bin: the process of `tsjit`
import { main } from './main.ts'
import { isColored } from './terminal.ts'

const { argv, env, stdout, stderr } = process

for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Who reads a pipe may stop: `tsjit check | head`. Nothing else is wrong then.
    if (error.code !== 'EPIPE') process.exitCode = 1
    if (error.code !== 'EPIPE' && stream === stdout)
      stderr.write(`tsjit: the output cannot be written: ${error.message}\n`)
  })
}

// Buffers that are piped elsewhere must drain: the exit code is set, the process ends by itself.
const code = await main(argv.slice(2), {
  cwd: process.cwd(),
  isColored: isColored(stdout, env),
  isComplaintColored: isColored(stderr, env),
  print: (text) => void stdout.write(`${text}\n`),
  complain: (text) => void stderr.write(`${text}\n`),
})
process.exitCode = Math.max(code, Number(process.exitCode ?? 0))

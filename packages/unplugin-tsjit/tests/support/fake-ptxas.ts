// fake-ptxas: a program that is called as NVIDIA's assembler is, for machines without it
//
// Its machine code is the PTX with a comment, which a driver takes in its place. It knows `sm_80` and later.
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const script = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
const architecture = args.find((arg) => arg.startsWith('-arch=')).slice(6)
if (!/^sm_([89]\\d|90a|1\\d\\d)$/.test(architecture)) {
  console.error(\`ptxas fatal   : Value '\${architecture}' is not defined for option 'gpu-name'\`)
  process.exit(255)
}
const ptx = readFileSync(args.at(-3), 'utf8')
for (const [, name] of ptx.matchAll(/\\.entry (\\w+)/g)) {
  console.error(\`ptxas info    : Compiling entry function '\${name}' for '\${architecture}'\`)
  console.error('    0 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads')
  console.error('ptxas info    : Used 24 registers, used 1 barriers, 512 bytes smem')
}
writeFileSync(args.at(-1), \`// \${architecture}\\n\${ptx}\\0\`)
`

/** Writes the program into a folder and returns its file. */
export async function writeFakePtxas(folder: string, name = 'ptxas'): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, script)
  await chmod(file, 0o755)
  return file
}

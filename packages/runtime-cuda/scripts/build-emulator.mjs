// build-emulator: compiles the CPU emulator of the CUDA driver, from its sources in emulator/
//
// The result is kept by the hash of the sources, the compiler and the processor, in .emulator/; while nothing changed it
// is used again. Prints where the library lies.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = join(root, 'emulator')
const out = join(root, '.emulator')
// Exact arithmetic: nothing is contracted, reordered or assumed; vectors are as wide as this machine has them.
const flags = ['-std=c++17', '-O3', '-march=native', '-fPIC', '-fwrapv', '-fno-strict-aliasing', '-ffp-contract=off', '-fvisibility=hidden', '-pthread', '-Wall', '-Wextra'] // prettier-ignore

/** Builds the emulator where it is not built yet, and returns the path of `libcuda.so.1`. Throws what g++ says. */
export async function buildEmulator() {
  const compiler = process.env.CXX ?? 'g++'
  const files = sourceFiles()
  const key = fingerprint(compiler, files)
  const library = join(out, 'libcuda.so.1')
  const stamp = join(out, 'built')
  if (existsSync(library) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return library
  // Builds at the same time have folders of their own; the last to end wins, with the same result.
  const work = join(out, `work-${process.pid}`)
  mkdirSync(work, { recursive: true })
  try {
    const objects = await compileAll(compiler, files.filter((file) => file.endsWith('.cpp')), work) // prettier-ignore
    const linked = join(work, 'libcuda.so.1')
    await run(compiler, ['-shared', '-pthread', '-Wl,-soname,libcuda.so.1', '-o', linked, ...objects])
    renameSync(linked, library)
    writeFileSync(stamp, key)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return library
}

function sourceFiles() {
  return readdirSync(sources, { recursive: true })
    .map(String)
    .filter((file) => /\.(?:cpp|h)$/.test(file))
    .toSorted()
}

function fingerprint(compiler, files) {
  const hash = createHash('sha256')
    .update(flags.join(' '))
    .update(cpus()[0]?.model ?? '')
  hash.update(execFileSync(compiler, ['--version'], { encoding: 'utf8' }))
  for (const file of files) hash.update(file).update(readFileSync(join(sources, file)))
  return hash.digest('hex')
}

// The largest first, as many at a time as there are processors.
async function compileAll(compiler, files, work) {
  const size = (file) => readFileSync(join(sources, file)).length
  const queue = files.toSorted((a, b) => size(b) - size(a))
  const objects = []
  const next = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const object = join(work, file.replaceAll(/[/\\]/g, '-').replace(/\.cpp$/, '.o'))
      await run(compiler, [...flags, '-c', join(sources, file), '-o', object])
      objects.push(object)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, next))
  return objects.toSorted()
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let text = ''
    child.stderr.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (text !== '' && code === 0) process.stderr.write(text)
      if (code === 0) resolve()
      else reject(new Error(`${command} ${args.at(-3)}: ${text}`))
    })
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(await buildEmulator())
}

// build-emulator: compiles the CPU emulator of the CUDA driver, from its sources in emulator/
//
// The result is kept in .emulator/, with the hash of the sources, the compiler and the processor; while nothing changed it
// is used again, and so is each object whose source and headers are the same. Prints where the library lies.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = join(root, 'emulator')
const out = join(root, '.emulator')
const compiler = process.env.CXX ?? 'g++'
// Exact arithmetic: nothing is contracted, reordered or assumed; vectors are as wide as this machine has them.
const flags = [
  '-std=c++17',
  '-march=native',
  '-fPIC',
  '-fwrapv',
  '-fno-strict-aliasing',
  '-ffp-contract=off',
  '-fvisibility=hidden',
  '-pthread',
  '-Wall',
  '-Wextra',
]

// What executes instructions is made fast; the rest is compiled fast.
const level = (file) => (/^(?:machine|ops)\b/.test(file) ? '-O3' : '-O1')

/** Says why the emulator cannot be built on this machine, or `undefined`. */
export function whyNoEmulator() {
  if (process.platform !== 'linux') return 'the emulator of CUDA runs on Linux'
  try {
    version()
    return undefined
  } catch {
    return `the emulator of CUDA needs ${compiler}: install it with your package manager`
  }
}

/** Builds the emulator where it is not built yet, and returns the path of `libcuda.so.1`. Throws what g++ says. */
export async function buildEmulator() {
  const { headers, units } = sourceFiles()
  const shared = fingerprint([flags.join(' '), processor(), version(), ...headers.map(read)])
  const objects = units.map((file) => ({
    file,
    object: `${file.replaceAll(/[/\\]/g, '-').replace(/\.cpp$/, '')}-${fingerprint([shared, read(file)])}.o`,
  }))
  const key = fingerprint(objects.map(({ object }) => object))
  const library = join(out, 'libcuda.so.1')
  const stamp = join(out, 'built')
  if (existsSync(library) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return library
  mkdirSync(join(out, 'objects'), { recursive: true })
  const release = await lock()
  try {
    if (existsSync(library) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return library
    const prefix = await compilePrefix(shared)
    await compileAll(objects, prefix)
    const paths = objects.map(({ object }) => join(out, 'objects', object))
    await run(compiler, ['-shared', '-pthread', '-Wl,-soname,libcuda.so.1', '-o', `${library}.new`, ...paths])
    renameSync(`${library}.new`, library)
    writeFileSync(stamp, key)
    dropOthers([...objects.map(({ object }) => object), `prefix-${shared}.h`, `prefix-${shared}.h.gch`])
  } finally {
    release()
  }
  return library
}

/** Builds what stands for cuBLASLt in tests, where it is not built yet, and returns its path. */
export async function buildCublas() {
  const driver = await buildEmulator()
  const source = join(root, 'libraries', 'cublaslt.cpp')
  const key = fingerprint([flags.join(' '), processor(), version(), readFileSync(source, 'utf8')])
  const library = join(out, `libcublasLt-${key}.so`)
  if (existsSync(library)) return library
  const own = `${library}.${process.pid}`
  // whichever library is loaded as libcuda.so.1 is the one that it calls
  await run(compiler, [...flags, '-O1', '-shared', '-o', own, source, driver, '-Wl,-rpath,$ORIGIN'])
  renameSync(own, library)
  return library
}

// One process builds, others wait for it: a folder with the process that holds it. One that is dead holds nothing.
async function lock() {
  const folder = join(out, 'lock')
  for (;;) {
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, 'pid'), String(process.pid))
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isHeld(folder)) rmSync(folder, { recursive: true, force: true })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isHeld(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)
    return true
  } catch (error) {
    // The folder may be younger than its file; a process of somebody else may not be asked.
    return error.code === 'EPERM' || (error.code === 'ENOENT' && isYoung(folder))
  }
}

function isYoung(folder) {
  const made = statSync(folder, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs < 2000
}

function sourceFiles() {
  const files = readdirSync(sources, { recursive: true }).map(String).toSorted()
  return { headers: files.filter((file) => file.endsWith('.h')), units: files.filter((file) => file.endsWith('.cpp')) }
}

function read(file) {
  return readFileSync(join(sources, file), 'utf8')
}

// What -march=native depends on.
function processor() {
  const lines = readFileSync('/proc/cpuinfo', 'utf8').split('\n')
  return lines.find((line) => /^(?:flags|Features)\b/.test(line)) ?? arch()
}

function version() {
  return execFileSync(compiler, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function fingerprint(texts) {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:`).update(text)
  return hash.digest('hex').slice(0, 16)
}

// The standard headers take half of the time: they are compiled once.
async function compilePrefix(key) {
  const header = join(out, 'objects', `prefix-${key}.h`)
  if (existsSync(`${header}.gch`)) return header
  writeFileSync(header, read('prefix.h'))
  await run(compiler, [...flags, '-O3', '-x', 'c++-header', header, '-o', `${header}.new`])
  renameSync(`${header}.new`, `${header}.gch`)
  return header
}

// The largest first, as many at a time as there are processors.
async function compileAll(objects, prefix) {
  const queue = objects
    .filter(({ object }) => !existsSync(join(out, 'objects', object)))
    .toSorted((a, b) => read(b.file).length - read(a.file).length)
  const next = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const object = join(out, 'objects', item.object)
      await run(compiler, [
        ...flags,
        level(item.file),
        '-include',
        prefix,
        '-c',
        join(sources, item.file),
        '-o',
        `${object}.new`,
      ])
      renameSync(`${object}.new`, object)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, next))
}

// What belongs to sources that are no more.
function dropOthers(kept) {
  for (const name of readdirSync(join(out, 'objects'))) {
    if (!kept.includes(name)) rmSync(join(out, 'objects', name), { force: true })
  }
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

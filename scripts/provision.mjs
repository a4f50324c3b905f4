// provision: the software GPU and the browser that device and browser tests run on, and the compiler of CUDA's emulator
//
// On Debian as root it installs what is missing (Chromium, g++, and Mesa's lavapipe, from backports where the release is
// too old). Anywhere else it says in one line what to install. Does nothing where both are present.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run } from './lib/run.mjs'

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const drivers = ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map((name) =>
  join('/usr/share/vulkan/icd.d', name),
)
const oldestMesa = 25

/** Installs what device tests need where it can, says what is missing where it cannot. Never throws. */
export async function provision() {
  const missing = findMissing()
  if (missing.length === 0) return
  const release = debianRelease()
  if (release === undefined || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    const hint = release === undefined ? 'install it with your package manager' : 'run `npm run setup` as root'
    console.log(`Tests on devices need ${missing.join(' and ')}: ${hint}.`)
    return
  }
  console.log(`Installing ${missing.join(' and ')} with apt-get.`)
  const failed = await installOnDebian(release)
  if (failed) console.log(`Could not install ${findMissing().join(' and ')}: run apt-get by hand to see why.`)
}

/** Returns the environment in which tests find the software GPU and the browser. */
export function deviceEnv(env = process.env) {
  const chromium = browsers.find((path) => existsSync(path))
  const driver = drivers.find((path) => existsSync(path))
  const runtimeDir = env.XDG_RUNTIME_DIR ?? join(tmpdir(), `tsjit-runtime-${process.getuid?.() ?? 'user'}`)
  if (process.platform === 'linux') mkdirSync(runtimeDir, { recursive: true, mode: 0o700 })
  return {
    ...(chromium === undefined ? {} : { TSJIT_CHROMIUM: chromium }),
    ...(driver === undefined || env.VK_DRIVER_FILES !== undefined ? {} : { VK_ICD_FILENAMES: driver }),
    ...(process.platform === 'linux' ? { XDG_RUNTIME_DIR: runtimeDir } : {}),
    ...(isCi(env) ? { TSJIT_REQUIRE_DEVICE: 'webgpu' } : {}),
    ...env,
  }
}

/** Says whether this is a CI run, where every suite must run. */
export function isCi(env = process.env) {
  return env.CI !== undefined && env.CI !== '' && env.CI !== '0' && env.CI !== 'false'
}

function findMissing() {
  const hasBrowser = [process.env.TSJIT_CHROMIUM ?? '', ...browsers].some((path) => existsSync(path))
  // Outside Linux the system's own GPU driver serves.
  const hasDriver = process.platform !== 'linux' || drivers.some((path) => existsSync(path))
  return [
    ...(hasBrowser ? [] : ['Chromium']),
    ...(hasCompiler() ? [] : ['g++']),
    ...(hasDriver && !isMesaOld() ? [] : [`Mesa's Vulkan drivers (${oldestMesa} or newer)`]),
  ]
}

// Where there is a GPU of NVIDIA, nothing is emulated.
function hasCompiler() {
  if (process.env.TSJIT_CUDA === 'device') return true
  return spawnSync(process.env.CXX ?? 'g++', ['--version'], { stdio: 'ignore' }).status === 0
}

function isMesaOld() {
  if (debianRelease() === undefined) return false
  try {
    const version = execFileSync('dpkg-query', ['-W', '-f=${Version}', 'mesa-vulkan-drivers'], { stdio: 'pipe' })
    return Number.parseInt(String(version), 10) < oldestMesa
  } catch {
    return true
  }
}

function debianRelease() {
  if (!existsSync('/etc/os-release')) return undefined
  const text = readFileSync('/etc/os-release', 'utf8')
  if (!/^ID=debian$/m.test(text)) return undefined
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1]
}

async function installOnDebian(release) {
  const suite = `${release}-backports`
  const usesBackports = release === 'bookworm'
  if (usesBackports) addBackports(release, suite)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'] }
  const get = ['-q', '-y', '--no-install-recommends', 'install']
  const steps = [
    ['-q', 'update'],
    [...get, 'chromium', 'fonts-dejavu-core', 'g++', 'libvulkan1'],
    [...get, ...(usesBackports ? ['-t', suite] : []), 'mesa-vulkan-drivers'],
  ]
  for (const step of steps) {
    if ((await run('apt-get', step, options)) !== 0) return true
  }
  return findMissing().length > 0
}

// Adds the suite beside the release's own, in the file that already names the mirror.
function addBackports(release, suite) {
  const modern = '/etc/apt/sources.list.d/debian.sources'
  const classic = '/etc/apt/sources.list'
  if (existsSync(modern)) {
    const suites = new RegExp(`^(Suites:(?=.*\\b${release}\\b(?!-))(?!.*\\b${suite}\\b).*)$`, 'm')
    rewrite(modern, (text) => text.replace(suites, `$1 ${suite}`))
  } else if (existsSync(classic)) {
    const line = new RegExp(`^(deb .*) ${release} (.*)$`, 'm')
    rewrite(classic, (text) => (text.includes(suite) ? text : text.replace(line, `$&\n$1 ${suite} $2`)))
  }
}

function rewrite(file, change) {
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  if (after !== before) writeFileSync(file, after)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await provision()

// test: every check and every suite, from a bare checkout; ends with one line of counts
//
//   npm test              all of it
//   npm run test:node     without the suites that need a GPU or a browser
//   npm run test:cuda     those of CUDA, on this machine's NVIDIA GPU
//   npm run test:full     with long fuzzing (TSJIT_FULL=1)
//
// A check counts as one test. Skipped tests are named. Other arguments go to Vitest: `npm test -- digits`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, install, root, runTool, toolEnv, typegen } from './lib/workspace.mjs'
import { deviceEnv, provision } from './provision.mjs'

const argv = process.argv.slice(2)
const isNodeOnly = argv.includes('--node')
const isCuda = argv.includes('--cuda')
const isFull = argv.includes('--full')
const rest = argv.filter((argument) => !['--node', '--cuda', '--full'].includes(argument))

const counts = { passed: 0, failed: 0, skipped: 0 }
const skipped = []
const failed = []

// What `npm run pack:cuda` makes is built, and has nothing to install with.
if (existsSync(join(root, '.packed'))) await runSuites()
else if (await check('install', installed)) {
  if (!isNodeOnly && !isCuda) await provision()
  await check('build', async () => (await build()) === 0)
  await check('typegen', async () => (await typegen()) === 0)
  await check('types', async () => (await runTool('typescript/bin/tsc', ['-p', 'tsconfig.json'])) === 0)
  await check('lint', async () => (await runTool('oxlint/bin/oxlint', ['--deny-warnings'])) === 0)
  await check('format', async () => (await runTool('oxfmt/bin/oxfmt', ['--check'])) === 0)
  await runSuites()
}

for (const name of skipped) console.log(`skipped: ${name}`)
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0

async function installed() {
  try {
    await install()
    return true
  } catch (error) {
    console.error(error.message)
    return false
  }
}

async function check(name, perform) {
  const start = Date.now()
  const passed = await perform()
  if (passed) counts.passed += 1
  else fail(name)
  console.log(`${passed ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  return passed
}

async function runSuites() {
  const file = join(root, '.cache', 'vitest.json')
  mkdirSync(join(root, '.cache'), { recursive: true })
  rmSync(file, { force: true })
  const projects = isNodeOnly
    ? ['unit', 'emulator']
    : isCuda
      ? ['cuda']
      : ['unit', 'emulator', 'device', 'cuda', 'c', 'browser']
  const flags = ['run', ...projects.flatMap((name) => ['--project', name]), '--passWithNoTests']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const env = {
    ...(isNodeOnly ? toolEnv : deviceEnv(toolEnv)),
    TSJIT_BUILT: '1',
    ...(isFull ? { TSJIT_FULL: '1' } : {}),
    ...(isCuda ? { TSJIT_CUDA: 'device' } : {}),
  }
  const code = await runTool('vitest/vitest.mjs', [...flags, ...reporters, ...rest], { env })
  const failedBefore = counts.failed
  if (existsSync(file)) countResults(JSON.parse(readFileSync(file, 'utf8')))
  // An unhandled error or a crash fails the run without failing a test.
  if (code !== 0 && counts.failed === failedBefore) fail(`vitest ended with ${code}`)
}

function countResults({ testResults }) {
  for (const { name, status, assertionResults } of testResults) {
    const file = relative(root, name)
    for (const test of assertionResults) countTest(file, test)
    // A file that cannot be loaded has no tests to fail.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) fail(file)
  }
}

function countTest(file, { fullName, status }) {
  const name = `${file} > ${fullName}`
  if (status === 'passed') counts.passed += 1
  else if (status === 'failed') fail(name)
  else {
    counts.skipped += 1
    skipped.push(name)
  }
}

function fail(name) {
  counts.failed += 1
  failed.push(name)
}

// conformance: the operators against the test suites of ONNX and WebNN
//
//   npm run conformance                                       the public cases, on every target
//   npm run conformance -- --cases DIR --target eager --json FILE
//   npm run conformance -- --op Resize --name cubic           some of them
//   npm run conformance -- --slowest 20                       and what takes long
//   npm run conformance -- --standing FILE                    writes what the reference says of each operator
//
// Ends with 1 where a case fails that is no declared gap.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withSource } from './lib/load-source.mjs'
import { root } from './lib/workspace.mjs'
import { cudaEnv } from './cuda-env.mjs'
import { deviceEnv } from './provision.mjs'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: join(root, 'tests/conformance/cases') },
    target: { type: 'string', multiple: true },
    op: { type: 'string' },
    name: { type: 'string' },
    json: { type: 'string' },
    slowest: { type: 'string' },
    standing: { type: 'string' },
  },
})

const write = (text) => process.stdout.write(text)
const { cases, op, name, json, standing } = values
const slowest = values.slowest === undefined ? undefined : Number(values.slowest)
process.exitCode = await withSource('/tests/conformance/main.ts', async ({ main, targetNames }) => {
  const targets = (values.target ?? targetNames).flatMap((names) => names.split(','))
  const unknown = targets.find((target) => !targetNames.includes(target))
  if (unknown !== undefined) {
    console.error(`--target is ${targetNames.join(', ')}, not ${unknown}`)
    return 2
  }
  Object.assign(process.env, deviceEnv())
  if (targets.includes('cuda')) Object.assign(process.env, await cudaEnv())
  const results = await main({ cases, targets, op, name, json, standing, slowest, write })
  return results.some(({ status }) => status === 'fail') ? 1 : 0
})

// start: installs, builds and serves the demo; arguments go to Vite (`npm start -- --host`)
import { join } from 'node:path'
import { run } from './lib/run.mjs'
import { build, install, root, toolEnv } from './lib/workspace.mjs'

await install()
if ((await build()) !== 0) process.exit(1)

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
const demo = join(root, 'apps', 'demo')
const vite = join(demo, 'node_modules', 'vite', 'bin', 'vite.js')
const args = [...(hasDisplay ? ['--open'] : []), ...process.argv.slice(2)]
process.exitCode = await run(vite, args, { cwd: demo, env: toolEnv })

// setup: everything `npm test` and `npm start` need, and nothing else
import { build, install } from './lib/workspace.mjs'
import { provision } from './provision.mjs'

await install()
await provision()
process.exitCode = await build()

// register: `node --import tsjit/register app.js`
import { registerHooks } from './node.ts'

registerHooks()

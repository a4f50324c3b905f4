// typescript: lets `node --import` run the sources of this workspace, which Node 20 cannot by itself
import { register } from 'node:module'

register(new URL('./typescript-hooks.mjs', import.meta.url))

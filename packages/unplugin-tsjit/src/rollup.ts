// rollup: the plugin for rollup
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['rollup'] = unplugin.rollup
export default plugin

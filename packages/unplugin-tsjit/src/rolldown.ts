// rolldown: the plugin for rolldown
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['rolldown'] = unplugin.rolldown
export default plugin

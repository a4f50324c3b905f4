// farm: the plugin for farm
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['farm'] = unplugin.farm
export default plugin

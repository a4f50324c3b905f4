// rspack: the plugin for rspack
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['rspack'] = unplugin.rspack
export default plugin

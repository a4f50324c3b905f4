// vite: the plugin for vite
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['vite'] = unplugin.vite
export default plugin

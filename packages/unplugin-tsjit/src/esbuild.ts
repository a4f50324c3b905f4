// esbuild: the plugin for esbuild
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['esbuild'] = unplugin.esbuild
export default plugin

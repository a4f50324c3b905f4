// webpack: the plugin for webpack
import { unplugin } from './index.ts'
import type { TsjitPlugin } from './index.ts'

const plugin: TsjitPlugin['webpack'] = unplugin.webpack
export default plugin

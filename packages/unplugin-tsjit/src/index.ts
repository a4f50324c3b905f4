// unplugin-tsjit: `.tsjit` modules in every bundler
//
// The plugin on the real compiler. Bundlers have entry points of their own: `unplugin-tsjit/vite` and so on.

import * as compiler from '@tsjit/compiler'
import type { UnpluginInstance } from 'unplugin'
import type { Options } from './options.ts'
import { createPlugin } from './plugin.ts'

export type { Options, TypesOptions } from './options.ts'

/** The plugin with one function per bundler. */
export type TsjitPlugin = UnpluginInstance<Options | undefined, false>

/** The plugin for all bundlers: `unplugin.vite()`, `unplugin.webpack()`, … */
export const unplugin: TsjitPlugin = createPlugin(compiler)

export default unplugin

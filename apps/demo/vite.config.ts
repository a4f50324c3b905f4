// The demo's build: two pages that share the runtime, and nothing that a static host cannot serve.
import { fileURLToPath } from 'node:url'
import tsjit from 'unplugin-tsjit/vite'
import { defineConfig } from 'vite'
import type { UserConfig } from 'vite'
import { peek } from './build/peek.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const config: UserConfig = defineConfig({
  root: here('.'),
  base: './',
  plugins: [tsjit({ types: { root: '../..' } }), peek(here('../../examples/digits/digits.tsjit'))],
  server: { fs: { allow: [here('../..')] } },
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: [here('index.html'), here('digits.html')] },
  },
})

export default config

// The four models in a page that Vite has built, in Chromium: on WebGPU, and in WebAssembly with relaxed SIMD

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeBrowser } from '../tests/support/chromium.ts'
import { type OpenPage, openPage } from '../tests/support/serve-page.ts'
import type { runExample } from './page/main.ts'
import { describeExamples } from './suite.ts'

describeBrowser('examples in a page', () => {
  let opened: OpenPage

  beforeAll(async () => {
    opened = await openPage(fileURLToPath(new URL('page', import.meta.url)), 'runExample')
  })

  afterAll(() => opened?.[Symbol.asyncDispose]())

  describe.each(['webgpu', 'wasm'] as const)('%s', (target) =>
    describeExamples((name) =>
      Promise.resolve(async (inputs, output) => {
        const sent = Object.entries(inputs).map(
          ([key, { shape, data }]) => [key, { shape, data: Array.from(data) }] as const,
        )
        const { shape, data } = await opened.page.evaluate(
          ([on, model, given, wanted]) =>
            (globalThis as unknown as { readonly runExample: typeof runExample }).runExample(on, model, given, wanted),
          [target, name, Object.fromEntries(sent), output] as const,
        )
        return { shape, data: Float32Array.from(data) }
      }),
    ),
  )
})

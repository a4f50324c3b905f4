// Canvas, bitmaps, image elements and video frames as inputs, in Chromium

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeBrowser } from '../support/chromium.ts'
import { type OpenPage, openPage } from '../support/serve-page.ts'
import type { readImages } from './page/main.ts'

describeBrowser('images in a page', () => {
  let opened: OpenPage

  beforeAll(async () => {
    opened = await openPage(fileURLToPath(new URL('page', import.meta.url)), 'readImages')
  })

  afterAll(() => opened?.[Symbol.asyncDispose]())

  test.for(['webgpu', 'wasm'] as const)('every kind of image is read, on %s', async (target) => {
    const found = await opened.page.evaluate(
      (chosen) => (globalThis as unknown as { readonly readImages: typeof readImages }).readImages(chosen),
      target,
    )
    const at = (of: (x: number, y: number) => number): number[] =>
      Array.from({ length: 24 }, (_, i) => of(i % 6, Math.floor(i / 6)))
    const colours = [...at((x) => 40 * x), ...at((_, y) => 60 * y), ...at(() => 200)]
    for (const name of ['canvas', 'offscreen', 'image', 'bitmap', 'data']) expect(found[name], name).toEqual(colours)
    // It may pass through another colour space.
    for (const name of ['frame']) {
      const got = found[name] as readonly number[]
      expect(got, name).toHaveLength(72)
      for (const [i, value] of colours.entries())
        expect(Math.abs((got[i] ?? 0) - value), `${name} ${i}`).toBeLessThan(40)
    }
    expect(found['luma']).toEqual(at((x, y) => Math.round(0.299 * 40 * x + 0.587 * 60 * y + 0.114 * 200)))
    expect(found['black']).toEqual([0, 0, 0, 0, 0, 0])
    expect(found['wrong size']).toMatch(
      /u8\[4, 6, 1\], but its image is 3 by 5 \(width by height\), not 1 by 6 or 6 by 4/,
    )
  })
})

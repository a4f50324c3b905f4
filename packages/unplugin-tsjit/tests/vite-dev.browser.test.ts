// Vite, dev, in a real page: an edited model is swapped under the instance that runs; a wrong one shows the overlay.
import * as compiler from '@tsjit/compiler'
import { createServer } from 'vite'
import { expect, test } from 'vitest'
import { describeBrowser, launchChromium } from '../../../tests/support/chromium.ts'
import { createPlugin } from '../src/plugin.ts'
import { conditions, createProject, workspace } from './support/project.ts'

describeBrowser('Vite dev in Chromium', () => {
  test('edits reach the page without a reload, mistakes reach the overlay', async () => {
    await using project = await createProject('vite')
    const server = await createServer({
      root: project.root,
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: [...conditions] },
      plugins: [createPlugin(compiler).vite()],
      server: { port: 0, host: '127.0.0.1', fs: { allow: [project.root, workspace] }, watch: null },
    })
    const edit = async (file: string, change: (text: string) => string): Promise<void> => {
      await project.edit(file, change)
      server.watcher.emit('change', project.path(file))
    }
    await server.listen()
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(server.resolvedUrls?.local[0] ?? '')
      const out = page.locator('#out')
      await expect.poll(() => out.textContent(), { timeout: 60_000 }).toBe('[102,104,106,108]')
      await page.evaluate(() => Object.assign(globalThis, { isSame: true }))
      await edit('src/net.tsjit', (text) => text.replace('* 2', '* 3'))
      await expect.poll(() => out.textContent(), { timeout: 30_000 }).toBe('[103,106,109,112]')
      await edit('src/layers.tsjit', (text) => text.replace('+ 100', '+ 200'))
      await expect.poll(() => out.textContent(), { timeout: 30_000 }).toBe('[203,206,209,212]')
      expect(await page.evaluate(() => 'isSame' in globalThis)).toBe(true)
      await edit('src/net.tsjit', (text) => text.replace('scale(double(x))', 'x + x'))
      const overlay = page.locator('vite-error-overlay')
      await overlay.waitFor({ state: 'attached', timeout: 30_000 })
      await expect
        .poll(() => overlay.locator('.message-body').textContent())
        .toMatch(/src\/net\.tsjit:8:\d+ error tsjit/)
      expect(await overlay.locator('.frame').textContent()).toContain('x + x')
      await edit('src/net.tsjit', (text) => text.replace('x + x', 'scale(x)'))
      await expect.poll(() => out.textContent(), { timeout: 30_000 }).toBe('[201,202,203,204]')
    } finally {
      await browser.close()
      await server.close()
    }
  })
})

// Proves that the browser that browser tests drive has WebGPU, before any of them is blamed.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { describeBrowser, launchChromium } from './chromium.ts'

describeBrowser('chromium', () => {
  test('has a WebGPU adapter on a local page', async () => {
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      const { port } = server.address() as AddressInfo
      await page.goto(`http://127.0.0.1:${port}/`)
      const vendor = await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.vendor)
      expect(vendor).toBe('google')
    } finally {
      await browser.close()
      server.close()
    }
  })
})

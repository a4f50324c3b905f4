// chromium: a headless browser with WebGPU in software, or on the machine's own adapter
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { deviceEnv } from '../../../scripts/provision.mjs'

const always = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/** Milliseconds that a page gets before anything is measured in it. */
const SETTLE = 500

/** Starts the browser, and waits until it has a WebGPU adapter or surely none. */
export async function launch(url, { gpu }) {
  const executablePath = deviceEnv().TSJIT_CHROMIUM
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error('no Chromium: run `npm run setup`, or set TSJIT_CHROMIUM')
  }
  const args = gpu ? always : [...always, '--use-webgpu-adapter=swiftshader']
  const browser = await chromium.launch({ executablePath, headless: true, args })
  const page = await browser.newPage()
  await page.goto(`${url}/?options={}`)
  await page.waitForFunction(() => 'bench' in globalThis)
  let adapter = ''
  for (let i = 0; i < 20 && adapter === ''; i++) {
    adapter = await page.evaluate(() => globalThis.bench.describeAdapter())
    if (adapter === '') await page.waitForTimeout(300)
  }
  await page.close()
  return { browser, version: browser.version(), adapter }
}

/** A page with one workload on one target: `open`, `measure`, `close`; each ends by itself after a while. */
export async function openPage(browser, url, { library, workload, options, timeout }) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const logs = []
  page.on('pageerror', (error) => logs.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && logs.push(message.text()))
  const query = new URLSearchParams({ library, workload, options: JSON.stringify(options) })
  const call = (name, args, limit) =>
    within(
      limit,
      page.evaluate(([method, list]) => globalThis.bench[method](...list), [name, args]),
    )
  return {
    logs,
    async open() {
      await page.goto(`${url}/?${query}`)
      await within(
        timeout,
        page.waitForFunction(() => 'bench' in globalThis),
      )
      // What a new page does for itself is over by then.
      await page.waitForTimeout(SETTLE)
      return call('open', [], timeout)
    },
    measure: (milliseconds) => call('measure', [milliseconds], timeout + milliseconds),
    close: () => within(5000, context.close()),
  }
}

/** Thrown where a page does not answer. */
export class Hung extends Error {
  name = 'Hung'
}

function within(milliseconds, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Hung(`no answer within ${milliseconds / 1000} s`)), milliseconds)
  })
  promise.catch(() => {})
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

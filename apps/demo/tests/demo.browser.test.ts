// The demo in Chromium: what people do with it, on a desktop, on a phone, and without WebGPU.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeBrowser, launchChromium } from '../../../tests/support/chromium.ts'
import { serveDemo } from './serve-demo.ts'
import type { Served } from './serve-demo.ts'

const screenshots = fileURLToPath(new URL('./screenshots/', import.meta.url))
mkdirSync(screenshots, { recursive: true })

interface Visit extends AsyncDisposable {
  readonly page: Page
  readonly problems: readonly string[]
}

// A 7, in fractions of the drawing area.
const seven = [
  [0.3, 0.25],
  [0.5, 0.26],
  [0.7, 0.24],
  [0.6, 0.45],
  [0.52, 0.62],
  [0.46, 0.8],
] as const

async function draw(page: Page, strokes: readonly (readonly (readonly [number, number])[])[]): Promise<void> {
  await page.locator('#pad').scrollIntoViewIfNeeded()
  const box = await page.locator('#pad').boundingBox()
  if (!box) throw new Error('no drawing area')
  for (const [first, ...rest] of strokes) {
    if (!first) continue
    await page.mouse.move(box.x + first[0] * box.width, box.y + first[1] * box.height)
    await page.mouse.down()
    for (const [x, y] of rest) await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 6 })
    await page.mouse.up()
  }
}

const bestDigit = (page: Page) => page.locator('#bars [data-best]').getAttribute('data-digit', { timeout: 30_000 })

async function greeted(page: Page): Promise<void> {
  await page.locator('#bars [data-digit="3"][data-best]').waitFor({ timeout: 60_000 })
}

describeBrowser('demo', () => {
  let browser: Browser
  let served: Served

  beforeAll(async () => {
    served = await serveDemo()
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await served?.[Symbol.asyncDispose]()
  })

  async function visit(options: BrowserContextOptions = {}, path: string = '', hasGpu: boolean = true): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())))
    if (!hasGpu) await page.addInitScript(() => Object.defineProperty(navigator, 'gpu', { value: undefined }))
    await page.goto(new URL(path, served.url).href)
    return { page, problems, [Symbol.asyncDispose]: () => context.close() }
  }

  test('greets with a numeral, then reads what is drawn and shows what it took', async () => {
    await using visited = await visit()
    const { page, problems } = visited
    await greeted(page)
    await draw(page, [seven])
    await page.locator('#bars [data-digit="7"][data-best]').waitFor()
    expect(await page.locator('#said').textContent()).toMatch(/^Reads as 7, .* sure\.$/)
    expect(await page.locator('#guess path').count()).toBe(1)
    expect(await page.locator('dd[data-fact="time"]').textContent()).toMatch(/ms$/)
    expect(Number(await page.locator('dd[data-fact="dispatches"]').textContent())).toBeGreaterThan(0)
    expect(await page.locator('dd[data-fact="script-bytes"]').textContent()).toMatch(/kB$/)
    await page.screenshot({ path: `${screenshots}digits.png` })
    await page.locator('#clear').click()
    expect(await page.locator('#bars [data-best]').count()).toBe(0)
    await page.locator('#pad').press('5')
    await page.locator('#bars [data-digit="5"][data-best]').waitFor()
    expect(problems).toEqual([])
  })

  test('switches to eager, to WebAssembly and back, with the times of both and the same result', async () => {
    await using visited = await visit()
    const { page, problems } = visited
    await greeted(page)
    await page.locator('#switch input[value="eager"]').check({ force: true })
    await expect.poll(() => page.locator('[data-time="eager"]').textContent(), { timeout: 30_000 }).toMatch(/s$/)
    expect(await page.locator('[data-time="webgpu"]').textContent()).toMatch(/ms$/)
    expect(await page.locator('dd[data-fact="device"]').textContent()).toBe('CPU')
    expect(await bestDigit(page)).toBe('3')
    await draw(page, [seven])
    await page.locator('#bars [data-digit="7"][data-best]').waitFor()
    await page.locator('#switch input[value="wasm"]').check({ force: true })
    await expect.poll(() => page.locator('[data-time="wasm"]').textContent(), { timeout: 30_000 }).toMatch(/s$/)
    expect(await page.locator('dd[data-fact="device-note"]').textContent()).toContain('WebAssembly')
    await page.locator('#bars [data-digit="7"][data-best]').waitFor()
    await page.locator('.measure').screenshot({ path: `${screenshots}measure.png` })
    await page.locator('#switch input[value="webgpu"]').check({ force: true })
    await expect.poll(() => page.locator('dd[data-fact="device"]').textContent()).not.toBe('CPU')
    expect(problems).toEqual([])
  })

  test('adds: the units first, the answer in columns, and a tick', async () => {
    await using visited = await visit({ colorScheme: 'dark' })
    const { page, problems } = visited
    await greeted(page)
    await page.locator('#adder').scrollIntoViewIfNeeded()
    await page.locator('#sum-said').filter({ hasText: 'Right.' }).waitFor({ timeout: 60_000 })
    await page.locator('#sum-a').fill('76')
    await page.locator('#sum-b').fill('948')
    await page.locator('#sum-form button[type="submit"]').click()
    await page.locator('#sum-said').filter({ hasText: 'Backwards: 1024. Right.' }).waitFor({ timeout: 30_000 })
    expect(await page.locator('#tokens .written b').allTextContents()).toEqual(['4', '2', '0', '1'])
    expect(await page.locator('#column').getAttribute('aria-label')).toBe('76 plus 948 is 1024')
    expect(await page.locator('#column .tick').count()).toBe(1)
    await page.screenshot({ path: `${screenshots}dark.png`, fullPage: true })
    expect(problems).toEqual([])
  })

  test('shows the source beside the kernels that it became', async () => {
    await using visited = await visit()
    const { page } = visited
    await page.locator('#how').scrollIntoViewIfNeeded()
    expect(await page.locator('#peek-source').textContent()).toContain('export const digits = model({')
    expect(await page.locator('#peek-kernel').textContent()).toContain('@compute')
    const tabs = page.locator('#peek-tabs button')
    expect(await tabs.count()).toBeLessThanOrEqual(6)
    await tabs.nth(1).click()
    expect(await tabs.nth(1).getAttribute('aria-selected')).toBe('true')
    await page.locator('#how').screenshot({ path: `${screenshots}how.png` })
  })

  test('without WebGPU it says so, and everything still works', async () => {
    await using visited = await visit({}, '', false)
    const { page, problems } = visited
    await greeted(page)
    expect(await page.locator('#notice').textContent()).toMatch(/^This browser has no WebGPU\./)
    expect(await page.locator('#switch input[value="webgpu"]').isDisabled()).toBe(true)
    expect(await page.locator('#switch input[value="wasm"]').isChecked()).toBe(true)
    await draw(page, [seven])
    await page.locator('#bars [data-digit="7"][data-best]').waitFor()
    await page.locator('#adder').scrollIntoViewIfNeeded()
    await page.locator('#sum-said').filter({ hasText: 'Right.' }).waitFor({ timeout: 60_000 })
    await page.screenshot({ path: `${screenshots}no-webgpu.png` })
    expect(problems).toEqual([])
  })

  test('fits a phone, and a finger draws', async () => {
    await using visited = await visit({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      deviceScaleFactor: 2,
    })
    const { page } = visited
    await greeted(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await page.locator('#pad').scrollIntoViewIfNeeded()
    const before = await page.evaluate(() => scrollY)
    await touch(page, seven)
    await page.locator('#bars [data-digit="7"][data-best]').waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(before)
    await page.screenshot({ path: `${screenshots}phone.png` })
    await page.screenshot({ path: `${screenshots}phone-full.png`, fullPage: true })
  })

  test('the smallest page reads digits within its budget', async () => {
    await using visited = await visit({}, 'digits.html')
    const { page, problems } = visited
    await page.locator('#said').filter({ hasText: '?' }).waitFor({ timeout: 60_000 })
    await draw(page, [seven])
    await page.locator('#said').filter({ hasText: '7' }).waitFor()
    expect(problems).toEqual([])
    const script = fileURLToPath(new URL('../scripts/sizes.mjs', import.meta.url))
    expect(execFileSync(process.execPath, [script, served.dist], { encoding: 'utf8' })).toContain('digits.html')
  })
})

async function touch(page: Page, points: readonly (readonly [number, number])[]): Promise<void> {
  const box = await page.locator('#pad').boundingBox()
  if (!box) throw new Error('no drawing area')
  const session = await page.context().newCDPSession(page)
  const at = ([x, y]: readonly [number, number]) => [{ x: box.x + x * box.width, y: box.y + y * box.height }]
  const [first, ...rest] = points
  if (!first) return
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(first) })
  for (const point of rest)
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(point) })
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

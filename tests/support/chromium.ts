// chromium: the browser that browser tests drive, headless, with WebGPU in software
//
// TSJIT_CHROMIUM names the executable; nothing is ever downloaded. As with devices, a missing browser is a counted
// and named skip, and a failure where TSJIT_REQUIRE_DEVICE names webgpu.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'
import { describe } from 'vitest'
import { isDeviceRequired } from './device.ts'

const args = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Returns the path of the Chromium to test with, or undefined where there is none. */
export function findChromium(): string | undefined {
  const configured = process.env['TSJIT_CHROMIUM']
  return [...(configured === undefined ? [] : [configured]), ...places].find((path) => existsSync(path))
}

/** Starts headless Chromium with WebGPU on SwiftShader. Throws where there is no Chromium. */
export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('no Chromium: run `npm run setup`, or set TSJIT_CHROMIUM')
  return chromium.launch({ executablePath, headless: true, ...options, args: [...args, ...(options.args ?? [])] })
}

/** Declares a suite that needs Chromium; without one its tests count as skipped, and fail where one is required. */
export function describeBrowser(name: string, suite: () => void): void {
  if (findChromium() !== undefined || isDeviceRequired()) describe(name, suite)
  else describe.skip(`${name} (skipped, no Chromium: run \`npm run setup\`, or set TSJIT_CHROMIUM)`, suite)
}

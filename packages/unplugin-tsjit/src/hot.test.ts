import { expect, test, vi } from 'vitest'
import { withHot } from './hot-code.ts'
import { follow, updateEvent } from './hot.ts'
import type { HotData, HotInstance, HotModel } from './hot.ts'

interface Net extends HotInstance {
  run(): number
}

interface NetModel extends HotModel {
  load(): Promise<Net>
}

function modelOf(answer: number, dispose: () => void = () => {}): NetModel {
  return { name: 'net', load: async () => ({ run: () => answer, dispose }) }
}

test('loaded instances move to the new version; the first model stays the one to import', async () => {
  const data: HotData = {}
  const dispose = vi.fn<() => void>()
  const first = modelOf(1, dispose)
  follow(data, { net: first, limit: 3 })
  const instance = await first.load()
  expect(instance.run()).toBe(1)
  const updated = new Promise<unknown>((resolve) => {
    Object.assign(globalThis, { dispatchEvent: (event: CustomEvent) => resolve([event.type, event.detail]) })
  })
  const second = modelOf(2)
  follow(data, { net: second, limit: 4 })
  expect(await updated).toEqual([updateEvent, { models: ['net'] }])
  expect([instance.run(), (await first.load()).run(), (await second.load()).run()]).toEqual([2, 2, 2])
  expect(dispose).toHaveBeenCalledOnce()
})

test('a version that cannot be loaded leaves the old one running', async () => {
  const data: HotData = {}
  const first = modelOf(1)
  follow(data, { net: first })
  const instance = await first.load()
  const told = vi.fn<(error: Error) => void>()
  vi.stubGlobal('reportError', told)
  follow(data, { net: { name: 'net', load: () => Promise.reject(new Error('no weights')) } })
  await vi.waitFor(() => expect(told).toHaveBeenCalled())
  expect(instance.run()).toBe(1)
})

test('the text asks for replacement literally, for every export', () => {
  const code = 'export const net = 1\nconst a = 2\nexport { a as b, c }\n'
  expect(withHot(code, 'vite')).toContain('__tsjit_follow(import.meta.hot.data, { net, b: a, c })')
  expect(withHot(code, 'vite')).toContain('import.meta.hot.accept()')
  expect(withHot(code, 'webpack')).toContain('import.meta.webpackHot.accept()')
  expect(withHot('const a = 1', 'vite')).toBe('const a = 1')
})
